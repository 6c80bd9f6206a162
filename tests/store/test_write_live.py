"""Which source counts, which days are complete, and which past days changed."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui.focus import CORRECTION, Source
from finops_tui.paths import Paths
from finops_tui.store.completeness import complete_through, day_settles, settled_through
from finops_tui.store.lake import Part
from finops_tui.store.ledger import forget_view, save_view, saved_views
from finops_tui.store.linefiles import ROWS_PER_FILE, cut, share_of_day
from finops_tui.store.refresh import Refresh, folded_years
from tests.store.write_bills import File, Held, Line, home, load, stage

DAY = date(2026, 10, 5)
START = datetime(2026, 10, 5)
AFTER = START + timedelta(hours=60)
"""36 hours after the day's end."""


def report(
    name: str, cost: str, arrived: datetime, source: Source = Source.FOCUS_REPORT, **more: str
) -> File:
    return File(name, (Line(DAY, Decimal(cost), **more),), source, arrived)  # type: ignore[arg-type]


EARLY = report("early", "1", START)
LAST = report("last", "2", AFTER)
API = report("api", "7", AFTER, Source.USAGE_API)
OTHER = report("other", "5", START, Source.COST_REPORT)
OTHER_LATE = report("other late", "6", AFTER, Source.COST_REPORT)
MINE = File("mine", (Line(DAY, Decimal(90)),))
MINE_TOO = File("mine too", (Line(DAY, Decimal(9)),))


@pytest.mark.parametrize(
    ("files", "live", "shadow"),
    [
        ([MINE, MINE_TOO], 99, None),
        ([EARLY, MINE], 1, 90),
        ([EARLY, API], 7, 1),
        ([EARLY, LAST, API, MINE], 3, 97),
        ([EARLY, OTHER, OTHER_LATE], 11, 1),
        ([EARLY, LAST, OTHER, OTHER_LATE], 3, 11),
        ([LAST, API], 7, 2),  # the report's earlier objects are not here: half a day must not count as one
        ([LAST, MINE], 90, 2),
        ([LAST], 2, None),
        ([report("fix", "-1", AFTER, charge_class=CORRECTION), EARLY, MINE], 0, 90),
        ([report("fix", "-1", AFTER, charge_class=CORRECTION), MINE], 90, -1),
    ],
)
def test_one_source_counts(files: list[File], live: int, shadow: int | None, tmp_path: Path) -> None:
    load(home(tmp_path), *files)
    held = Held(home(tmp_path))
    assert held.totals("daily") == {("acme", "USD"): live}
    assert held.totals("shadow") == ({} if shadow is None else {("acme", "USD"): shadow})


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), seconds=st.integers(-200_000, 200_000))
def test_a_day_is_complete_exactly_from_36_hours_after_its_end(day: date, seconds: int) -> None:
    newest = day_settles(day) + timedelta(seconds=seconds)
    assert (settled_through(newest) >= day) == (seconds >= 0)


def test_complete_through() -> None:
    newest = datetime(2026, 10, 20, 12)
    assert complete_through(newest, None, date(2026, 11, 1)) == date(2026, 10, 18)
    assert complete_through(newest, date(2026, 10, 30), date(2026, 11, 1)) == date(2026, 10, 18)
    assert complete_through(newest, None, date(2026, 10, 10)) == date(2026, 10, 9)
    assert complete_through(None, date(2026, 10, 30), date(2026, 11, 1)) == date(2026, 10, 30)
    assert complete_through(None, date(2026, 10, 30), date(2026, 10, 30)) == date(2026, 10, 29)
    assert complete_through(None, date(2026, 10, 30), date(2026, 10, 30), known=True) == date(2026, 10, 28)
    assert complete_through(None, None, date(2026, 11, 1)) is None


def changes(paths: Paths) -> list[tuple[object, ...]]:
    if not paths.history_db.exists():
        return []
    with closing(sqlite3.connect(paths.history_db)) as history:
        return history.execute(
            "SELECT service, CAST(old AS REAL), CAST(new AS REAL), reason FROM day_change ORDER BY seen, 1"
        ).fetchall()


def test_changes_of_complete_days_are_kept_with_their_reason(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, EARLY, LAST)
    assert changes(paths) == []
    load(paths, report("late", "4", AFTER + timedelta(days=1), service="Storage"))
    wanted: list[tuple[object, ...]] = [("Storage", None, 4, "late lines")]
    assert changes(paths) == wanted
    fix = AFTER + timedelta(days=2)
    load(paths, report("fix", "-1", fix, charge_class=CORRECTION))
    load(paths, report("fix", "-2", fix, charge_class=CORRECTION))
    load(paths, report("fix too", "0", fix))
    wanted = [*wanted, ("Compute", 2, 1, "file replaced"), ("Compute", 3, 2, "correction")]
    assert sorted(changes(paths), key=str) == sorted(wanted, key=str)


