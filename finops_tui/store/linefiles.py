"""The lines files: per (charge month, source) as few as a million rows each allow, sorted by resource."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from finops_tui.focus import LINE_COLUMNS
from finops_tui.store import parquet
from finops_tui.store.daily import DIMENSIONS
from finops_tui.store.lake import Lake, Part

ROWS_PER_FILE: Final = 1_000_000

FEW_VALUES: Final = 50_000
"""A text column with at most so many distinct values is sorted as numbers that stand for them."""

_DAY = DIMENSIONS["day"]


@dataclass(frozen=True)
class Slice:
    """Lines of whole days, or of a share of a day's resources, that fit one file."""

    first: tuple[date, int]
    last: tuple[date, int]
    shares: int

    def sql(self) -> str:
        if self.shares == 1:
            return f"{_DAY} BETWEEN DATE '{self.first[0]}' AND DATE '{self.last[0]}'"
        share = share_of_day(self.shares)
        (low, first), (high, last) = self.first, self.last
        return (
            f"({_DAY} > DATE '{low}' OR {_DAY} = DATE '{low}' AND {share} >= {first})"
            f" AND ({_DAY} < DATE '{high}' OR {_DAY} = DATE '{high}' AND {share} <= {last})"
        )


def share_of_day(shares: int) -> str:
    """SQL: which of `shares` parts of its day a line belongs to; a resource's lines of one SKU may part."""
    return f"CAST(hash(resource_id, sku_id, charge_period_start) % {shares} AS INTEGER)"


def write_lines(lake: Lake, affected: Sequence[Part], replaced: Iterable[int], folded: Iterable[int]) -> None:
    """Write the arriving lines, merged per (month, source) with files that are not full yet.

    Files that hold lines of replaced files (`affected`) are written again without them; full files stay.
    `folded` are the years whose months come together now.
    """
    rows = lake.connection.execute("SELECT DISTINCT month, x_source FROM origin").fetchall()
    touched = {(str(month), str(source)) for month, source in rows}
    new_years = {f"{year:04}" for year in folded}
    for part in lake.parts("lines"):
        label = lake.label_of(part)
        if part in affected or label in new_years:
            touched.add((label, part.source or ""))
    numbers = ", ".join(map(str, sorted(replaced))) or "-1"
    rewritten = {
        (month, source): _open_parts(lake.parts("lines", [month], source), affected, month in new_years)
        for month, source in sorted(touched)
    }
    few = _few_values(lake, [part for parts in rewritten.values() for part in parts])
    for (month, source), parts in rewritten.items():
        _write_month(lake, month, source, parts, numbers, few)


def _open_parts(held: Sequence[Part], affected: Sequence[Part], whole: bool) -> list[Part]:
    """The files to write again: affected ones and, smallest first, about a million rows of not full ones."""
    chosen = [part for part in held if part in affected]
    rows = 0
    for part in sorted((p for p in held if p not in affected), key=lambda part: part.rows):
        rows += part.rows
        if part.rows < ROWS_PER_FILE * 9 // 10 and (whole or rows <= ROWS_PER_FILE):
            chosen.append(part)
    return chosen


def _write_month(
    lake: Lake, month: str, source: str, rewritten: Sequence[Part], numbers: str, few: Sequence[str]
) -> None:
    """Write the lines files of one (month, source) that this commit changes."""
    columns = ", ".join(LINE_COLUMNS)
    pieces = [
        f"SELECT {columns} FROM arriving"
        f" WHERE x_source = {parquet.text(source)} AND {lake.month_sql(_DAY)} = {parquet.text(month)}"
    ]
    if rewritten:
        pieces.append(f"SELECT {columns} FROM {lake.scan(rewritten)} WHERE x_file NOT IN ({numbers})")
    lake.retire(rewritten)
    lines = f"({' UNION ALL '.join(pieces)})"
    slices = _slices(lake, lines)
    for number, cut in enumerate(slices, 1):
        relation = f"(SELECT * FROM {lines} WHERE {cut.sql()})" if len(slices) > 1 else lines
        path = lake.folder / lake.name("lines", f"{month}-{source}", number)
        parquet.write(lake.connection, _sorted(relation, few), path)
        lake.register(path, "lines", month, source=source)


def _slices(lake: Lake, lines: str) -> list[Slice]:
    """How the lines are cut into files; days too large for one file are cut by resource."""
    sql = "SELECT {}, {}, count(*) FROM {} GROUP BY 1, 2 ORDER BY 1, 2"
    counts = lake.connection.execute(sql.format(_DAY, "0", lines)).fetchall()
    largest = max((rows for _, _, rows in counts), default=0)
    if largest <= ROWS_PER_FILE:
        return cut(counts, 1)
    shares = largest * 4 // ROWS_PER_FILE + 1
    return cut(lake.connection.execute(sql.format(_DAY, share_of_day(shares), lines)).fetchall(), shares)


def cut(counts: Iterable[tuple[date, int, int]], shares: int) -> list[Slice]:
    """Consecutive (day, share, rows) in as few slices of at most ROWS_PER_FILE as their order allows."""
    found: list[Slice] = []
    held = 0
    for day, share, rows in counts:
        if found and held + rows <= ROWS_PER_FILE:
            found[-1] = Slice(found[-1].first, (day, share), shares)
            held += rows
        else:
            found.append(Slice((day, share), (day, share), shares))
            held = rows
    return found


def _few_values(lake: Lake, rewritten: Sequence[Part]) -> list[str]:
    """Make the type few_COLUMN of each text column with few values in the lines to write. Returns them."""
    texts = [name for name, type_ in LINE_COLUMNS.items() if type_ == "VARCHAR" and name not in _MADE]
    relation = f"(SELECT {', '.join(texts)} FROM staged"
    relation += f" UNION ALL SELECT {', '.join(texts)} FROM {lake.scan(rewritten)})" if rewritten else ")"
    counts = ", ".join(f"approx_count_distinct({name})" for name in texts)
    row = lake.connection.execute(f"SELECT {counts} FROM {relation}").fetchone() or ()
    few = [name for name, count in zip(texts, row, strict=True) if 0 < count <= FEW_VALUES]
    for name in few:
        values = f"SELECT DISTINCT {name} FROM {relation} WHERE {name} IS NOT NULL ORDER BY 1"
        lake.connection.execute(f"CREATE TYPE few_{name} AS ENUM ({values})")
    return few


_MADE = ("tags", "x_source")
"""Text columns whose stored values are not the staged ones."""


def _sorted(lines: str, few: Sequence[str]) -> str:
    """SQL of the sorted lines. Text of few values travels through the sort as numbers: half the time."""
    inner = ", ".join(f"CAST({n} AS few_{n}) AS {n}" if n in few else n for n in LINE_COLUMNS)
    outer = ", ".join(f"CAST({n} AS VARCHAR) AS {n}" if n in few else n for n in LINE_COLUMNS)
    rows = f"SELECT {inner} FROM {lines} ORDER BY resource_id, charge_period_start"
    return f"SELECT {outer} FROM ({rows})"
