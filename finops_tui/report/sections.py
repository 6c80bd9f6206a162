"""The report's sections: each asks the cache one question and says the answer in words and a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finops_tui.report.figures import bar, days, money
from finops_tui.report.section import Section
from finops_tui.report.view import Column
from finops_tui.report.views import NAMED, PARTS, change_of
from finops_tui.store.periods import months_later, parse_where
from finops_tui.store.query import (
    NONE,
    UNTAGGED,
    Amount,
    Calendar,
    CostQuery,
    CostRow,
    Mover,
    Period,
    exactly,
)
from finops_tui.store.reader import Cache

MONTHS = 12
TAG_KEYS = 5
AUTOMATIC_TAGS = "oracle-tags."
"""Tags that the cloud sets by itself: they say nothing about people's tagging."""


@dataclass(frozen=True)
class Asked:
    """What every section asks about."""

    cache: Cache
    query: CostQuery
    calendar: Calendar
    rows: int
    """Rows of a table; the rest is summed in one more."""
    tables: tuple[str, ...]
    """Dimensions of "where it goes"."""
    movers: tuple[Mover, ...]
    """By service and compartment, in every currency; largest change first."""


def of_currency(asked: Asked, currency: str | None, untagged: str | None) -> Iterator[Section]:
    """The sections of one currency, in the report's order; `untagged` is said with the tags."""
    one = Asked(
        asked.cache,
        asked.query.but(where=(*asked.query.where, exactly("currency", currency))),
        asked.calendar,
        asked.rows,
        asked.tables,
        tuple(mover for mover in asked.movers if mover.currency == currency),
    )
    if asked.query.compare is not None:
        yield what_changed(one, currency)
    for dimension in one.tables:
        found = where_it_goes(one, currency, dimension, f"Where it goes: {dimension.replace('_', ' ')}")
        if [row["name"] for row in found.rows] != [NONE]:  # a bill that does not know the dimension
            yield found
    yield where_it_goes(one, currency, "account", "Accounts")
    history = months(one, currency)
    if len(history.rows) > 1:
        yield history
    yield from tags(one, currency, untagged)


def months(asked: Asked, currency: str | None) -> Section:
    """The cost of each of the last twelve months with charges, the newest as far as it is billed."""
    newest = asked.cache.calendar().last_day or asked.cache.as_of
    end = newest + timedelta(days=1)
    start = months_later(newest.replace(day=1), 1 - MONTHS)
    query = asked.query.but(
        group_by=(),
        period=Period(start, end),
        compare=None,
        compared=None,
        granularity="month",
    )
    found = [row for row in asked.cache.costs(query).rows if row.day is not None]
    found.sort(key=lambda row: row.day or date.min)
    most = max((row.amount.cost or Decimal(0) for row in found), default=Decimal(0))
    rows = [
        {
            "name": f"{row.day:%Y-%m}",
            "cost": row.amount.cost,
            "bar": bar(float(row.amount.cost / most) if row.amount.cost and most > 0 else None),
        }
        for row in found
    ]
    return Section(
        "months",
        "Month by month",
        currency=currency,
        columns=(Column("name", "Month"), Column("cost", "Cost", "money"), Column("bar", "")),
        rows=tuple(rows),
        notes=("provisional",),
    )


def what_changed(asked: Asked, currency: str | None) -> Section:
    """The movers with the exact split of their change, and the split of all changes together."""
    query, movers = asked.query, asked.movers
    total = {part: sum((m.parts[part] for m in movers), Decimal(0)) for part in PARTS}
    change = sum((mover.delta for mover in movers), Decimal(0))
    first = _first(len(movers), asked.rows)
    rows = [_mover_row(mover) for mover in movers[:first]]
    if rest := movers[first:]:
        rows.append(_rest_of(rest))
    reason = _reason(total) or "nothing moved"
    columns = (
        Column("service", "Service"),
        Column("compartment", "Compartment"),
        Column("previous", "Before", "money"),
        Column("current", "Now", "money"),
        Column("delta", "Change", "delta"),
        Column("why", "Why"),
        *(Column(part, part.capitalize(), "delta", table=False) for part in PARTS),
    )
    return Section(
        "what-changed",
        "What changed, and why",
        currency=currency,
        sentences=(
            f"{days(query.compared)} against {days(query.compare)}: "
            f"{money(change, sign=True)} in all; {reason}.",
        ),
        columns=columns,
        rows=tuple(rows),
        notes=("compared", "split"),
    )


def _first(count: int, rows: int) -> int:
    """How many rows are shown by themselves: all, where only one would be summed up."""
    return count if count <= rows + 1 else rows


def _mover_row(mover: Mover) -> dict[str, Any]:
    service, compartment = mover.keys
    return {
        "service": service or NONE,
        "compartment": compartment or NONE,
        "previous": mover.previous,
        "current": mover.current,
        "delta": mover.delta,
        "why": _reason(mover.parts),
        **mover.parts,
    }


def _rest_of(movers: Sequence[Mover]) -> dict[str, Any]:
    parts = {part: sum((m.parts[part] for m in movers), Decimal(0)) for part in PARTS}
    return {
        "service": f"{len(movers):,} more",
        "compartment": None,
        "previous": sum((m.previous for m in movers), Decimal(0)),
        "current": sum((m.current for m in movers), Decimal(0)),
        "delta": sum((m.delta for m in movers), Decimal(0)),
        "why": _reason(parts),
        **parts,
    }


