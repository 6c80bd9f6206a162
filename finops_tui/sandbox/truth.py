"""What the world knows, computed from its own arrays and never from its files."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from finops_tui.sandbox.arrivals import SLOT_HOURS, corrections, created, slots
from finops_tui.sandbox.prices import COST_DIGITS, PRICE_DIGITS, SKUS
from finops_tui.sandbox.usage import Ints
from finops_tui.sandbox.world import Charges, World, world_of

PROVIDER = "Oracle"


def truth(seed: int, anchor: date | None = None, as_of: date | None = None) -> dict[str, Any]:
    """What had been billed by `as_of` 00:00 UTC (default: today), the incidents behind it, and the tenancies.

    `billed` and `totals` are exact: Decimal, unrounded, per currency. The anchor is `as_of` unless given.
    """
    as_of = as_of or datetime.now(UTC).date()
    anchor = anchor or as_of
    world = world_of(seed, anchor, as_of)
    billed: dict[tuple[date, str, str, str], int] = defaultdict(int)
    impact = [0] * len(world.incidents)
    for month in world.months:
        if month >= as_of:
            break
        charges = world.month(month)
        _bill(world, charges, as_of, billed)
        _incident_cost(world, charges, as_of, impact)
    totals: dict[tuple[str, str, str], int] = defaultdict(int)
    for (_, *key), cost in billed.items():
        totals[tuple(key)] += cost  # type: ignore[index]
    return {
        "seed": seed,
        "anchor": anchor.isoformat(),
        "as_of": as_of.isoformat(),
        "origin": world.origin.isoformat(),
        "billed": [
            {"date": day.isoformat(), "provider": PROVIDER, "account": account, "service": service,
             "currency": currency, "cost": money(cost)}
            for (day, account, service, currency), cost in sorted(billed.items())
        ],
        "totals": [
            {"account": account, "service": service, "currency": currency, "cost": money(cost)}
            for (account, service, currency), cost in sorted(totals.items())
        ],
        "accounts": [{"id": t.id, "name": t.name, "currency": t.currency} for t in world.tenancies],
        "price_changes": _price_changes(world, as_of),
        "compartments": [{"id": c.id, "path": c.path} for c in world.compartments],
        "incidents": _incidents(world, as_of, impact),
        "waste": [],
        "utilisation": [],
    }  # fmt: skip


def money(cost: int) -> Decimal:
    """A cost in 1e-14 as a Decimal, exactly."""
    return Decimal(cost).scaleb(-COST_DIGITS)


def arrived_quantity(world: World, charges: Charges, as_of: date) -> Ints:
    """The month's quantities, 0 where the line is not yet published at `as_of` 00:00 UTC."""
    now = datetime.combine(as_of, datetime.min.time())
    slot = slots(world, charges)
    known = np.array([created(world, s) < now for s in range(int(slot.min()), int(slot.max()) + 1)])
    arrived = known[slot - slot.min()].repeat(SLOT_HOURS, axis=1)
    return np.where(arrived, charges.quantity, 0)


def _bill(world: World, charges: Charges, as_of: date, billed: dict[tuple[date, str, str, str], int]) -> None:
    span = charges.span
    if not len(charges.meter):
        return
    quantity = charges.quantity
    if span.month + timedelta(days=span.days + 4) > as_of:
        quantity = arrived_quantity(world, charges, as_of)
    shape = (len(charges.meter), span.days, 24)
    cost = (quantity * charges.price[:, None]).reshape(shape).sum(axis=2)
    lines = (quantity != 0).reshape(shape).any(axis=2)
    names = [_key(world, meter) for meter in charges.meter.tolist()]
    days = [span.month + timedelta(days=day) for day in range(span.days)]
    for row, name in enumerate(names):
        for day in np.flatnonzero(lines[row]).tolist():
            billed[days[day], *name] += int(cost[row, day])
    now = datetime.combine(as_of, datetime.min.time())
    for correction in corrections(world, charges):
        if created(world, correction.slot) < now:
            row, day = correction.row, correction.day
            part = charges.quantity[row, day * 24 : day * 24 + 24] * correction.percent // 100
            billed[days[day], *names[row]] += int((part * charges.price[row]).sum())


