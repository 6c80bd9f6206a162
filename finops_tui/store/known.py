"""What was known on a day: the daily table as it would have been without the lines that arrived since.

Summed anew from the line items, with the sources that were live then; only when anything arrived since.
"""

import threading
from datetime import date, datetime
from typing import TYPE_CHECKING

from finops_tui.focus import CORRECTION
from finops_tui.store import snapshot as manifest
from finops_tui.store.compile import Bound
from finops_tui.store.daily import DIMENSIONS, summed_lines
from finops_tui.store.live import live_units
from finops_tui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from finops_tui.store.session import Session

_BUILDING = threading.Lock()


def unchanged(snapshot: Snapshot, as_of: date) -> bool:
    """Whether no line of the cache arrived on `as_of` or later, so that the daily files serve."""
    limit = as_of.isoformat()
    return all((file.max_arrived or "") < limit for file in snapshot.of("lines"))


def tables(session: "Session", snapshot: Snapshot) -> dict[str, str]:
    """Kind → what stands after FROM instead of its files; empty where the files serve."""
    if unchanged(snapshot, session.as_of):
        return {}
    with _BUILDING:
        made = session.known_tables.get(snapshot.generation)
        if made is None:
            made = _build(session, snapshot)
            session.known_tables[snapshot.generation] = made
    return made


def _build(session: "Session", snapshot: Snapshot) -> dict[str, str]:
    bound = Bound()
    as_of = bound(datetime(session.as_of.year, session.as_of.month, session.as_of.day))
    files = snapshot.relation("lines", bound, ())
    before = f"SELECT * FROM {files} WHERE x_arrived < {as_of} AND charge_period_start < {as_of}"
    account, day = DIMENSIONS["account_id"], DIMENSIONS["day"]
    units = (
        f"(SELECT provider_name, {account} AS account_id, {day} AS day, x_source, count(*) AS lines,"
        f" count(*) FILTER (charge_class = '{CORRECTION}') AS corrections FROM ({before}) GROUP BY ALL)"
    )
    made = {"units": session.table_name("units_"), "daily": session.table_name("daily_")}
    session.rows(f"CREATE TABLE {made['units']} AS {live_units(units, _reach(session, bound))}", bound)
    live = (
        f"(SELECT l.* FROM ({before}) l SEMI JOIN (SELECT * FROM {made['units']} WHERE live) u"
        f" ON u.provider_name IS NOT DISTINCT FROM l.provider_name"
        f" AND u.account_id IS NOT DISTINCT FROM {account} AND u.day = {day} AND u.x_source = l.x_source)"
    )
    lines = Bound()
    lines.values.update({name: bound.values[name] for name in bound.values if f"${name}" in live})
    session.rows(f"CREATE TABLE {made['daily']} AS {summed_lines(live)}", lines)
    return {**made, "rollup": made["daily"]}


def _reach(session: "Session", bound: Bound) -> str:
    """SQL of when each source's objects for an account were published, of those published before as-of."""
    with manifest.state(session.paths) as connection:
        rows = (
            connection.execute(
                "SELECT DISTINCT a.provider, a.account, r.source, r.oldest, r.newest FROM account a JOIN"
                " (SELECT provider, billing_account, source, min(arrived) AS oldest, max(arrived) AS newest"
                " FROM arrival WHERE arrived < ? GROUP BY 1, 2, 3) r"
                " ON r.provider IS a.provider AND r.billing_account IS a.billing_account",
                (session.as_of.isoformat(),),
            ).fetchall()
            if connection
            else []
        )
    columns: list[list[object]] = [list(column) for column in zip(*rows, strict=True)] or [
        [] for _ in range(5)
    ]
    types = ("VARCHAR", "VARCHAR", "VARCHAR", "TIMESTAMP", "TIMESTAMP")
    names = ("provider_name", "account_id", "x_source", "oldest", "newest")
    lists = ", ".join(
        f"CAST(unnest(CAST({bound(values)} AS VARCHAR[])) AS {type_}) AS {name}"
        for values, type_, name in zip(columns, types, names, strict=True)
    )
    return f"(SELECT {lists})"
