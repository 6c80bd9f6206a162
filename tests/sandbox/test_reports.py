"""Report files against the world's own truth: exact, whole, published when they should be."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_tui.focus import Source
from finops_tui.sandbox import demo
from finops_tui.sandbox.arrivals import created, slots
from finops_tui.sandbox.lines import COLUMNS
from finops_tui.sandbox.names import REGIONS
from finops_tui.sandbox.origin import origin_of
from finops_tui.sandbox.reports import daily_parts, report_parts
from finops_tui.sandbox.truth import arrived_quantity, truth
from finops_tui.sandbox.world import World, build
from tests.sandbox.bills import Key, back_references, billed, rows

SEEDS = st.integers(0, 2**32)
_DAY = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _known(seed: int, anchor: date, as_of: date) -> dict[Key, Decimal]:
    found = truth(seed, anchor, as_of)["billed"]
    return {
        (date.fromisoformat(r["date"]), r["account"], r["service"], r["currency"]): r["cost"] for r in found
    }


@pytest.mark.parametrize(("seed", "days", "retention"), [(7, 31, 5), (2**31, 6, 60), (-5, 34, 7)])
def test_files_hold_exactly_the_truth(seed: int, days: int, retention: int, tmp_path: Path) -> None:
    """Hourly or daily, to the last decimal per day, account, service, currency; no day is in both."""
    anchor = date(2028, 2, 29)
    as_of = origin_of(anchor) + days * _DAY
    batches = list(demo.batches(seed, anchor, as_of, tmp_path / "files", retention))
    files = [file for batch in batches for file in batch.files]
    assert len({file.name for file in files}) == len(files)
    assert all(file.arrived is not None and file.arrived < _midnight(as_of) for file in files)
    assert billed(files, tmp_path / "temp") == _known(seed, anchor, as_of)
    days_of = {
        source: {key[0] for key in billed(named, tmp_path / "temp")}
        for source in (Source.FOCUS_REPORT, Source.USAGE_API)
        if (named := [file for file in files if file.source is source])
    }
    reported = days_of[Source.FOCUS_REPORT]
    assert min(reported) == max(as_of - retention * _DAY, origin_of(anchor))
    assert not reported & days_of.get(Source.USAGE_API, set())


def test_the_past_can_be_seen_as_it_was(tmp_path: Path) -> None:
    """Of files loaded today, those published before an earlier day hold that day's complete days exactly."""
    anchor = date(2026, 10, 20)
    as_of = origin_of(anchor) + 40 * _DAY
    files = [f for batch in demo.batches(7, anchor, as_of, tmp_path / "files", 3) for f in batch.files]
    for back in (2, 17):
        then = as_of - back * _DAY
        settled = then - 2 * _DAY
        published = [f for f in files if f.arrived is not None and f.arrived < _midnight(then)]
        seen = {k: cost for k, cost in billed(published, tmp_path / "temp").items() if k[0] < settled}
        assert seen == {k: cost for k, cost in _known(7, anchor, then).items() if k[0] < settled}


@given(SEEDS, st.integers(40, 900), st.integers(1, 4))
@settings(max_examples=8, deadline=None)
def test_tomorrow_begins_with_today(seed: int, day: int, later: int) -> None:
    """What was published before D is the same seen from D and from any later day."""
    world = build(seed, date(2025, 1, 1))
    as_of = world.origin + day * _DAY
    recent = as_of - 2 * _DAY
    charges = world.month(recent.replace(day=1))
    first, now = recent - _DAY, _midnight(as_of)
    then = {p.name: p for p in report_parts(world, charges, first, now)}
    after = {p.name: p for p in report_parts(world, charges, first, now + later * _DAY)}
    assert then == {name: part for name, part in after.items() if part.arrived < now}
    old = first - 3 * _DAY
    daily = [list(daily_parts(world, charges, old, at)) for at in (now, now + later * _DAY)]
    assert {p.name: p for p in daily[0]} == {p.name: p for p in daily[1] if p.arrived < now}


