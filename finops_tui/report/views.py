"""The views of CONTRACT: each asks the cache and lays the answer out as rows. No formatting here."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from finops_tui.focus import Metric
from finops_tui.report.view import Column, Kind, Row, View, shared_currency
from finops_tui.store.query import Amount, Calendar, CostQuery, CostResult, CostRow, Mover, Period
from finops_tui.store.reader import Cache

NAMED = {"account": "account_name", "resource": "resource_name", "sku": "sku_name"}
"""Dimensions that group by an id → the field with the name that people know."""

PARTS = ("price", "usage", "mix", "new", "gone", "other")


def costs(cache: Cache, query: CostQuery) -> View:
    """The cost query's answer, one row per group, currency and (with a granularity) day or month."""
    with cache.pinned():
        return answered(cache.costs(query), cache.calendar(query.period, query.where))


def answered(result: CostResult, calendar: Calendar) -> View:
    """The view of an answer that was given already."""
    query = result.query
    rows = [_cost_row(query, row) for row in result.rows]
    incomplete = (*nothing_loaded(result.generation), *result.incomplete)
    return View(
        name="costs",
        as_of=calendar.as_of,
        columns=tuple(_cost_columns(query)),
        rows=tuple(rows),
        currency=shared_currency(rows) if query.metric is not Metric.QUANTITY else None,
        complete_through=calendar.complete_through,
        complete=calendar.complete,
        incomplete=incomplete,
        extra={
            **asked(query),
            "granularity": query.granularity,
            "count": result.count,
            "totals": _totals(query, result),
        },
        title=question(query),
    )


def nothing_loaded(generation: int) -> tuple[str, ...]:
    """The note on an empty cache."""
    return () if generation else ("nothing is loaded yet: finops-tui import PATH… brings bills in",)


def asked(query: CostQuery) -> dict[str, Any]:
    """The question, as fields of the JSON object."""
    return {
        "period": period_of(query.period),
        "compared": period_of(query.compared),
        "compare": period_of(query.compare),
        "metric": str(query.metric),
        "group_by": list(query.group_by),
        "where": [where.text for where in query.where],
    }


def period_of(period: Period | None) -> dict[str, Any] | None:
    """A period as JSON has it; the end is exclusive."""
    if period is None:
        return None
    return {"start": period.start, "end": period.end, "label": period.label or None}


def question(query: CostQuery) -> str:
    """The query in words: `billed cost by service, 2026-10-01 to 2026-10-31, service=COMP*`."""
    what = "quantity" if query.metric is Metric.QUANTITY else f"{query.metric} cost"
    by = f" by {', '.join(query.group_by)}" if query.group_by else ""
    days = f"{query.period.start} to {query.period.last}" if query.period.days > 0 else "no days"
    parts = [f"{what}{by}", days, *(where.text for where in query.where)]
    if query.compare is not None and query.compared is not None:
        now, then = query.compared, query.compare
        parts.append(f"change: {now.start} to {now.last} against {then.start} to {then.last}")
    return ", ".join(parts)


def dimensions(group_by: Sequence[str]) -> Iterable[Column]:
    """The columns of grouped dimensions; where a name is known, tables show it beside the id."""
    for dimension in group_by:
        yield Column(dimension, dimension.replace("_", " ").capitalize())
        if dimension in NAMED:
            yield Column(NAMED[dimension], "Name")


def grouped(
    group_by: Sequence[str], keys: Sequence[str | None], labels: Sequence[str | None]
) -> dict[str, Any]:
    """The grouped dimensions of a row, with names where they are known and say something else."""
    row: dict[str, Any] = {}
    for index, dimension in enumerate(group_by):
        row[dimension] = keys[index]
        if dimension in NAMED:
            label = labels[index] if index < len(labels) else None
            row[NAMED[dimension]] = label if label != keys[index] else None
    return row


def _cost_columns(query: CostQuery) -> Iterable[Column]:
    quantity = query.metric is Metric.QUANTITY
    kind: Kind = "quantity" if quantity else "money"
    if query.granularity != "total":
        yield Column("date", query.granularity.capitalize(), "date")
    yield from (column for column in dimensions(query.group_by) if column.name != "currency")
    yield Column("cost", "Cost", "money")
    yield Column("currency", "Currency")
    yield Column("quantity", "Quantity", "quantity")
    yield Column("unit", "Unit")
    yield Column("share", "Share", "share")
    yield Column("previous", "Previous", kind)
    yield Column("delta", "Change", "quantity" if quantity else "delta")
    yield Column("delta_percent", "Change %", "percent")


def _cost_row(query: CostQuery, row: CostRow) -> Row:
    quantity = query.metric is Metric.QUANTITY
    found: dict[str, Any] = {}
    if query.granularity != "total":
        found["date"] = row.day
    found |= grouped(query.group_by, row.keys, row.labels)
    found |= {
        "cost": None if quantity else row.amount.cost,
        "currency": found.get("currency") if quantity else row.currency,
        "quantity": row.amount.cost if quantity else row.quantity,
        "unit": row.unit,
        **change_of(row.amount),
        "share": row.share,
    }
    if row.unknown:
        found["unknown_lines"] = row.unknown
    return found


def change_of(amount: Amount) -> dict[str, Any]:
    """The fields that say how an amount moved."""
    return {
        "previous": amount.previous,
        "delta": amount.delta,
        "delta_percent": amount.delta_percent,
    }


def _totals(query: CostQuery, result: CostResult) -> list[dict[str, Any]]:
    name, value = ("unit", "quantity") if query.metric is Metric.QUANTITY else ("currency", "cost")
    return [
        {name: key, value: amount.cost, **change_of(amount)}
        for key, amount in sorted(result.totals.items(), key=lambda item: item[0] or "")
    ]


def movers(cache: Cache, query: CostQuery) -> View:
    """What changed between the query's two periods, split exactly; no rows where nothing can be compared."""
    with cache.pinned() as generation:
        found = cache.movers(query) if query.compare is not None else ()
        missing = cache.costs(query.but(group_by=(), limit=None)).incomplete
        calendar = cache.calendar(query.period, query.where)
    rows = [_mover_row(query, mover) for mover in found]
    return View(
        name="movers",
        as_of=calendar.as_of,
        columns=tuple(_mover_columns(query)),
        rows=tuple(rows),
        currency=shared_currency(rows),
        complete_through=calendar.complete_through,
        complete=calendar.complete,
        incomplete=(
            *nothing_loaded(generation),
            *(
                ()
                if query.compare is not None
                else ("nothing is compared: no complete days in both periods",)
            ),
            *missing,
        ),
        extra={**asked(query), "count": len(found)},
        title=question(query),
    )


def _mover_columns(query: CostQuery) -> Iterable[Column]:
    yield from (column for column in dimensions(query.group_by) if column.name != "currency")
    yield Column("currency", "Currency")
    yield Column("previous", "Previous", "money")
    yield Column("current", "Current", "money")
    yield Column("delta", "Change", "delta")
    for part in PARTS:
        yield Column(part, part.capitalize(), "delta")


def _mover_row(query: CostQuery, mover: Mover) -> Row:
    return {
        **grouped(query.group_by, mover.keys, mover.labels),
        "currency": mover.currency,
        "previous": mover.previous,
        "current": mover.current,
        "delta": mover.delta,
        **{part: mover.parts[part] for part in PARTS},
    }


def within(day: date, period: Period | None) -> bool:
    """Whether the day lies in the period; no period holds every day."""
    return period is None or period.start <= day < period.end