def _key(world: World, meter: int) -> tuple[str, str, str]:
    tenancy = world.tenancies[world.meter_tenancy[meter]]
    return tenancy.id, SKUS[world.meters[meter].sku].service, tenancy.currency


def _incident_cost(world: World, charges: Charges, as_of: date, impact: list[int]) -> None:
    """Adds what each incident costs in this month until `as_of`, billed already or not."""
    span = charges.span
    hours = min((as_of - span.month).days * 24, span.hours)
    for number, incident in enumerate(world.incidents):
        if incident.start >= span.first_hour + hours or incident.stop <= span.first_hour:
            continue
        rows = np.isin(world.meter_resource, incident.resources)
        with_it = charges.cost[rows[charges.meter], :hours]
        without = 0
        if incident.touched:
            plain = world.charges(span, world.activity(span, without=number))
            without = int((plain.quantity * plain.price[:, None])[rows[plain.meter], :hours].sum())
        impact[number] += int(with_it.sum()) - without


def _incidents(world: World, as_of: date, impact: list[int]) -> list[dict[str, Any]]:
    origin = datetime.combine(world.origin, datetime.min.time())
    found, main = [], world.tenancies[0]
    for incident, cost in zip(world.incidents, impact, strict=True):
        start, stop = (origin + timedelta(hours=hour) for hour in (incident.start, incident.stop))
        if start.date() >= as_of:
            continue
        until = min(stop, datetime.combine(as_of, datetime.min.time()))
        days = max(Decimal((until - start) // timedelta(hours=1)) / 24, Decimal(1))
        resources = [world.resources[number] for number in incident.resources]
        found.append({
            "kind": incident.kind, "cause": incident.cause, "service": incident.service,
            "compartment": incident.path, "account": main.id, "currency": main.currency,
            "resources": [resource.id for resource in resources], "names": [r.name for r in resources],
            "start": f"{start:%Y-%m-%dT%H:%MZ}", "end": f"{stop:%Y-%m-%dT%H:%MZ}",
            "first_day": start.date().isoformat(), "last_day": (stop - timedelta(hours=1)).date().isoformat(),
            "cost": money(cost), "daily_cost": (money(cost) / days).quantize(Decimal("0.01")),
        })  # fmt: skip
    return found


def _price_changes(world: World, as_of: date) -> list[dict[str, Any]]:
    """The contract's renewal and rises of list prices: per SKU and currency, what a day costs more since."""
    found = []
    for number in sorted({world.renewal, world.list_rise}):
        month, before = world.months[number], world.months[number - 1]
        if month >= as_of:
            continue
        charges, old = world.month(month), world.month(before)
        key = {(meter, p > 0): p for meter, p in zip(old.meter.tolist(), old.price.tolist(), strict=True)}
        changed: dict[tuple[str, str], tuple[int, int, int]] = {}
        for row, (meter, new) in enumerate(zip(charges.meter.tolist(), charges.price.tolist(), strict=True)):
            was = key.get((meter, new > 0), new)
            if was != new:
                name = SKUS[world.meters[meter].sku].part, _key(world, meter)[2]
                more = int(charges.quantity[row].sum()) * (new - was)
                changed[name] = (was, new, changed.get(name, (0, 0, 0))[2] + more)
        for (part, currency), (was, new, more) in sorted(changed.items()):
            found.append({
                "kind": "price", "cause": _why(world, number), "sku": part, "currency": currency,
                "first_day": month.isoformat(), "old": _price(was), "new": _price(new),
                "daily_cost": (money(more) / charges.span.days).quantize(Decimal("0.01")),
            })  # fmt: skip
    return found


def _why(world: World, number: int) -> str:
    return "the contract was renewed" if number == world.renewal else "the list price rose"


def _price(number: int) -> Decimal:
    return Decimal(number).scaleb(-PRICE_DIGITS)