def _reason(parts: dict[str, Decimal]) -> str:
    """The parts that are not 0 at two decimals, largest first: `usage +5,900.00, price -310.00`."""
    told = [(name, value) for name, value in parts.items() if abs(value) >= Decimal("0.005")]
    told.sort(key=lambda item: (-abs(item[1]), item[0]))
    return ", ".join(f"{name} {money(value, sign=True)}" for name, value in told)


def where_it_goes(asked: Asked, currency: str | None, dimension: str, title: str) -> Section:
    """The largest groups with a bar each, the rest in one row, the total."""
    query = asked.query.but(group_by=(dimension,))
    found = asked.cache.costs(query)
    total = found.totals.get(currency, Amount(None))
    first = _first(len(found.rows), asked.rows)
    twice = _twice(found.rows)
    rows = [_cost_row(row, dimension, twice) for row in found.rows[:first]]
    if rest := found.rows[first:]:
        rows.append(_sum_row(f"{len(rest):,} more", rest, total.cost))
    if len(found.rows) > 1:
        rows.append(
            {"name": "Total", "cost": total.cost, "share": 1.0 if total.cost else None, **change_of(total)}
        )
    kind, _, argument = dimension.partition(":")
    columns = [
        Column("name", argument if kind == "tag" else kind.replace("_", " ").capitalize()),
        Column("id", "Id", table=False),
        Column("cost", "Cost", "money"),
        Column("share", "Share", "share"),
        Column("bar", ""),
        Column("delta", "Change", "delta"),
        Column("delta_percent", "Change %", "percent"),
        Column("previous", "Before", "money", table=False),
    ]
    if query.compare is None:
        columns = [column for column in columns if column.name not in ("delta", "delta_percent")]
    section_id = dimension.replace(":", "-")
    return Section(
        section_id,
        title,
        currency=currency,
        columns=tuple(columns),
        rows=tuple(rows),
        notes=("provisional", "compared") if query.compare else ("provisional",),
    )


def _twice(rows: Sequence[CostRow]) -> frozenset[str | None]:
    """The labels that more than one key has."""
    labels = Counter(row.labels[0] for row in rows if row.labels)
    return frozenset(label for label, count in labels.items() if count > 1)


def _cost_row(row: CostRow, dimension: str, twice: frozenset[str | None]) -> dict[str, Any]:
    key = row.keys[0] or NONE
    label = row.labels[0] if row.labels else None
    told = label or key
    named: dict[str, Any] = {"name": f"{told} (…{key[-6:]})" if label in twice and label else told}
    if dimension in NAMED:
        named["id"] = key if label and label != key else None
    return {
        **named,
        "cost": row.amount.cost,
        "share": row.share,
        "bar": bar(row.share),
        **change_of(row.amount),
    }


def _sum_row(name: str, rows: Sequence[CostRow], total: Decimal | None) -> dict[str, Any]:
    cost = _sum(row.amount.cost for row in rows)
    amount = Amount(
        cost, _sum(row.amount.previous for row in rows), _sum(row.amount.compared for row in rows)
    )
    part = float(cost / total) if cost is not None and total else None
    return {"name": name, "cost": cost, "share": part, "bar": bar(part), **change_of(amount)}


def _sum(values: Iterator[Decimal | None]) -> Decimal | None:
    """What is known of them; None: nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def tags(asked: Asked, currency: str | None, untagged: str | None) -> Iterator[Section]:
    """How much of the usage each tag key covers, and the values of the key that covers most."""
    query = asked.query.but(compare=None, compared=None)
    if not any(where.dimension == "charge_category" for where in query.where):
        query = query.but(where=(*query.where, parse_where("charge_category=usage")))
    keys = [key for key in asked.cache.tag_keys() if not key.lower().startswith(AUTOMATIC_TAGS)][:TAG_KEYS]
    rows, best = [], (Decimal(0), "")
    for key in keys:
        found = asked.cache.costs(query.but(group_by=(f"tag:{key}",)))
        total = found.totals.get(currency, Amount(None)).cost
        without = _sum(row.amount.cost for row in found.rows if row.keys[0] == UNTAGGED) or Decimal(0)
        if total is None or not total:
            continue
        covered = total - without
        if covered > best[0]:
            best = (covered, key)
        rows.append(
            {
                "name": key,
                "values": sum(row.keys[0] != UNTAGGED for row in found.rows),
                "cost": covered,
                "share": float(covered / total),
                "bar": bar(float(covered / total)),
                "untagged": without,
            }
        )
    sentences = [untagged] if untagged else []
    if not rows:
        sentences.append("No line of the period has a tag.")
    yield Section(
        "tags",
        "Tags",
        currency=currency,
        sentences=tuple(sentences),
        columns=(
            Column("name", "Tag key"),
            Column("values", "Values", "count"),
            Column("cost", "Tagged usage", "money"),
            Column("share", "Share", "share"),
            Column("bar", ""),
            Column("untagged", "Untagged usage", "money"),
        )
        if rows
        else (),
        rows=tuple(rows),
        notes=("tags",),
    )
    if best[1]:
        key = best[1]
        yield where_it_goes(asked, currency, f"tag:{key}", f"Where it goes: tag {key}")