def test_a_better_source_taking_over_is_a_change(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, MINE)
    load(paths, EARLY)
    assert changes(paths) == [("Compute", 90, 1, "source took over")]


def test_days_loaded_in_several_commits_of_one_refresh_did_not_change(tmp_path: Path) -> None:
    paths = home(tmp_path)
    with Refresh(paths) as refresh:
        for file in (MINE, MINE_TOO):
            refresh.add(stage(refresh.stage, [file]), [file.loaded()])
            refresh.commit()
    assert changes(paths) == []
    assert Held(paths).totals("daily") == {("acme", "USD"): 99}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, ROWS_PER_FILE)), min_size=1, max_size=30))
def test_files_are_cut_at_a_million_lines_and_hold_every_line_once(counts: list[tuple[int, int]]) -> None:
    days = sorted({DAY + timedelta(days=n): rows for n, rows in counts}.items())
    slices = cut([(day, 0, rows) for day, rows in days], 1)
    for day, _ in days:
        assert sum(s.first <= (day, 0) <= s.last for s in slices) == 1
    sizes = [sum(rows for day, rows in days if s.first <= (day, 0) <= s.last) for s in slices]
    assert all(size <= ROWS_PER_FILE for size in sizes)
    assert all(one + two > ROWS_PER_FILE for one, two in pairwise(sizes))


def test_a_day_too_large_for_a_file_is_cut_by_resource_and_holds_every_line_once() -> None:
    lines = """(SELECT DATE '2026-10-05' + CAST(i % 3 AS INTEGER) AS charge_period_start, 'B1' AS sku_id,
        CASE WHEN i % 7 > 0 THEN 'r' || (i % 1000) END AS resource_id FROM range(9000) t(i))"""
    sql = f"SELECT CAST(charge_period_start AS DATE), {share_of_day(6)}, count(*) * 1000 FROM {lines}"
    with closing(duckdb.connect()) as connection:
        counts = connection.execute(f"{sql} GROUP BY 1, 2 ORDER BY 1, 2").fetchall()
        slices = cut(counts, 6)
        rows = [
            connection.execute(f"SELECT count(*) FROM {lines} WHERE {piece.sql()}").fetchall()[0][0]
            for piece in slices
        ]
    assert sum(rows) == 9000
    assert len(rows) >= 9
    assert max(rows) <= ROWS_PER_FILE / 1000


def test_many_months_are_folded_to_years_and_stay_under_a_hundred_files(tmp_path: Path) -> None:
    paths = home(tmp_path)
    months = [date(2022 + n // 12, n % 12 + 1, 3) for n in range(36)]
    load(paths, *(File(str(day), (Line(day, Decimal(day.month)),)) for day in months))
    assert len(Held(paths).parts) < 100
    load(paths, File("late", (Line(date(2022, 5, 5), Decimal(1000)), Line(date(2025, 1, 1)))))
    held = Held(paths)
    assert len(held.parts) < 100
    assert {part.month for part in held.parts if part.kind == "daily"} >= {"2022", "2024-12", "2025-01"}
    assert held.totals("daily") == held.totals("lines") == {("acme", "USD"): 78 * 3 + 1001}
    assert len([part for part in held.parts if part.kind == "lines" and part.month == "2022"]) == 1


def test_only_the_years_that_are_over_are_folded() -> None:
    parts = [
        Part(f"{kind}{year}{month}", kind, f"{year}-{month:02}", None, 1, 1)
        for year in (2023, 2024)
        for month in range(1, 13)
        for kind in ("lines", "daily", "rollup")
    ]
    assert folded_years(parts, {"2024-12"}) == (frozenset(), frozenset())
    months = {f"2025-{month:02}" for month in range(1, 13)}
    assert folded_years(parts, months) == (frozenset({2023}), frozenset({2023}))


def test_saved_views_outlive_the_cache(tmp_path: Path) -> None:
    paths = home(tmp_path)
    assert saved_views(paths) == {}
    save_view(paths, "mine", "service 30d")
    save_view(paths, "mine", "service 90d")
    save_view(paths, "other", "account")
    assert forget_view(paths, "other")
    assert not forget_view(paths, "other")
    load(paths, MINE)
    shutil.rmtree(paths.cache)
    assert saved_views(paths) == {"mine": "service 90d"}
