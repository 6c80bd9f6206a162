"""The lines files: per (charge month, source) as few as a million rows each allow, sorted by resource.

The files of one commit hold ranges of resources that do not overlap, but where one resource alone fills one.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from finops_tui.engine import literal
from finops_tui.focus import LINE_COLUMNS, Source
from finops_tui.store import parquet
from finops_tui.store.daily import DIMENSIONS
from finops_tui.store.lake import Lake, Part

ROWS_PER_FILE: Final = 1_000_000
SPLIT_ROWS: Final = 400_000
"""From so many rows on a month is written as two files at once: DuckDB writes one on one processor."""
ROW_GROUP: Final = 24_576
"""Rows of a row group of a lines file: the lines of one resource are read out of one or two of them."""

FEW_VALUES: Final = 50_000
"""A text column with at most so many distinct values is sorted as numbers that stand for them."""
FEWEST: Final = 256
"""With at most so many it is written as such too: its dictionary is not found anew for each row group."""

_DAY = DIMENSIONS["day"]


@dataclass(frozen=True)
class Task:
    """One file to write."""

    path: Path
    month: str
    source: str
    select: str


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
    tasks = [
        task
        for (month, source), parts in rewritten.items()
        for task in _month_tasks(lake, month, source, parts, numbers, few)
    ]
    _write(lake.connection, tasks)
    for task in tasks:
        lake.register(task.path, "lines", task.month, source=task.source)


def _write(connection: duckdb.DuckDBPyConnection, tasks: Sequence[Task]) -> None:
    """Write the files, two at a time where there are two processors."""
    workers = min(2, os.cpu_count() or 1, len(tasks))
    if workers < 2:
        for task in tasks:
            parquet.write(connection, task.select, task.path, ROW_GROUP)
        return
    cursors = [connection.cursor() for _ in range(workers)]
    idle = list(cursors)

    def write(task: Task) -> None:
        cursor = idle.pop()
        try:
            parquet.write(cursor, task.select, task.path, ROW_GROUP)
        finally:
            idle.append(cursor)

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(write, task) for task in tasks]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for cursor in cursors:
                cursor.interrupt()
            raise
    for cursor in cursors:
        cursor.close()


def _open_parts(held: Sequence[Part], affected: Sequence[Part], whole: bool) -> list[Part]:
    """The files to write again: affected ones and, smallest first, about a million rows of not full ones."""
    chosen = [part for part in held if part in affected]
    rows = 0
    for part in sorted((p for p in held if p not in affected), key=lambda part: part.rows):
        rows += part.rows
        if part.rows < ROWS_PER_FILE * 9 // 10 and (whole or rows <= ROWS_PER_FILE):
            chosen.append(part)
    return chosen


def _month_tasks(
    lake: Lake,
    month: str,
    source: str,
    rewritten: Sequence[Part],
    numbers: str,
    few: Mapping[str, int],
) -> Iterator[Task]:
    """The lines files of one (month, source) that this commit writes."""
    columns = ", ".join(LINE_COLUMNS)
    pieces = [
        f"SELECT {columns} FROM arriving"
        f" WHERE x_source = {literal(source)} AND {lake.month_sql(_DAY)} = {literal(month)}"
    ]
    if rewritten:
        pieces.append(f"SELECT {columns} FROM {lake.scan(rewritten)} WHERE x_file NOT IN ({numbers})")
    lake.retire(rewritten)
    lines = f"({' UNION ALL '.join(pieces)})"
    for number, condition in enumerate(_cuts(lake, lines), 1):
        path = lake.folder / lake.name("lines", f"{month}-{source}", number)
        yield Task(path, month, source, _sorted(f"(SELECT * FROM {lines} WHERE {condition})", few))


def _cuts(lake: Lake, lines: str) -> Iterator[str]:
    """SQL conditions that cut the lines into files: by ranges of resources, these by days where too large."""
    row = lake.connection.execute(f"SELECT count(*) FROM {lines}").fetchone()
    rows = row[0] if row else 0
    if rows < SPLIT_ROWS:
        if rows:
            yield "true"
        return
    size = -(-rows // max(2, -(-rows // ROWS_PER_FILE)))
    ranges = lake.connection.execute(
        f"""SELECT min(resource_id), max(resource_id), bool_or(resource_id IS NULL), sum(n)::BIGINT FROM (
            SELECT resource_id, n,
                (sum(n) OVER (ORDER BY resource_id NULLS LAST ROWS UNBOUNDED PRECEDING) - 1) // {size} AS part
            FROM (SELECT resource_id, count(*) AS n FROM {lines} GROUP BY 1)
        ) GROUP BY part ORDER BY part"""
    ).fetchall()
    for low, high, without, count in ranges:
        held = [] if low is None else [f"resource_id BETWEEN {literal(low)} AND {literal(high)}"]
        held += ["resource_id IS NULL"] if without else []
        condition = f"({' OR '.join(held)})"
        if count <= ROWS_PER_FILE:
            yield condition
        else:
            for days in _slices(lake, f"(SELECT * FROM {lines} WHERE {condition})"):
                yield f"{condition} AND {days.sql()}"


def _slices(lake: Lake, lines: str) -> list[Slice]:
    """How lines are cut by their days; days too large for one file are cut too."""
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


def _few_values(lake: Lake, rewritten: Sequence[Part]) -> dict[str, int]:
    """Make the type few_COLUMN of each text column with few values in the lines to write.

    Returns how many values each has.
    """
    texts = [name for name, type_ in LINE_COLUMNS.items() if type_ == "VARCHAR" and name not in _MADE]
    held = f" UNION ALL SELECT {{}} FROM {lake.scan(rewritten)}" if rewritten else ""
    relation = f"(SELECT {', '.join(texts)} FROM staged{held.format(', '.join(texts))})"
    counts = ", ".join(f"approx_count_distinct({name})" for name in texts)
    row = lake.connection.execute(f"SELECT {counts} FROM {relation}").fetchone() or ()
    sources = {name: relation for name, count in zip(texts, row, strict=True) if 0 < count <= FEW_VALUES} | {
        "x_source": f"(SELECT unnest({[str(source) for source in Source]}) AS x_source)",
        "tags": f"(SELECT tags FROM tag_text{held.format('tags')})",
    }
    return {name: count for name, source in sources.items() if (count := _make_type(lake, name, source))}


def _make_type(lake: Lake, name: str, relation: str) -> int:
    """Make the type few_NAME of the values of a column; returns their number, 0: none, or too many."""
    values = f"SELECT DISTINCT {name} FROM {relation} WHERE {name} IS NOT NULL"
    row = lake.connection.execute(f"SELECT count(*) FROM ({values} LIMIT {2 * FEW_VALUES + 1})").fetchone()
    count = int(row[0]) if row else 0
    if not 0 < count <= 2 * FEW_VALUES:
        return 0
    lake.connection.execute(f"CREATE TYPE few_{name} AS ENUM ({values} ORDER BY 1)")
    return count


_MADE = ("tags", "x_source")
"""Text columns whose stored values are not the staged ones."""


def _sorted(lines: str, few: Mapping[str, int]) -> str:
    """SQL of the sorted lines. Text of few values travels through the sort as numbers: half the time.

    The resource id is written as text: only then the file says which range of them a row group holds.
    """
    inner = ", ".join(f"CAST({n} AS few_{n}) AS {n}" if n in few else n for n in LINE_COLUMNS)
    plain = {n for n, count in few.items() if count > FEWEST or n == "resource_id"}
    outer = ", ".join(f"CAST({n} AS VARCHAR) AS {n}" if n in plain else n for n in LINE_COLUMNS)
    rows = f"SELECT {inner} FROM {lines} ORDER BY resource_id, charge_period_start"
    return f"SELECT {outer} FROM ({rows})"