@given(SEEDS, st.dates(date(2026, 1, 20), date(2026, 12, 1)))
@settings(max_examples=15, deadline=None)
def test_the_last_two_days_are_partly_billed(seed: int, as_of: date) -> None:
    world = build(seed, date(2025, 1, 1))
    share = []
    for back in (1, 2, 3):
        day = as_of - back * _DAY
        charges = world.month(day.replace(day=1))
        usage = [number for number, meter in enumerate(charges.meter) if _is_main_usage(world, int(meter))]
        hours = slice((day.day - 1) * 24, day.day * 24)
        price = charges.price[usage, None].astype(float)
        arrived = arrived_quantity(world, charges, as_of)[usage, hours] * price
        share.append(arrived.sum() / (charges.quantity[usage, hours] * price).sum())
    assert 0.2 <= share[0] <= 0.6
    assert 0.6 <= share[1] <= 0.93
    assert share[2] == 1


def _is_main_usage(world: World, meter: int) -> bool:
    return world.meters[meter].category == "Usage" and world.meter_tenancy[meter] == 0


@given(SEEDS, st.integers(10, 800))
@settings(max_examples=10, deadline=None)
def test_a_day_is_whole_when_an_object_is_36_hours_younger(seed: int, day: int) -> None:
    """The rule by which a day is called complete holds, corrections apart; at as-of D it holds for D-3."""
    world = build(seed, date(2025, 1, 1))
    wanted = world.origin + day * _DAY
    charges = world.month(wanted.replace(day=1))
    ends = _midnight(wanted) + _DAY
    first = min(s for s in range(day * 4, day * 4 + 40) if created(world, s) >= ends + timedelta(hours=36))
    assert created(world, first) < ends + 2 * _DAY
    quarters = slice((wanted.day - 1) * 4, wanted.day * 4)
    assert slots(world, charges)[:, quarters].max() == first
    assert slots(world, charges)[:, quarters].min() == day * 4 + 2


def test_a_report_looks_like_oracles(world: World) -> None:
    """49 columns in order, an hour a line, a day a file, tags with gaps, no hint of causes."""
    month = world.months[14]
    charges = world.month(month)
    day = month + 9 * _DAY
    parts = [
        p for p in report_parts(world, charges, day, _midnight(day + 4 * _DAY)) if p.name.endswith("1.csv.gz")
    ]
    part = parts[0]
    lines = rows(part)
    assert list(lines[0]) == COLUMNS
    assert len(COLUMNS) == 49
    assert part.name.startswith(f"FOCUS Reports/{part.arrived:%Y/%m/%d}/")
    assert {line["ChargePeriodStart"][:10] for line in lines} == {day.isoformat()}
    assert len({line["ChargePeriodStart"] for line in lines}) == 6
    assert len({line["oci_ReferenceNumber"] for line in lines}) == len(lines)
    assert {line["Region"] for line in lines} == {region.name for region in REGIONS}
    assert {line["BillingCurrency"] for line in lines} == {"USD", "EUR"}
    tags = Counter("team" in line["Tags"] for line in lines)
    assert 0.05 < tags[False] / len(lines) < 0.6
    text = str(lines).lower()
    assert not any(word in text for word in ("incident", "anomal", "spike", "waste"))
    cheaper = [line for line in lines if Decimal(line["BilledCost"]) < Decimal(line["ListCost"])]
    assert {"COMPUTE", "DATABASE"} <= {line["ServiceName"] for line in cheaper}


@pytest.mark.parametrize(("seed", "number", "daily"), [(7, 3, False), (99, 14, True), (-1, 8, True)])
def test_corrections_refer_to_the_lines_they_correct(
    seed: int, number: int, daily: bool, tmp_path: Path
) -> None:
    """Signed, no more than the line they correct, same SKU and day, published at least two days after it."""
    world = build(seed, date(2025, 1, 1))
    month, end = world.months[number], _midnight(world.end)
    charges = world.month(month)
    if daily:
        parts = list(daily_parts(world, charges, world.end, end))
    else:
        parts = list(report_parts(world, charges, month + 18 * _DAY, end))
    found = back_references(parts, tmp_path)
    assert found
    for correction in found:
        assert correction.matches == 1
        assert 0 < abs(correction.cost) <= abs(correction.corrected)
        assert correction.arrived >= correction.day_end + 2 * _DAY
