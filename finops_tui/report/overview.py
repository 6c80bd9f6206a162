"""The overview as a view: a block per currency; for people, what changed and where it goes below it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_tui.report.view import Column, Part, Row, View, shared_currency
from finops_tui.report.views import PARTS, change_of, dimensions, grouped, nothing_loaded, period_of
from finops_tui.store.facts import DayCost
from finops_tui.store.overview import CurrencyOverview, LastDay, Overview, TopCost, TopMover


def overview_view(found: Overview) -> View:
    """The overview, one block per currency; it has no rows."""
    blocks = tuple(_block(block) for block in found.currencies)
    parts = tuple(part for block in found.currencies for part in _parts(block))
    return View(
        name="overview",
        as_of=found.as_of,
        columns=_OVERVIEW_COLUMNS,
        rows=blocks,
        rows_name="currencies",
        parts=parts,
        currency=shared_currency(blocks),
        complete_through=found.complete_through,
        complete=found.complete,
        incomplete=(*nothing_loaded(found.generation), *found.notes),
        extra={
            "month": found.month.label if found.month else None,
            "compared": period_of(found.compared),
            "compare": period_of(found.compare),
            "lines": found.lines,
            "rejected": found.rejected,
        },
        title=f"overview, {found.month.label}" if found.month else "overview",
    )


_OVERVIEW_COLUMNS = (
    Column("currency", "Currency"),
    Column("month_to_date", "Month to date", "money"),
    Column("month_to_date_complete", "Complete days", "money", table=False),
    Column("previous_same_days", "Previous", "money"),
    Column("delta", "Change", "delta"),
    Column("delta_percent", "Change %", "percent"),
    Column("forecast_month_end.mean", "Month end", "money"),
    Column("forecast_month_end.lower", "at least", "money"),
    Column("forecast_month_end.upper", "at most", "money"),
    Column("forecast_month_end.basis", "Basis"),
    Column("yesterday.date", "Last day", "date"),
    Column("yesterday.cost", "Cost", "money"),
    Column("untagged_share", "Untagged", "share"),
    Column("savings_open", "Savings", "money"),
    Column("budgets", "Budgets", table=False),
    Column("top_services", "Services", table=False),
    Column("top_movers", "Movers", table=False),
    Column("accounts", "Accounts", table=False),
    Column("daily", "Daily", table=False),
)


def _block(block: CurrencyOverview) -> Row:
    end = block.forecast_month_end
    return {
        "currency": block.currency,
        "month_to_date": block.month_to_date,
        "month_to_date_complete": block.month_to_date_complete,
        "previous_same_days": block.previous_same_days,
        "delta": block.delta,
        "delta_percent": block.delta_percent,
        "forecast_month_end": {
            "mean": end.mean,
            "lower": end.lower,
            "upper": end.upper,
            "basis": end.basis,
        },
        "yesterday": _last_day(block.yesterday),
        "savings_open": None,
        "budgets": None,
        "untagged_share": block.untagged_share,
        "top_services": [_top("service", top, block.currency) for top in block.top_services],
        "top_movers": [_top_mover(mover, block.currency) for mover in block.top_movers],
        "accounts": [_top("account", top, block.currency) for top in block.accounts],
        "daily": [_day(day) for day in block.daily],
    }


def _last_day(last: LastDay | None) -> dict[str, Any] | None:
    if last is None:
        return None
    return {
        "date": last.day,
        "cost": last.cost,
        "previous": last.previous,
        "previous_date": last.previous_day,
        "delta_percent": last.delta_percent,
    }


def _top(dimension: str, top: TopCost, currency: str | None) -> dict[str, Any]:
    return {
        **grouped((dimension,), (top.key,), (top.label,)),
        "cost": top.amount.cost,
        "currency": currency,
        **change_of(top.amount),
        "share": top.share,
    }


def _top_mover(mover: TopMover, currency: str | None) -> dict[str, Any]:
    return {
        "text": mover.text,
        "reason": mover.reason,
        "delta": mover.delta,
        "currency": currency,
        **{part: mover.parts.get(part, Decimal(0)) for part in PARTS},
        "where": [where.text for where in mover.where],
    }


def _day(day: DayCost) -> dict[str, Any]:
    return {"date": day.day, "cost": day.cost, "provisional": day.provisional}


_MOVED = (
    Column("text", "What changed"),
    Column("delta", "Change", "delta"),
    Column("reason", "Why"),
)


def _parts(block: CurrencyOverview) -> Iterator[Part]:
    """What changed and where it goes, as tables for people."""
    unit = block.currency or "unknown currency"
    if block.top_movers:
        yield Part(
            f"What changed, {unit}", _MOVED, tuple(_top_mover(m, block.currency) for m in block.top_movers)
        )
    for dimension, title, tops in (
        ("service", "Services", block.top_services),
        ("account", "Accounts", block.accounts),
    ):
        columns = (
            *dimensions((dimension,)),
            Column("cost", "Month to date", "money"),
            Column("share", "Share", "share"),
            Column("previous", "Previous", "money"),
            Column("delta", "Change", "delta"),
            Column("delta_percent", "Change %", "percent"),
        )
        if tops:
            yield Part(
                f"{title}, {unit}", columns, tuple(_top(dimension, top, block.currency) for top in tops)
            )
