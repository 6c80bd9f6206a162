"""The world: the same every time, big enough, exact, and true to any seed and anchor."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_tui.errors import UsageError
from finops_tui.sandbox.origin import origin_of
from finops_tui.sandbox.prices import SKUS
from finops_tui.sandbox.usage import window
from finops_tui.sandbox.world import World, build, month_starts, world_of

SEEDS = st.integers(-(2**40), 2**40)
ANCHORS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(SEEDS, ANCHORS)
@settings(max_examples=12, deadline=None)
def test_a_month_is_the_same_every_time(seed: int, anchor: date) -> None:
    """A month is drawn on its own: neither the months asked before nor the process matter."""
    origin = origin_of(anchor)
    build.cache_clear()
    first = build(seed, origin)
    month = first.months[13]
    alone = first.month(month)
    build.cache_clear()
    second = build(seed, origin)
    second.month(second.months[12])
    again = second.month(month)
    assert first.resources == second.resources
    for name in ("meter", "price", "list_price", "quantity"):
        assert np.array_equal(getattr(alone, name), getattr(again, name))


@given(SEEDS, st.sampled_from([date(2028, 2, 29), date(2024, 1, 1), date(2030, 12, 31), date(2026, 7, 1)]))
@settings(max_examples=6, deadline=None)
def test_any_world_is_a_believable_tenancy(seed: int, anchor: date) -> None:
    world = world_of(seed, anchor, anchor)
    assert (anchor - world.origin).days >= 400
    assert len(world.compartments) >= 30
    assert max(c.path.count("/") for c in world.compartments) >= 4
    things = [r for r in world.resources if r.kind not in ("metricnamespace", "credit")]
    assert len({r.id for r in things}) == len(things)
    assert all(len(r.id.rsplit(".", 1)[1]) == 60 for r in things)
    past = [i for i in world.incidents if i.start < (anchor - world.origin).days * 24]
    assert len(past) >= 10
    assert len({i.cause.split(" ", 1)[1] for i in past}) >= 9
    recent = [i for i in past if i.stop > ((anchor - world.origin).days - 42) * 24]
    assert recent, "nothing worth seeing in the last six weeks"
    seen: set[int] = set()
    services: set[str] = set()
    regions: set[int] = set()
    for month in [m for m in world.months if m < anchor][-8:]:
        charges = world.month(month)
        lines = charges.meter[(charges.quantity != 0).any(axis=1)]
        seen |= set(world.meter_resource[lines].tolist())
        services |= {SKUS[sku].service for sku in world.meter_sku[lines].tolist()}
        regions |= {world.resources[number].region for number in seen}
        main = charges.cost[world.meter_tenancy[charges.meter] == 0].sum(axis=1).tolist()
        assert 130_000 <= sum(main) / 10**14 <= 230_000
    assert len(seen) >= 600
    assert len(services) >= 14
    assert len(regions) == 3


@given(SEEDS, ANCHORS, st.integers(0, 35))
@settings(max_examples=10, deadline=None)
def test_charges_are_exact_whole_numbers(seed: int, anchor: date, number: int) -> None:
    """No cost comes near 64 bits, free-tier lines are at 0, credits alone are negative."""
    world = build(seed, origin_of(anchor))
    charges = world.month(world.months[number])
    exact = charges.quantity.astype(object) * charges.price.astype(object)[:, None]
    assert np.array_equal(charges.cost.astype(object), exact)
    daily = charges.cost.reshape(len(charges.meter), -1, 24).sum(axis=2)
    assert float(np.abs(daily.astype(float)).sum(axis=0).max()) < 2**62
    negative = {SKUS[world.meter_sku[m]].key for m in charges.meter[(charges.cost < 0).any(axis=1)].tolist()}
    assert negative <= {"credit"}
    tiered = charges.meter[(charges.price == 0) & (charges.list_price == 0)]
    assert {"egress", "lb.base", "a1.ocpu"} <= {SKUS[world.meter_sku[m]].key for m in tiered.tolist()}
    assert (charges.price <= charges.list_price).all()


def test_a_free_tier_is_used_up_once_a_month_and_tenancy(world: World) -> None:
    """Egress: at most 10 TB a month and tenancy at 0, then every later hour at the price."""
    sku = next(number for number, s in enumerate(SKUS) if s.key == "egress")
    charges = world.month(world.months[5])
    mine = (world.meter_sku[charges.meter] == sku) & (world.meter_tenancy[charges.meter] == 0)
    free = charges.quantity[mine & (charges.price == 0)].sum(axis=0)
    paid = charges.quantity[mine & (charges.price > 0)].sum(axis=0)
    assert 0 < free.sum() <= SKUS[sku].free < free.sum() + paid.sum()
    assert np.flatnonzero(free).max() < np.flatnonzero(paid).min()


def test_storage_of_a_month_adds_up_to_its_gigabytes(world: World) -> None:
    """A GB-month is spread over the hours of its month: a constant volume bills its size, in any month."""
    volume = next(
        (number, meter)
        for number, meter in enumerate(world.meters)
        if SKUS[meter.sku].key == "block.gb"
        and (world.resources[meter.resource].start, world.resources[meter.resource].stop) == (-1, 10**7)
        and world.resources[meter.resource].kind == "volume"
        and world.activities.shape[meter.activity] == 0
    )
    for month in (world.months[1], world.months[7]):
        charges = world.month(month)
        total = int(charges.quantity[charges.meter == volume[0]].sum())
        assert total == pytest.approx(volume[1].amount * 10**6, rel=1e-6)


@given(ANCHORS, st.integers(0, 30))
def test_near_anchors_share_a_world(anchor: date, days: int) -> None:
    origin = origin_of(anchor)
    assert origin.day == 1
    assert origin.month in (1, 7)
    assert 400 <= (anchor - origin).days <= 585
    later = origin_of(anchor + timedelta(days=days))
    assert later == origin or (anchor + timedelta(days=days) - later).days < 400 + 31


def test_outside_its_life_a_world_says_so() -> None:
    anchor = date(2026, 10, 20)
    for as_of in (date(2020, 1, 1), date(2032, 1, 1)):
        with pytest.raises(UsageError, match="anchored at 2026-10-20"):
            world_of(7, anchor, as_of)
    with pytest.raises(UsageError):
        world_of(7, date(1, 1, 1), date(1, 1, 1))


def test_a_window_is_its_calendar_month() -> None:
    months = month_starts(date(2027, 7, 1), 36)
    spans = [window(months[0], month) for month in months]
    assert [s.first_hour + s.hours for s in spans[:-1]] == [s.first_hour for s in spans[1:]]
    assert next(s.days for s in spans if s.month == date(2028, 2, 1)) == 29
