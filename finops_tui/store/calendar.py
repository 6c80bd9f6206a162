"""Which days the bill holds and through when it is complete, for the accounts a question touches."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from finops_tui.focus import Source
from finops_tui.store import periods
from finops_tui.store import snapshot as manifest
from finops_tui.store.compile import Bound, kept, needs_daily
from finops_tui.store.completeness import complete_through
from finops_tui.store.query import AccountThrough, Calendar, Period, Where
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot

DAY = timedelta(days=1)


def throughs(session: Session) -> dict[tuple[str | None, str | None], AccountThrough]:
    """Every known account's last complete day, as of the session's day."""
    limit = session.as_of.isoformat() if session.known else "9999"
    with manifest.state(session.paths) as connection:
        rows = (
            connection.execute(
                "SELECT a.provider, a.account, max(a.name), max((SELECT max(r.arrived) FROM arrival r"
                " WHERE r.provider IS a.provider AND r.billing_account IS a.billing_account"
                " AND r.arrived < ?)),"
                " (SELECT max(c.last_day) FROM coverage c WHERE c.provider IS a.provider"
                " AND c.account IS a.account AND c.source = ?) FROM account a GROUP BY 1, 2",
                (limit, Source.IMPORT.value),
            ).fetchall()
            if connection
            else []
        )
    return {(row[0], row[1]): _through(row, session) for row in rows}


def _through(row: tuple[Any, ...], session: Session) -> AccountThrough:
    provider, account, name, arrived, imported = row
    newest = datetime.fromisoformat(arrived) if arrived else None
    last = date.fromisoformat(imported) if imported else None
    day = complete_through(newest, last, session.as_of, known=session.known)
    return AccountThrough(provider, account, day, name)


def calendar(session: Session, period: Period | None, where: Sequence[Where]) -> Calendar:
    """First and last charged day and each account's completeness, over the period's kept lines."""
    rows = session.read(lambda snapshot: _charged(session, snapshot, period, where))
    complete = throughs(session)
    accounts = tuple(
        complete.get((provider, account), AccountThrough(provider, account, None))
        for provider, account, _, _ in rows
    )
    return Calendar(
        session.as_of,
        min((row[2] for row in rows), default=None),
        max((row[3] for row in rows), default=None),
        accounts,
    )


def _charged(
    session: Session, snapshot: Snapshot, period: Period | None, where: Sequence[Where]
) -> list[tuple[Any, ...]]:
    bound, relation = Bound(), session.relation(snapshot)
    asked = (
        Period(period.start, min(period.end, session.as_of)) if period else Period(date.min, session.as_of)
    )
    kind = "daily" if needs_daily(w.dimension for w in where) else "rollup"
    conditions = [f"day < {bound(asked.end)}"]
    if period:
        conditions.append(f"day >= {bound(asked.start)}")
    conditions += kept(where, bound, relation)
    return session.rows(
        f"SELECT provider_name, account_id, min(day), max(day) FROM {relation(kind, bound, (asked,))}"
        f" WHERE {' AND '.join(conditions)} GROUP BY ALL ORDER BY ALL",
        bound,
    )


Look = Callable[[Period | None, Sequence[Where]], Calendar]
"""The calendar of a period and filters: `Cache.calendar`."""


def resolve(look: Look, text: str, where: Sequence[Where]) -> Period:
    """The days a period's text means for the lines under the filters; UsageError when it spells none.

    "30d" ends at the earliest complete day of the accounts with charges in the window before the newest
    complete day, so that an account whose bill ended long ago does not drag it back.
    """
    known = look(None, where)
    count = periods.day_count(text)
    if count is None:
        charged = (
            Period(known.first_day, known.last_day + DAY) if known.first_day and known.last_day else None
        )
        return periods.fixed(text, known.as_of, charged)
    newest = max((a.through for a in known.complete if a.through), default=known.last_day)
    newest = newest or known.as_of - DAY
    window = Period(newest - count * DAY + DAY, newest + DAY)
    end = look(window, where).complete_through or newest
    return Period(end - count * DAY + DAY, end + DAY, text)


def compared(
    look: Look, period: Period, compare: str | Period, where: Sequence[Where]
) -> tuple[Period, Period] | None:
    """(complete days of the period, the earlier days they are held against); None: nothing to compare."""
    if compare == "none":
        return None
    through = look(period, where).complete_through
    if through is None:
        return None
    complete = Period(period.start, min(period.end, through + DAY))
    if complete.days <= 0:
        return None
    if isinstance(compare, str) and compare in ("previous", "year"):
        earlier = periods.earlier(period, complete, compare)
    else:
        earlier = resolve(look, compare, where) if isinstance(compare, str) else compare
        earlier = Period(earlier.start, min(earlier.end, through + DAY), earlier.label)
    return (complete, earlier) if earlier is not None and earlier.days > 0 else None
