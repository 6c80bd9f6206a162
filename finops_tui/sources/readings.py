"""Take stock of a staged file: lines per bill, what was rejected and why; drop the rejected lines."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from finops_tui.engine import literal
from finops_tui.escape import printable
from finops_tui.sources.dialect import Plan
from finops_tui.sources.rawtext import PARQUET
from finops_tui.sources.reading import FileReading, StoredFile
from finops_tui.sources.select import CELL, CHECKED, REJECT, ROUNDED, UNREAD

BROKEN_LINE: Final = "line is broken (quotes or number of columns)"
BAD_ENCODING: Final = "line is not UTF-8"
TOO_LONG: Final = "line is longer than 2 MB"
EXAMPLES: Final = 5
"""How many examples a file keeps."""
SHOWN: Final = 80
"""Characters of each."""


def readings_of(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    plan: Plan,
    files: Sequence[StoredFile],
    texts: Sequence[Path],
) -> tuple[FileReading, ...]:
    """One reading per file; `staged` is left with loadable lines only."""
    rejected: defaultdict[int, Counter[str]] = defaultdict(Counter)
    examples: defaultdict[int, list[str]] = defaultdict(list)
    counted = connection.execute(
        f"SELECT x_file, count(*) - count({REJECT}), count({REJECT}),"
        f" sum({ROUNDED}) FILTER ({REJECT} IS NULL), bit_or({UNREAD})"
        f" FROM read_parquet({literal(staged)}) GROUP BY x_file"
    ).fetchall()
    totals = {at: (rows, bad, int(rounded or 0), bits or 0) for at, rows, bad, rounded, bits in counted}
    _broken_lines(connection, texts, rejected, examples)
    unknown = _unknown(connection, staged) if any(bits for *_, bits in totals.values()) else {}
    if any(bad for _, bad, _, _ in totals.values()):
        _rejections(connection, staged, rejected, examples)
        _drop_rejected(connection, staged)
    return tuple(
        FileReading(
            file,
            rows=totals.get(at, (0, 0, 0, 0))[0],
            rejected=dict(rejected[at]),
            examples=tuple(examples[at][:EXAMPLES]),
            rounded=totals.get(at, (0, 0, 0, 0))[2],
            unknown=unknown.get(at, {}),
            ignored=plan.ignored,
        )
        for at, file in enumerate(files)
    )


def _rejections(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    rejected: defaultdict[int, Counter[str]],
    examples: defaultdict[int, list[str]],
) -> None:
    for at, reason, lines, shown in connection.execute(
        f"SELECT x_file, {REJECT}, count(*),"
        f" min({CELL}, {EXAMPLES}) FILTER (trim({CELL}) <> '')"
        f" FROM read_parquet({literal(staged)}) WHERE {REJECT} IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        rejected[at][reason] += lines
        examples[at] += [f"{reason}: {printable(cell, SHOWN)}" for cell in dict.fromkeys(shown or ())]


def _broken_lines(
    connection: duckdb.DuckDBPyConnection,
    texts: Sequence[Path],
    rejected: defaultdict[int, Counter[str]],
    examples: defaultdict[int, list[str]],
) -> None:
    """Lines that are no record: DuckDB leaves them out and writes them down."""
    places = {str(text): at for at, text in enumerate(texts)}
    for path, kind, lines, shown in _broken(connection):
        at = places[path]
        reason = {"INVALID ENCODING": BAD_ENCODING, "LINE SIZE OVER MAXIMUM": TOO_LONG}.get(kind, BROKEN_LINE)
        rejected[at][reason] += lines
        examples[at] += [f"line {line['line']}: {printable(line['text'], SHOWN)}" for line in shown]


def _broken(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, list[dict[str, Any]]]]:
    """Per file and kind of error: how many lines, and the first few."""
    try:
        return connection.execute(
            # A quote that is never closed swallows the lines after it: they are lost too, and count.
            "SELECT file_path, kind,"
            " (count(*) + sum(length(text) - length(replace(text, chr(10), ''))))::BIGINT,"
            f" min({{'line': line, 'text': left(text, 200)}}, {EXAMPLES}) FROM ("
            " SELECT s.file_path, e.line, min(e.error_type::VARCHAR) AS kind,"
            " trim(min(e.csv_line), chr(10) || chr(13)) AS text"
            " FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) GROUP BY ALL)"
            " WHERE trim(text) <> '' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    except duckdb.CatalogException:
        return []  # Parquet keeps no such tables


def _unknown(connection: duckdb.DuckDBPyConnection, staged: Path) -> dict[int, dict[str, int]]:
    """Per file: column → cells that are NULL because they could not be read."""
    counts = ", ".join(
        f"count(*) FILTER ({UNREAD} & {1 << bit} <> 0 AND {REJECT} IS NULL)" for bit in range(len(CHECKED))
    )
    rows = connection.execute(
        f"SELECT x_file, {counts} FROM read_parquet({literal(staged)}) GROUP BY x_file"
    ).fetchall()
    return {
        row[0]: {name: count for name, count in zip(CHECKED, row[1:], strict=True) if count} for row in rows
    }


def _drop_rejected(connection: duckdb.DuckDBPyConnection, staged: Path) -> None:
    clean = staged.with_suffix(".clean")
    connection.execute(
        f"COPY (SELECT * FROM read_parquet({literal(staged)}) WHERE {REJECT} IS NULL)"
        f" TO {literal(clean)} {PARQUET}"
    )
    clean.replace(staged)
