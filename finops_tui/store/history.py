"""Past days that changed: found by a commit, kept in the append-only history."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import duckdb

from finops_tui.focus import CORRECTION
from finops_tui.paths import Paths
from finops_tui.store.lake import Lake, Part
from finops_tui.store.state import explained, open_history, transaction

LATE = "late lines"
CORRECTED = "correction"
REPLACED = "file replaced"
TOOK_OVER = "source took over"

Change = tuple[str | None, str | None, str | None, str | None, str, str | None, str | None, str]
"""provider, account, service, currency, day, old, new, reason; amounts are decimal text."""

_SAME_UNIT = """a.provider_name IS NOT DISTINCT FROM b.provider_name
    AND a.account_id IS NOT DISTINCT FROM b.account_id AND a.day = b.day"""


def remember_settled(connection: duckdb.DuckDBPyConnection, lake: Lake, units: Sequence[Part]) -> None:
    """Make `settled`: the days that were complete, in the source then live, when this refresh began."""
    source = f"{lake.scan(units)} WHERE live AND complete" if units else None
    none = "SELECT CAST(NULL AS VARCHAR) AS provider_name, CAST(NULL AS VARCHAR) AS account_id,"
    empty = f"{none} CAST(NULL AS DATE) AS day WHERE false"
    held = f"SELECT DISTINCT provider_name, account_id, day FROM {source}" if source else empty
    connection.execute(f"CREATE TEMP TABLE settled AS {held}")


def changed_days(lake: Lake, rollup_before: Sequence[Part]) -> list[Change]:
    """What this commit changes of settled days, by service and currency. Call it when `judged` is made."""
    connection = lake.connection
    touched = """SELECT provider_name, account_id, day FROM delta UNION
        SELECT provider_name, account_id, day FROM gone UNION FROM flipped"""
    connection.execute(
        f"""CREATE TEMP TABLE reopened AS SELECT a.provider_name, a.account_id, a.day
        FROM settled a SEMI JOIN ({touched}) b ON {_SAME_UNIT}"""
    )
    if not rollup_before or not connection.execute("SELECT 1 FROM reopened LIMIT 1").fetchone():
        return []
    keys = "provider_name, account_id, service_name, billing_currency, day"
    sums = [
        f"""SELECT {keys}, sum(billed_cost) AS cost FROM {relation} a
        SEMI JOIN reopened b ON {_SAME_UNIT} GROUP BY ALL"""
        for relation in (lake.scan(rollup_before), "(SELECT * FROM judged WHERE live)")
    ]
    same = " AND ".join(f"o.{key.strip()} IS NOT DISTINCT FROM n.{key.strip()}" for key in keys.split(","))
    values = ", ".join(
        f"coalesce(n.{key.strip()}, o.{key.strip()}) AS {key.strip()}" for key in keys.split(",")
    )
    return connection.execute(
        f"""WITH a AS (
            SELECT {values}, o.cost AS old, n.cost AS new
            FROM ({sums[0]}) o FULL JOIN ({sums[1]}) n ON {same}
            WHERE o.cost IS DISTINCT FROM n.cost
        )
        SELECT provider_name, account_id, service_name, billing_currency, CAST(day AS VARCHAR),
            CAST(old AS VARCHAR), CAST(new AS VARCHAR),
            CASE WHEN EXISTS (FROM flipped b WHERE {_SAME_UNIT}) THEN '{TOOK_OVER}'
                WHEN EXISTS (FROM gone b WHERE {_SAME_UNIT}) THEN '{REPLACED}'
                WHEN EXISTS (FROM delta b WHERE {_SAME_UNIT} AND charge_class = '{CORRECTION}'
                    AND a.service_name IS NOT DISTINCT FROM b.service_name) THEN '{CORRECTED}'
                ELSE '{LATE}' END
        FROM a ORDER BY ALL"""
    ).fetchall()


def queue(state: sqlite3.Connection, changes: Sequence[Change], generation: int, seen: str) -> None:
    """Put the changes on their way, inside the transaction that makes them true."""
    cache = state.execute("SELECT value FROM meta WHERE name = 'cache'").fetchone()[0]
    state.executemany(
        "INSERT INTO pending_change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (f"{cache}-{generation}-{number}", *change[:7], seen, change[7])
            for number, change in enumerate(changes)
        ),
    )


def deliver(paths: Paths, state: sqlite3.Connection) -> None:
    """Move what is on its way into the history. Killed in between, the next refresh finds it and goes on."""
    with explained(paths.state_db):
        rows = state.execute("SELECT * FROM pending_change").fetchall()
    if not rows:
        return
    with closing(open_history(paths)) as history, transaction(history, paths.history_db):
        history.executemany(f"INSERT OR IGNORE INTO day_change VALUES ({', '.join('?' * 10)})", rows)
    with transaction(state, paths.state_db):
        state.executemany("DELETE FROM pending_change WHERE id = ?", ((row[0],) for row in rows))
