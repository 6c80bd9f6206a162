"""One resource over time, from the daily table."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from finops_tui.focus import CORRECTION, ChargeCategory
from finops_tui.store.compile import Bound
from finops_tui.store.facts import DayCost, PriceChange, ResourceFacts, SkuCost
from finops_tui.store.query import Calendar, plus
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot
from finops_tui.store.tiered import TIERED

_SAME_PRICE = Decimal("1e-6")
"""Relative difference up to which two unit prices are the same: billed amounts are rounded."""


@dataclass(frozen=True)
class _Day:
    day: date
    provider: str | None
    account: str | None
    service: str | None
    sku: str | None
    compartment: str | None
    region: str | None
    tagset: int | None
    usage: bool
    unit: str | None
    currency: str | None
    cost: Decimal | None
    quantity: Decimal | None
    quantity_known: bool
    lines: int

    @property
    def price(self) -> Decimal | None:
        """Billed cost per unit of the day's usage; None where it says nothing."""
        if not (self.usage and self.cost and self.quantity and self.quantity_known):
            return None
        return None if self.sku in TIERED else round(self.cost / self.quantity, 12)


def facts(session: Session, resource_id: str, calendar: Calendar) -> ResourceFacts | None:
    """Everything about the resource before `as_of`; None when the cache has never seen it."""
    return session.read(lambda snapshot: _facts(session, snapshot, resource_id, calendar))


def _facts(
    session: Session, snapshot: Snapshot, resource_id: str, calendar: Calendar
) -> ResourceFacts | None:
    bound, relation = Bound(), session.relation(snapshot)
    identity = session.rows(
        f"SELECT resource_name, resource_type FROM {relation('resources', bound, ())}"
        f" WHERE resource_key = md5_number_lower({bound(resource_id)})",
        bound,
    )
    if not identity:
        return None
    days = _days(session, snapshot, resource_id)
    newest = days[-1] if days else None
    skus = {day.sku for day in days if day.sku}
    names = _names(session, snapshot, {day.compartment for day in days if day.compartment}, skus,
                   {day.account for day in days if day.account})  # fmt: skip
    through = {(a.provider, a.account): a.through for a in calendar.complete}
    totals: dict[str | None, Decimal | None] = {}
    for day in days:
        totals[day.currency] = plus(totals.get(day.currency), day.cost)
    return ResourceFacts(
        resource_id=resource_id,
        name=identity[0][0],
        type=identity[0][1],
        first_seen=days[0].day if days else None,
        last_seen=newest.day if newest else None,
        provider=newest.provider if newest else None,
        account=newest.account if newest else None,
        account_name=names.get(("account", newest.account)) if newest else None,
        services=tuple(sorted({day.service for day in days if day.service})),
        compartment=names.get(("compartment", newest.compartment), newest.compartment) if newest else None,
        region=next((day.region for day in reversed(days) if day.region), None),
        tags=_tags(session, snapshot, newest.tagset) if newest and newest.tagset is not None else {},
        skus=_skus(days, names, through),
        prices=_prices(days, names),
        daily=_daily(days, through),
        totals=totals,
        lines=sum(day.lines for day in days),
        generation=snapshot.generation,
    )


def _days(session: Session, snapshot: Snapshot, resource_id: str) -> list[_Day]:
    bound, relation = Bound(), session.relation(snapshot)
    usage = (
        f"coalesce(lower(charge_category) = '{ChargeCategory.USAGE.lower()}'"
        f" AND lower(charge_class) IS DISTINCT FROM '{CORRECTION.lower()}', false)"
    )
    rows = session.rows(
        "SELECT day, provider_name, account_id, service_name, sku_id, x_compartment_id, region_id,"
        f" tagset_key, {usage} AS of_use, unit, billing_currency, sum(billed_cost), sum(quantity),"
        f" sum(quantity_unknown) = 0, CAST(sum(lines) AS BIGINT) FROM {relation('daily', bound, ())}"
        f" WHERE resource_key = md5_number_lower({bound(resource_id)}) AND day < {bound(session.as_of)}"
        " GROUP BY ALL ORDER BY ALL",
        bound,
    )
    return [_Day(*row) for row in rows]


def _names(
    session: Session, snapshot: Snapshot, compartments: set[str], skus: set[str], accounts: set[str]
) -> dict[tuple[str, str | None], str]:
    bound = Bound()
    wanted = sorted(compartments | skus | accounts)
    rows = session.rows(
        f"SELECT kind, id, name FROM {session.relation(snapshot)('names', bound, ())}"
        f" WHERE id IN (SELECT unnest(CAST({bound(wanted)} AS VARCHAR[]))) AND name IS NOT NULL",
        bound,
    )
    return {(kind, id_): name for kind, id_, name in rows}


def _tags(session: Session, snapshot: Snapshot, key: int) -> dict[str, str]:
    bound = Bound()
    rows = session.rows(
        f"SELECT tags FROM {session.relation(snapshot)('tagsets', bound, ())}"
        f" WHERE tagset_key = CAST({bound(key)} AS UBIGINT)",
        bound,
    )
    found: dict[str, Any] = json.loads(rows[0][0]) if rows else {}
    return {name: str(value) for name, value in found.items()}


def _skus(
    days: list[_Day],
    names: dict[tuple[str, str | None], str],
    through: dict[tuple[str | None, str | None], date | None],
) -> tuple[SkuCost, ...]:
    groups: dict[tuple[str | None, str | None, str | None], list[_Day]] = defaultdict(list)
    for day in days:
        groups[day.sku, day.currency, day.unit].append(day)
    found = []
    for (sku, currency, unit), of in groups.items():
        cost: Decimal | None = None
        quantity: Decimal | None = None
        for day in of:
            cost, quantity = plus(cost, day.cost), plus(quantity, day.quantity)
        whole = [
            d for d in of if d.price is not None and d.day <= (through.get((d.provider, d.account)) or d.day)
        ]
        found.append(
            SkuCost(
                sku, names.get(("sku", sku)), currency, unit, cost,
                quantity if all(day.quantity_known for day in of) else None,
                whole[-1].price if whole else None, of[0].day, of[-1].day,
            )
        )  # fmt: skip
    found.sort(key=lambda s: (-(s.cost or 0), s.sku or "", s.currency or "", s.unit or ""))
    return tuple(found)


def _prices(days: list[_Day], names: dict[tuple[str, str | None], str]) -> tuple[PriceChange, ...]:
    last: dict[tuple[str | None, str | None, str | None], Decimal] = {}
    changes = []
    for day in days:
        price = day.price
        if price is None:
            continue
        key = (day.sku, day.currency, day.unit)
        old = last.get(key)
        if old is not None and abs(price - old) > _SAME_PRICE * abs(old):
            changes.append(
                PriceChange(day.day, day.sku, names.get(("sku", day.sku)), day.unit, day.currency, old, price)
            )
        last[key] = price
    return tuple(reversed(changes))


def _daily(
    days: list[_Day], through: dict[tuple[str | None, str | None], date | None]
) -> tuple[DayCost, ...]:
    costs: dict[tuple[date, str | None], tuple[Decimal | None, bool]] = {}
    for day in days:
        complete = through.get((day.provider, day.account))
        late = complete is None or day.day > complete
        cost, provisional = costs.get((day.day, day.currency), (None, False))
        costs[day.day, day.currency] = (plus(cost, day.cost), provisional or late)
    return tuple(DayCost(day, currency, *value) for (day, currency), value in costs.items())
