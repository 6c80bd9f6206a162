"""The staged lines of a commit as one relation of stored lines: numbered, dated, with canonical tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from finops_tui.focus import LINE_COLUMNS, UNREADABLE, Source
from finops_tui.store import parquet
from finops_tui.store.daily import DIMENSIONS, summed_lines
from finops_tui.store.lake import Lake


@dataclass(frozen=True)
class LoadedFile:
    """A source file whose lines are staged."""

    name: str
    """The absolute path of an imported file, or the object's name in its bucket."""
    source: Source
    sha256: str
    size: int
    """Bytes as stored at the source."""
    rows: int
    """Lines staged."""
    rejected: Mapping[str, int]
    """Reason → lines that were not staged for it."""
    examples: tuple[str, ...]
    """A few of the rejected lines or values."""
    rounded: int
    """Amounts with more than 18 decimals."""
    ignored: tuple[str, ...]
    """Columns of the file that are not kept."""
    arrived: datetime | None
    """When the source published it, naive UTC; None: imported, each line arrives the day after its charge."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """Column → cells that hold something unreadable and count as unknown."""


@dataclass(frozen=True)
class Arrival:
    """A file that takes part in a commit: its number, and where its lines are staged."""

    number: int
    file: LoadedFile
    staged: Path
    index: int
    """Its x_file within the staged Parquet."""


_SORTED = """try(CAST(to_json(map_from_entries(list_sort(list_transform(
    map_entries(from_json(raw, '"MAP(VARCHAR,VARCHAR)"')),
    lambda e: {'k': e.key, 'v': coalesce(e.value, '')})))) AS VARCHAR))"""

_TAG_TEXT = f"""
CREATE TABLE tag_text AS
SELECT raw, CASE WHEN sorted = '{{}}' OR trim(raw) IN ('', 'null') THEN NULL
    ELSE coalesce(sorted, CAST(json_object('{UNREADABLE}', raw) AS VARCHAR)) END AS tags,
    sorted IS NULL AND trim(raw) NOT IN ('', 'null') AS unreadable
FROM (SELECT raw, {_SORTED} AS sorted FROM (SELECT DISTINCT tags AS raw FROM staged WHERE tags IS NOT NULL))
"""


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows into a small table, a few hundred per statement."""
    for start in range(0, len(rows), 200):
        chunk = rows[start : start + 200]
        row = "(" + ", ".join("?" * len(chunk[0])) + ")"
        values = [value for line in chunk for value in line]
        connection.execute(f"INSERT INTO {table} VALUES {', '.join([row] * len(chunk))}", values)


def stage_lines(connection: duckdb.DuckDBPyConnection, arrivals: Sequence[Arrival]) -> set[str]:
    """Make the relations `file` and `staged` for these files. Returns the months (YYYY-MM) they charge."""
    connection.execute(
        "CREATE TABLE file"  # not TEMP: the cursors that write lines files would not see it
        " (staged VARCHAR, local BIGINT, number BIGINT, source VARCHAR, arrived TIMESTAMP)"
    )
    rows = [(str(a.staged), a.index, a.number, str(a.file.source), a.file.arrived) for a in arrivals]
    insert(connection, "file", rows)
    staged = list(dict.fromkeys(a.staged for a in arrivals))
    connection.execute(f"CREATE VIEW staged AS SELECT * FROM {_relation(staged)}")
    months = connection.execute(
        "SELECT strftime(m, '%Y-%m') FROM"
        " (SELECT DISTINCT date_trunc('month', charge_period_start) AS m FROM staged)"
    ).fetchall()
    return {str(row[0]) for row in months if row[0]}


def prepare(lake: Lake) -> None:
    """Make the relations `arriving` (LINE_COLUMNS), `delta` (daily rows) and `origin` of the staged lines."""
    connection = lake.connection
    connection.execute(_TAG_TEXT)
    connection.execute("CREATE TABLE retagged AS FROM tag_text WHERE raw IS DISTINCT FROM tags")
    connection.execute(f"CREATE VIEW arriving AS {_arriving(_any(connection, 'retagged'))}")
    connection.execute(f"CREATE TEMP TABLE delta AS {summed_lines('arriving')}")
    day = DIMENSIONS["day"]
    connection.execute(
        f"""CREATE TEMP TABLE origin AS SELECT x_file, x_source, provider_name,
            {DIMENSIONS["account_id"]} AS account_id,
            coalesce(nullif(billing_account_id, ''), nullif(sub_account_id, '')) AS billing_account_id,
            {lake.month_sql(day)} AS month, count(*) AS lines FROM arriving GROUP BY ALL"""
    )


def _relation(staged: Sequence[Path]) -> str:
    return parquet.scan(staged, ", filename = true") if staged else _no_rows()


def _no_rows() -> str:
    columns = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for name, type_ in LINE_COLUMNS.items())
    return f"(SELECT {columns}, CAST(NULL AS VARCHAR) AS filename WHERE false)"


def _any(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _arriving(retagged: bool) -> str:
    """SQL of the stored form of the staged lines; tags are replaced where their text is not canonical."""
    made = {
        "x_source": "f.source",
        "x_file": "f.number",
        "x_arrived": "coalesce(f.arrived, date_trunc('day', s.charge_period_start) + INTERVAL 1 DAY)",
    }
    join = ""
    if retagged:
        made["tags"] = "CASE WHEN t.raw IS NULL THEN s.tags ELSE t.tags END"
        join = "LEFT JOIN retagged t ON s.tags = t.raw"
    columns = ", ".join(f"CAST({made.get(n, f's.{n}')} AS {t}) AS {n}" for n, t in LINE_COLUMNS.items())
    return f"""SELECT {columns} FROM staged s
        JOIN file f ON s.filename = f.staged AND s.x_file = f.local {join}"""


def unreadable_lines(connection: duckdb.DuckDBPyConnection) -> int:
    """How many arriving lines have tags that are no JSON object."""
    if not _any(connection, "tag_text WHERE unreadable"):
        return 0
    row = connection.execute(
        "SELECT count(*) FROM staged WHERE tags IN (SELECT raw FROM tag_text WHERE unreadable)"
    ).fetchone()
    return int(row[0]) if row else 0
