"""`show trends`: daily series out of the cache, through the analysis, laid out as a view."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from finops_tui.analysis.trends import Trend
from finops_tui.analysis.trends import trends as analyse
from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.report.view import Column, Row, View, shared_currency
from finops_tui.report.views import asked, dimensions, grouped, nothing_loaded, question
from finops_tui.store.query import Calendar, CostQuery, CostRow, Period, exactly
from finops_tui.store.reader import Cache

MOST: Final = 2_000
"""Groups that are analysed where no --limit says otherwise: the ones with the most cost."""

_ONE_BY_ONE: Final = 200
"""Up to so many groups of one dimension the query names them; beyond, all days are read."""

Series = tuple[tuple[str | None, ...], str | None]


def trends(cache: Cache, query: CostQuery, limit: int | None) -> View:
    """The trend of each group over the complete days of the period; largest cost first."""
    if query.metric is Metric.QUANTITY:
        raise UsageError("trends are about money", "Give another --metric.")
    with cache.pinned() as generation:
        calendar = cache.calendar(query.period, query.where)
        found = cache.costs(query.but(limit=limit or MOST))
        days = _complete(query.period, calendar)
        daily = cache.costs(_daily(query, found.rows, cache.calendar())).rows if found.rows else ()
    wanted = {(row.keys, row.currency) for row in found.rows}
    frame = _frame([row for row in daily if (row.keys, row.currency) in wanted])
    analysed = analyse(frame, days.start, days.end) if days else {}
    seen = _seen(daily)
    rows = [_row(query, row, analysed.get(_name(row)), seen.get(_name(row))) for row in found.rows]
    incomplete = (*nothing_loaded(generation), *found.incomplete)
    if found.count > len(rows) and limit is None:
        incomplete += (
            f"the {len(rows):,} groups with the most cost out of {found.count:,}: --limit takes more",
        )
    return View(
        name="trends",
        as_of=calendar.as_of,
        columns=tuple(_columns(query)),
        rows=tuple(rows),
        currency=shared_currency(rows),
        complete_through=calendar.complete_through,
        complete=calendar.complete,
        incomplete=incomplete,
        extra={**asked(query.but(compared=days)), "count": found.count, "confidence": 0.95},
        title=question(query),
    )


def _complete(period: Period, calendar: Calendar) -> Period | None:
    """The complete days of the period that hold any charge; None: there are none."""
    through, first = calendar.complete_through, calendar.first_day
    if through is None or first is None:
        return None
    start, end = max(period.start, first), min(period.end, through + timedelta(days=1))
    return Period(start, end) if start < end else None


def _daily(query: CostQuery, rows: tuple[CostRow, ...], everything: Calendar) -> CostQuery:
    """Every day of the same groups: all that is known, so that first and last seen are true."""
    first = everything.first_day or query.period.start
    where = query.where
    named = query.group_by[0] if len(query.group_by) == 1 else ""
    if named and len(rows) <= _ONE_BY_ONE and not any(w.dimension == named for w in where):
        where = (*where, *dict.fromkeys(exactly(named, row.keys[0]) for row in rows))
    return query.but(
        granularity="day",
        period=Period(min(first, query.period.start), everything.as_of),
        where=where,
        limit=None,
    )


def _name(row: CostRow) -> Series:
    return row.keys, row.currency


def _frame(rows: list[CostRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": pd.Series([_name(row) for row in rows], dtype="object"),
            "day": pd.Series([row.day for row in rows], dtype="datetime64[s]"),
            "cost": pd.Series(
                [float("nan") if row.amount.cost is None else float(row.amount.cost) for row in rows],
                dtype="float64",
            ),
        }
    )


def _seen(rows: tuple[CostRow, ...]) -> dict[Series, tuple[date, date]]:
    """First and last day with charges of each group."""
    seen: dict[Series, tuple[date, date]] = {}
    for row in rows:
        if row.day is not None:
            first, last = seen.get(_name(row), (row.day, row.day))
            seen[_name(row)] = min(first, row.day), max(last, row.day)
    return seen


def _row(query: CostQuery, row: CostRow, trend: Trend | None, seen: tuple[date, date] | None) -> Row:
    found: dict[str, Any] = {
        **grouped(query.group_by, row.keys, row.labels),
        "cost": row.amount.cost,
        "currency": row.currency,
    }
    trend = trend or Trend(None, None, None, None, None, 0, "no complete day")
    found |= {
        "slope_per_day": asdict(trend.slope_per_day)
        if trend.slope_per_day
        else {"mean": None, "lower": None, "upper": None},
        "growth_percent": trend.growth_percent,
        "volatility_percent": trend.volatility_percent,
        "weekend_ratio": trend.weekend_ratio,
        "month_end_effect": trend.month_end_effect,
        "first_seen": seen[0] if seen else None,
        "last_seen": seen[1] if seen else None,
        "days": trend.days,
        "note": trend.note or None,
    }
    return found


def _columns(query: CostQuery) -> list[Column]:
    return [
        *(column for column in dimensions(query.group_by) if column.name != "currency"),
        Column("cost", "Cost", "money"),
        Column("currency", "Currency"),
        Column("slope_per_day.mean", "Slope/day", "delta"),
        Column("slope_per_day.lower", "at least", "delta"),
        Column("slope_per_day.upper", "at most", "delta"),
        Column("growth_percent", "Growth", "percent"),
        Column("volatility_percent", "Volatility %", "ratio"),
        Column("weekend_ratio", "Weekend", "ratio"),
        Column("month_end_effect", "Month end", "ratio"),
        Column("first_seen", "First seen", "date"),
        Column("last_seen", "Last seen", "date"),
        Column("days", "Days", "count", table=False),
        Column("note", "Note"),
    ]
