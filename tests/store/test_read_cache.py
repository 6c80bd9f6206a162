"""Snapshots, days, what was known, the overview, and how the reader behaves in a process."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from finops_tui.errors import StoreError, UsageError
from finops_tui.focus import Source
from finops_tui.store import periods
from finops_tui.store.overview import last_overview, overview
from finops_tui.store.query import Amount, Calendar, Period, Where
from finops_tui.store.reader import Cache, Interrupted
from finops_tui.store.schema import STATE_VERSION
from finops_tui.store.state import open_state
from tests.store.read_bills import AS_OF, Charge, bill, days, home, load, load_many


@pytest.mark.parametrize(
    ("text", "compared", "compare", "expected"),
    [
        ("mtd", "2026-11-01..2026-11-22", "previous", "2026-10-01..2026-10-22"),
        ("2026-03", "2026-03-01..2026-04-01", "previous", "2026-02-01..2026-03-01"),
        ("2026-03", "2026-03-01..2026-03-31", "previous", "2026-02-01..2026-03-01"),
        ("2026-03", "2026-03-01..2026-03-16", "previous", "2026-02-01..2026-02-16"),
        ("2028-02", "2028-02-01..2028-03-01", "year", "2027-02-01..2027-03-01"),
        ("30d", "2026-10-23..2026-11-22", "previous", "2026-09-23..2026-10-23"),
        ("30d", "2028-02-01..2028-02-29", "year", "2027-02-01..2027-03-01"),
        ("qtd", "2026-10-01..2026-11-22", "previous", "2026-07-01..2026-08-22"),
        ("ytd", "2028-01-01..2028-03-01", "previous", "2027-01-01..2027-03-01"),
        ("2026-11-05..2026-11-15", "2026-11-05..2026-11-15", "previous", "2026-10-26..2026-11-05"),
    ],
)
def test_what_days_are_held_against(text: str, compared: str, compare: str, expected: str) -> None:
    period = periods.fixed(text, date(2028, 3, 1), None) if text != "30d" else None
    whole = periods.fixed(compared, date.max, None)
    asked = period or Period(whole.start, whole.start + timedelta(days=30), text)
    earlier = periods.earlier(
        asked if text not in ("mtd", "qtd") else Period(whole.start, whole.end, text), whole, compare
    )
    wanted = periods.fixed(expected, date.max, None)
    assert earlier is not None
    assert (earlier.start, earlier.end) == (wanted.start, wanted.end)


@pytest.mark.parametrize("text", ["", "0d", "30", "2026-13", "tomorrow", "2026-01-02..2026-01-02", "99999d"])
def test_no_period(text: str) -> None:
    with pytest.raises(UsageError):
        periods.check_period(text)


def test_filters_are_written_and_read_back() -> None:
    for text in ("service=COMP*", "tag:team!=ml=x", "compartment:2=root/eng", "region=", "tag:a:b/c=\\*"):
        where = periods.parse_where(text)
        assert periods.parse_where(where.text) == where
    assert periods.parse_where("region=") == Where("region", "(none)")
    for text in ("service", "colour=red", "charge_category=usag", "=x", "compartment:0=x"):
        with pytest.raises(UsageError):
            periods.parse_where(text)


def test_an_account_that_ended_long_ago_does_not_drag_the_days_back(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, bill(date(2026, 1, 1), 30, account="old"), name="old.csv")
    load(paths, bill(date(2026, 8, 1), 113), name="new.csv")
    load(paths, bill(date(2026, 8, 1), 111, account="slow"), name="slow.csv")
    cache = Cache(paths, AS_OF)
    query = cache.ask(period="30d", compare="previous")
    assert query.period.last == date(2026, 11, 19)
    assert cache.ask(period="7d", where=(Where("account", "acme"),)).period.last == date(2026, 11, 21)
    mtd = cache.ask(period="mtd", compare="previous")
    assert mtd.period == Period(date(2026, 11, 1), AS_OF, "mtd")
    assert mtd.compared == Period(date(2026, 11, 1), date(2026, 11, 20))
    assert mtd.compare == Period(date(2026, 10, 1), date(2026, 10, 20))
    assert cache.calendar().complete_through == date(2026, 1, 30)
    assert (
        "provisional: 2026-11-20 to 2026-11-21 (complete through 2026-11-19)" in cache.costs(mtd).incomplete
    )
    assert cache.ask(period="2026-12", compare="previous").compare is None
    cache.close()


def test_nothing_before_the_cache_is_unknown_not_zero(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, bill(date(2026, 11, 1), 20))
    cache = Cache(paths, AS_OF)
    query = cache.ask(period="mtd", compare="previous")
    assert query.compare is not None
    result = cache.costs(query)
    assert {row.amount.previous for row in result.rows} == {None}
    assert any("begins on 2026-11-01" in note for note in result.incomplete)
    early = cache.costs(cache.ask(period="ytd")).incomplete
    assert "the cache begins on 2026-11-01: the days before are not in the period" in early
    assert not any("begins on" in note for note in cache.costs(cache.ask(period="all")).incomplete)
    assert cache.movers(query) == ()
    assert overview(cache).currencies[0].previous_same_days is None
    cache.close()


def test_an_empty_home_answers(tmp_path: Path) -> None:
    paths = home(tmp_path)
    assert last_overview(paths) is None
    cache = Cache(paths, AS_OF)
    assert cache.generation() == 0
    assert cache.calendar() == Calendar(AS_OF, None, None, ())
    assert cache.costs(cache.ask(period="30d", compare="previous", group_by=("resource", "tag:x"))).rows == ()
    assert cache.lines((), Period(date(2026, 1, 1), AS_OF)).count == 0
    assert overview(cache).month is None
    assert (cache.values("service"), cache.tag_keys(), cache.status(), cache.files(), cache.changes()) == (
        [], [], (), (), (),
    )  # fmt: skip
    cache.close()


def test_what_was_known_is_what_was_shown_then(tmp_path: Path) -> None:
    """Days of the Usage API, a report that comes late and takes over, and a later correction."""
    paths = home(tmp_path)
    api = bill(date(2026, 10, 1), 20)
    load(paths, api, name="api-1", source=Source.USAGE_API, arrived=datetime(2026, 10, 21, 3))
    load(
        paths, bill(date(2026, 10, 1), 10, region="r2"), name="report-1", source=Source.FOCUS_REPORT,
        arrived=datetime(2026, 10, 1),
    )  # fmt: skip
    as_of = date(2026, 10, 22)
    wanted = [("service",), ("resource", "region"), ("compartment", "currency")]
    then = Cache(paths, as_of)
    shown = [then.costs(then.ask(group_by=g, period="all")) for g in wanted]
    calendar = then.calendar()
    lines = then.lines((), Period(date(2026, 10, 1), as_of))
    assert calendar.complete_through == date(2026, 10, 18)
    then.close()
    late = [Charge(date(2026, 10, 5), Decimal(-3), charge_class="Correction"), *bill(date(2026, 10, 8), 16)]
    load(paths, late, name="report-2", source=Source.FOCUS_REPORT, arrived=datetime(2026, 10, 27))
    later = Cache(paths, as_of)
    assert later.costs(later.ask(group_by=("service",), period="all")).totals != shown[0].totals
    later.close()
    again = Cache(paths, as_of, known=True)
    assert again.calendar().complete == calendar.complete
    for group_by, before in zip(wanted, shown, strict=True):
        after = again.costs(again.ask(group_by=group_by, period="all"))
        assert (after.rows, after.totals) == (before.rows, before.totals)
    assert again.lines((), Period(date(2026, 10, 1), as_of)).totals == lines.totals
    assert again.resource("ocid1.instance.oc1..0").lines == 20
    again.close()


def test_a_view_reads_one_snapshot_while_the_next_is_committed(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, [Charge(date(2026, 11, 1), Decimal(1))], name="a.csv")
    cache = Cache(paths, AS_OF)
    with cache.pinned() as generation:
        assert cache.costs(cache.ask(period="all")).totals == {"USD": Amount(Decimal(1))}
        load(paths, [Charge(date(2026, 11, 2), Decimal(2))], name="b.csv")
        assert cache.costs(cache.ask(period="all")).totals == {"USD": Amount(Decimal(1))}
    newer = cache.costs(cache.ask(period="all"))
    assert newer.totals == {"USD": Amount(Decimal(3))}
    assert newer.generation == cache.generation() == generation + 1
    cache.close()


def test_a_file_that_went_away_is_looked_up_again(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, [Charge(date(2026, 11, 1), Decimal(1))], name="a.csv")
    cache = Cache(paths, AS_OF)
    with cache.pinned():
        query = cache.ask(period="all")
        load(paths, [Charge(date(2026, 11, 1), Decimal(2))], name="b.csv")
        _forget_retired(paths.state_db.parent)
        assert cache.costs(query).totals == {"USD": Amount(Decimal(3))}
    cache.close()


def _forget_retired(folder: Path) -> None:
    """Delete what the manifest no longer names, as the lock holder does an hour later."""
    state = open_state(home(folder.parent.parent))
    assert state is not None
    live = {row[0] for row in state.execute("SELECT path FROM parquet_file WHERE retired_at IS NULL")}
    state.close()
    for file in (folder / "lake").iterdir():
        if str(file.relative_to(folder)) not in live:
            file.unlink()


def test_a_newer_cache_is_refused(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, [Charge(date(2026, 11, 1))])
    connection = sqlite3.connect(paths.state_db)
    connection.execute(f"PRAGMA user_version = {STATE_VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        Cache(paths, AS_OF)


def test_a_running_query_is_interrupted_and_close_waits(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, bill(date(2026, 8, 1), 60))
    cache = Cache(paths, AS_OF)
    ended: list[str] = []

    def work() -> None:
        try:
            cache.session.rows("SELECT count(*) FROM range(100000000000) a, range(100000) b")
        except Interrupted:
            ended.append("interrupted")

    thread = threading.Thread(target=work)
    thread.start()
    while not cache.session.running:
        time.sleep(0.001)
    cache.close()
    thread.join()
    assert ended == ["interrupted"]
    with pytest.raises(Interrupted):
        cache.costs(cache.ask(period="30d"))


def test_the_overview_is_what_the_queries_say_and_is_kept(tmp_path: Path) -> None:
    paths = home(tmp_path)
    charges = [
        *bill(date(2026, 8, 1), 113, tags='{"Oracle-Tags.CreatedOn":"x"}'),
        *bill(date(2026, 11, 1), 21, account="emea", currency="EUR", tags='{"team":"a"}'),
        *[
            Charge(day, Decimal("9.99"), service="BLOCK_STORAGE", resource=f"vol-{n}", name=f"train-vol-{n}")
            for day in days(date(2026, 11, 3), 19)
            for n in range(4)
        ],
    ]
    load(paths, charges, compartments={"c0": "root", "c1": "root/eng"})
    cache = Cache(paths, AS_OF)
    found = overview(cache)
    assert last_overview(paths) == found
    assert last_overview(paths, date(2026, 1, 1)) is None
    assert [block.currency for block in found.currencies] == ["USD", "EUR"]
    usd, eur = found.currencies
    mtd = cache.costs(cache.ask(group_by=(), period="mtd", compare="previous"))
    assert Amount(usd.month_to_date, usd.previous_same_days, usd.month_to_date_complete) == mtd.totals["USD"]
    assert usd.delta == sum((part for mover in usd.top_movers for part in mover.parts.values()), Decimal(0))
    assert any(mover.text == "4 new train-vol-*, BLOCK_STORAGE" for mover in usd.top_movers)
    assert sum((day.cost or Decimal(0) for day in usd.daily if day.day >= date(2026, 11, 1)), Decimal(0)) == (
        usd.month_to_date
    )
    assert len(usd.daily) == 90
    assert usd.yesterday and usd.yesterday.day == date(2026, 11, 21)
    assert usd.yesterday.previous_day == date(2026, 11, 14)
    assert (usd.untagged_share, eur.untagged_share) == (1.0, 0.0)
    month_to_date = usd.month_to_date or Decimal(0)
    assert usd.forecast_month_end.mean == (month_to_date / 21 * 30).quantize(Decimal("1e-6"))
    assert sum((service.share or 0) for service in usd.top_services) == pytest.approx(1)
    cache.close()
    other = Cache(paths, AS_OF, main_currency="EUR")
    assert [block.currency for block in overview(other).currencies] == ["EUR", "USD"]
    load(paths, bill(date(2026, 11, 10), 1, account="emea", currency="EUR"), name="more.csv")
    assert overview(other).currencies[0].month_to_date == (eur.month_to_date or 0) + sum(
        (charge.billed or Decimal(0) for charge in bill(date(2026, 11, 10), 1)), Decimal(0)
    )
    other.close()
    old = Cache(paths, date(2027, 6, 1))
    assert overview(old).month == Period(date(2026, 11, 1), date(2026, 12, 1), "November 2026")
    assert overview(old).currencies[0].forecast_month_end.mean == mtd.totals["USD"].cost
    old.close()


def test_corrections_lead_to_the_lines_they_correct(tmp_path: Path) -> None:
    paths = home(tmp_path)
    first = Charge(date(2026, 10, 5), Decimal(10), reference="r1", resource="i")
    fix = Charge(
        date(2026, 10, 5),
        Decimal(-4),
        reference="r2",
        back_reference="r1",
        charge_class="Correction",
        resource="i",
    )
    load(paths, [first, fix], name="bill.csv")
    cache = Cache(paths, AS_OF)
    lines = {line["x_reference"]: line for line in cache.lines((), Period(first.day, AS_OF)).page(0, 9)}
    assert (lines["r1"]["corrects"], lines["r1"]["corrected_by"]) == (None, "r2")
    assert (lines["r2"]["corrects"], lines["r2"]["corrected_by"]) == ("r1", None)
    assert lines["r1"]["file"] == "bill.csv"
    cache.close()


def test_many_resources_are_paged_filtered_and_labelled_late(tmp_path: Path) -> None:
    """More groups than are labelled at once: the late join must show the same rows."""
    paths = home(tmp_path)
    count = 50_500
    load_many(
        paths,
        "SELECT TIMESTAMP '2026-11-01' AS charge_period_start, 'acme' AS billing_account_id,"
        " n % 977 AS billed_cost,"
        " 'USD' AS billing_currency, 'ocid1.x..' || n AS resource_id, 'web-' || n AS resource_name"
        f" FROM range({count}) t(n)",
        count,
    )
    cache = Cache(paths, AS_OF)
    table = cache.table(cache.ask(group_by=("resource",), period="all"))
    assert table.count == count
    shown = [row for start in (0, 1_990, 2_010, count - 15) for row in table.page(start, 20)]
    assert len({row.keys for row in shown}) == 75
    costs = [row.amount.cost or Decimal(0) for row in shown]
    assert costs == sorted(costs, reverse=True)
    for row in shown:
        number = int((row.keys[0] or "").rpartition(".")[2])
        assert (row.labels, row.amount.cost) == ((f"web-{number}",), Decimal(number % 977))
    few = table.filter("WEB-5049")
    assert few.count == len([n for n in range(count) if "5049" in str(n)[:4]])
    assert [row.labels for row in table.sorted("resource", False).page(0, 3)] == [
        ("web-0",), ("web-1",), ("web-10",),
    ]  # fmt: skip
    top = cache.costs(cache.ask(group_by=("resource",), period="all", limit=3))
    assert [row.amount.cost for row in top.rows] == [Decimal(976)] * 3
    assert (top.count, top.totals["USD"].cost) == (
        count,
        sum((Decimal(n % 977) for n in range(count)), Decimal(0)),
    )
    cache.close()


_SHOW = """
import sys
from datetime import date
from pathlib import Path
from finops_tui.paths import locate
from finops_tui.store.overview import last_overview, overview
from finops_tui.store.reader import Cache
paths = locate("default", home=Path(sys.argv[1]))
cache = Cache(paths, date(2026, 11, 24))
cache.generation()
last_overview(paths)
assert "duckdb" not in sys.modules
for granularity in ("total", "day", "month"):
    for group_by in (("service",), ("resource",), ("compartment", "currency"), ()):
        query = cache.ask(group_by=group_by, period="all", granularity=granularity)
        print(cache.costs(query))
query = cache.ask(group_by=("resource",), period="30d", compare="previous")
print(cache.movers(query), cache.resource("ocid1.instance.oc1..1"))
print(cache.lines((), query.period).page(0, 500))
print(overview(cache))
cache.close()
heavy = {"oci", "pandas", "numpy", "pyarrow", "sklearn"} & set(sys.modules)
assert not heavy, heavy
"""


def _shown(paths: Sequence[str], zone: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SHOW, *paths],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_zone_and_process_change_no_byte_and_no_frame_library_is_loaded(tmp_path: Path) -> None:
    paths = home(tmp_path)
    charges = bill(date(2026, 8, 1), 112)
    midnight = [
        Charge(day, Decimal(1), hour=hour) for day in days(date(2026, 10, 24), 10) for hour in (0, 23)
    ]
    load(paths, [*charges, *midnight])
    first, second = (_shown([str(tmp_path)], zone) for zone in ("America/New_York", "Asia/Tokyo"))
    assert first == second
    assert b"2026-10-24" in first or b"2026, 10, 24" in first
