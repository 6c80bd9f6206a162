"""What is missing from an answer, in words."""

import json
from datetime import date, timedelta

from finops_tui.focus import Metric
from finops_tui.store import snapshot as manifest
from finops_tui.store.query import Amount, Calendar, CostQuery, Period
from finops_tui.store.session import Session

DAY = timedelta(days=1)


def rejected(session: Session) -> tuple[int, int]:
    """(lines, files): lines of loaded files that were rejected, and the files they were in."""
    with manifest.state(session.paths) as connection:
        rows = (
            connection.execute("SELECT rejected FROM source_file WHERE retired_at IS NULL").fetchall()
            if connection
            else []
        )
    counts = [sum(json.loads(text).values()) for (text,) in rows]
    return sum(counts), sum(1 for count in counts if count)


def days(period: Period) -> str:
    """ "2026-11-22 to 2026-11-23", or the one day."""
    return period.start.isoformat() if period.days == 1 else f"{period.start} to {period.last}"


def provisional(period: Period, calendar: Calendar) -> Period | None:
    """The charged days of the period after the last complete one; None: there are none."""
    if calendar.last_day is None:
        return None
    end = min(period.end, calendar.last_day + DAY)
    through = calendar.complete_through
    start = max(period.start, through + DAY) if through else period.start
    return Period(start, end) if start < end else None


def written(
    session: Session,
    query: CostQuery,
    calendar: Calendar,
    totals: dict[str | None, Amount],
    unknown: int,
    first_day: date | None,
) -> tuple[str, ...]:
    """The notes on an answer whose totals and number of unknown values are given."""
    notes = []
    metric = "quantity" if query.metric is Metric.QUANTITY else f"{query.metric} cost"
    if unknown:
        notes.append(f"{metric} unknown on {unknown} line{_s(unknown)}: not in the sums")
    if days_left := provisional(query.period, calendar):
        through = calendar.complete_through
        notes.append(f"provisional: {days(days_left)} (complete through {through or 'no day yet'})")
    if None in totals and query.metric is not Metric.QUANTITY:
        notes.append("some lines name no currency: they are a total of their own")
    lines, files = rejected(session)
    if lines:
        notes.append(f"{lines} line{_s(lines)} of {files} file{_s(files)} could not be read and are left out")
    notes += before_the_cache(query, first_day)
    return tuple(notes)


def before_the_cache(query: CostQuery, first_day: date | None) -> list[str]:
    """What of the period and of the comparison lies before the first charged day."""
    if first_day is None:
        return []
    early = [("the period", query.period.start < first_day)]
    early += [("the comparison", query.compare.start < first_day)] if query.compare else []
    return [
        f"the cache begins on {first_day}: the days before are not in {what}"
        for what, is_so in early
        if is_so
    ]


def _s(count: int) -> str:
    return "" if count == 1 else "s"
