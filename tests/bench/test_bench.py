"""The benchmark runs (small), and its yardstick answers the same question as the program."""

from contextlib import closing
from pathlib import Path

import pytest

from finops_tui.store.reader import Cache
from tests.bench import caches, frames, imports, queries
from tests.bench.caches import AS_OF, Shape
from tests.bench.queries import Budget
from tests.bench.table import Measured, Section, markdown

LINES = 20_000


@pytest.mark.parametrize(
    "shape", [Shape("hourly", LINES, hourly=True), Shape("daily", LINES, hourly=False)], ids=str
)
def test_the_yardstick_sums_what_the_program_sums(tmp_path: Path, shape: Shape) -> None:
    paths = caches.build(tmp_path, shape)
    frame = frames.load(paths)
    with closing(Cache(paths, AS_OF)) as cache:
        for dimension in ("service", "region", "resource", "tag:team"):
            query = cache.ask(group_by=(dimension,), period="all")
            ours = {row.keys[0]: float(row.amount.cost or 0) for row in cache.costs(query).rows}
            (theirs,) = frame.sum((dimension,), [query.period])
            assert ours == pytest.approx(dict(theirs.items()))
    section = queries.measure("Queries", paths, shape, Budget(60.0, 1e6), runs=2)
    asked = {row.what for row in section.rows}
    assert {"Overview, made anew", "Overview, as kept", "Explore: by resource", "Resource", "Data"} <= asked
    assert all(row.ok for row in section.rows)


def test_the_import_is_measured_against_plain_duckdb(tmp_path: Path) -> None:
    rows = imports.measure(tmp_path, rows=2_000, runs=1).rows
    assert [row.what for row in rows] == ["rows a second", "peak memory, with children"]
    assert rows[1].ok, "two thousand lines take no gigabyte"


def test_a_row_over_its_budget_is_told_apart() -> None:
    rows = [Measured("a", "1", ok=True), Measured("b", "2", ok=False), Measured("c", "3")]
    verdicts = [line.split("|")[-2].strip() for line in markdown([Section("T", "s", rows)]).splitlines()[-3:]]
    assert verdicts == ["ok", "**over**", ""]
