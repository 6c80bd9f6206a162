"""Cost per day of some rows of a table: what the sparklines show."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finops_tui.focus import Metric
from finops_tui.store.compile import Bound, Wanted, groups, labels
from finops_tui.store.query import Calendar, CostQuery, CostRow, Period, RowKey, exactly
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot

DAY = timedelta(days=1)


def row_key(query: CostQuery, row: CostRow) -> RowKey:
    """What tells a row from the others of its table."""
    return row.keys, row.unit if query.metric is Metric.QUANTITY else row.currency


def sparks(
    session: Session,
    query: CostQuery,
    rows: Sequence[CostRow],
    days: int,
    calendar: Calendar,
    first: date | None,
) -> dict[RowKey, tuple[Decimal | None, ...]]:
    """Per row `days` amounts, oldest first, ending at the period's last day that is complete for some
    account. 0: no charges that day; None: unknown, or before the first charged day."""
    wanted = {row_key(query, row) for row in rows}
    last = min(query.period.last, session.as_of - DAY)
    newest = max((a.through for a in calendar.complete if a.through), default=last)
    last = min(last, max(newest, query.period.start))
    window = Period(last - days * DAY + DAY, last + DAY)
    narrowed = [
        exactly(dimension, key)
        for index, dimension in enumerate(query.group_by)
        for key in dict.fromkeys(row.keys[index] for row in rows)
    ]
    asked = query.but(period=window, compared=None, compare=None, granularity="day")
    kept = tuple(w for w in query.where if w.dimension not in query.group_by or w.negated)
    asked = asked.but(where=(*kept, *narrowed))
    found: dict[RowKey, dict[date, Decimal | None]] = {}
    for *keys, day, money, cost in session.read(lambda snapshot: _daily(session, asked, snapshot)):
        found.setdefault((tuple(keys), money), {})[day] = cost
    axis = [window.start + index * DAY for index in range(days)]
    nothing = {day: Decimal(0) for day in axis if first is None or day >= first}
    return {key: tuple({**nothing, **found.get(key, {})}.get(day) for day in axis) for key in wanted}


def _daily(session: Session, query: CostQuery, snapshot: Snapshot) -> list[tuple[Any, ...]]:
    bound, relation = Bound(), session.relation(snapshot)
    sql = groups(query, session.as_of, bound, relation, Wanted())
    shown, joins = labels(query.group_by, bound, relation)
    keys = "".join(f"k{index}, " for index in range(len(query.group_by)))
    shown = f"{shown}, " if shown else ""
    return session.rows(
        f"SELECT {keys}day, u, cost FROM (SELECT {shown}g.day, g.u, g.cost FROM ({sql}) g{joins})", bound
    )
