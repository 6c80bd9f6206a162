"""The manifest in state.db: which source files are in, which Parquet files are live, the swap to the next."""

import json
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from finops_tui.focus import Source
from finops_tui.paths import Paths
from finops_tui.store import schema
from finops_tui.store.arriving import Arrival
from finops_tui.store.lake import Lake, Part
from finops_tui.store.state import explained, open_database, refuse_newer, version

KEPT: Final = timedelta(hours=1)
"""How long a retired file stays for the readers of an older snapshot."""

MOST_REFUSALS: Final = 1_000
"""Refused files that are remembered, the newest."""


def now() -> str:
    """This instant as the stores write it."""
    return text(datetime.now(UTC).replace(tzinfo=None, microsecond=0)) or ""


def text(when: datetime | None) -> str | None:
    """An instant as the stores write it; None stays None."""
    return when.isoformat(" ") if when else None


def open_for_refresh(paths: Paths) -> sqlite3.Connection:
    """state.db for the holder of the lock: made anew where an older program wrote it, a newer one refused."""
    for path, known in (
        (paths.history_db, schema.HISTORY_VERSION),
        (paths.ledger_db, schema.LEDGER_VERSION),
        (paths.state_db, schema.STATE_VERSION),
    ):
        refuse_newer(path, known)
    found = version(paths.state_db)
    with explained(paths.cache):
        if found is not None and found < schema.STATE_VERSION:
            drop_cache(paths)
        (paths.cache / schema.LAKE).mkdir(mode=0o700, exist_ok=True)
        (paths.cache / schema.LAKE).chmod(0o700)
    state = open_database(paths.state_db, schema.STATE, schema.STATE_VERSION)
    with explained(paths.state_db):
        state.execute("INSERT OR IGNORE INTO meta VALUES ('cache', ?)", (secrets.token_hex(8),))
    return state


def drop_cache(paths: Paths) -> None:
    """Delete what can be rebuilt. History and ledger lie elsewhere and stay."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{paths.state_db}{suffix}").unlink(missing_ok=True)
    lake = paths.cache / schema.LAKE
    if lake.exists():
        shutil.rmtree(lake)


def sweep(paths: Paths, state: sqlite3.Connection) -> None:
    """Delete Parquet files retired, or left behind by a crash, over an hour ago; and dead readers' spill."""
    _sweep_spill(paths.temp)
    limit = text(datetime.now(UTC).replace(tzinfo=None, microsecond=0) - KEPT)
    old = state.execute("SELECT path FROM parquet_file WHERE retired_at < ?", (limit,)).fetchall()
    for (path,) in old:
        (paths.cache / path).unlink(missing_ok=True)
    state.execute("DELETE FROM parquet_file WHERE retired_at < ?", (limit,))
    named = {paths.cache / row[0] for row in state.execute("SELECT path FROM parquet_file")}
    for path in (paths.cache / schema.LAKE).iterdir():
        if path not in named and path.lstat().st_mtime < time.time() - KEPT.total_seconds():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sweep_spill(temp: Path) -> None:
    """Delete what DuckDB spilled in processes that are no more (the engine names its folders PID-…)."""
    for folder in temp.iterdir() if temp.exists() else ():
        pid = folder.name.partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except (ValueError, ProcessLookupError):
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # a process of somebody else has the number now: it goes another time


def generation(state: sqlite3.Connection) -> int:
    """The generation of the cost lines; 0: nothing was ever loaded."""
    row = state.execute("SELECT generation FROM topic WHERE name = ?", (schema.LINES_TOPIC,)).fetchone()
    return int(row[0]) if row else 0


def live_parts(state: sqlite3.Connection) -> list[Part]:
    """The live Parquet files."""
    rows = state.execute(
        "SELECT path, kind, month, source, rows, bytes, first_day, last_day, max_arrived, first_key, last_key"
        " FROM parquet_file WHERE retired_at IS NULL ORDER BY path"
    )
    return [
        Part(path, kind, month, source, count, size, _date(first), _date(last), _instant(arrived), low, high)
        for path, kind, month, source, count, size, first, last, arrived, low, high in rows
    ]


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def same_bytes(state: sqlite3.Connection, sha256: str) -> bool:
    """Whether a file with these bytes counts."""
    found = state.execute("SELECT 1 FROM source_file WHERE sha256 = ? AND retired_at IS NULL", (sha256,))
    return found.fetchone() is not None


def claimed(state: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """SHA-256 of the bytes that files of these names had when they were last loaded."""
    found: set[str] = set()
    for name in names:
        found.update(row[0] for row in state.execute("SELECT sha256 FROM claim WHERE name = ?", (name,)))
    return found


def replaced(state: sqlite3.Connection, claims: Mapping[str, str], arriving: Iterable[str]) -> set[int]:
    """Numbers of the files that count no longer once the names have the bytes `claims` says.

    That is where no name is left that has their bytes, or the same bytes arrive anew.
    """
    kept = set(claims.values())
    gone = set(arriving)
    for sha256 in claimed(state, claims) - kept:
        holders = {row[0] for row in state.execute("SELECT name FROM claim WHERE sha256 = ?", (sha256,))}
        if holders <= claims.keys():
            gone.add(sha256)
    found: set[int] = set()
    for sha256 in gone:
        rows = state.execute(
            "SELECT number FROM source_file WHERE sha256 = ? AND retired_at IS NULL", (sha256,)
        )
        found.update(row[0] for row in rows)
    return found


def remember_claims(state: sqlite3.Connection, claims: Mapping[str, str]) -> None:
    """Write down which bytes each name has, in a transaction. A file goes by a name that has its bytes."""
    state.executemany("INSERT OR REPLACE INTO claim VALUES (?, ?)", claims.items())
    state.executemany(
        """UPDATE source_file SET name = ?1 WHERE sha256 = ?2 AND retired_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.name = source_file.name AND c.sha256 = ?2)""",
        claims.items(),
    )


def next_number(state: sqlite3.Connection) -> int:
    """The number of the next source file; none is ever used twice."""
    row = state.execute("SELECT seq FROM sqlite_sequence WHERE name = 'source_file'").fetchone()
    return int(row[0]) + 1 if row else 1


def reach(
    state: sqlite3.Connection,
    connection: duckdb.DuckDBPyConnection,
    replaced: set[int],
    arrivals: Sequence[Arrival],
) -> list[tuple[str | None, str | None, str, datetime, datetime]]:
    """(provider, account, source, oldest, newest) of the published objects after this commit."""
    accounts = set(state.execute("SELECT provider, account, billing_account FROM account"))
    found: dict[tuple[str | None, str | None, str], list[datetime]] = {}
    for provider, billing, source, file, arrived in state.execute("SELECT * FROM arrival"):
        if file not in replaced:
            found.setdefault((provider, billing, source), []).append(datetime.fromisoformat(arrived))
    published = {arrival.number: arrival.file.arrived for arrival in arrivals}
    for file, source, provider, account, billing in origins(connection):
        accounts.add((provider, account, billing))
        when = published[file]
        if when is not None:
            found.setdefault((provider, billing, source), []).append(when)
    spans: dict[tuple[str | None, str | None, str], tuple[datetime, datetime]] = {}
    for provider, account, billing in accounts:
        for source in Source:
            times = [*found.get((provider, billing, source), ()), *spans.get((provider, account, source), ())]
            if times:
                spans[provider, account, source] = (min(times), max(times))
    return [(*key, *span) for key, span in spans.items()]


def origins(
    connection: duckdb.DuckDBPyConnection,
) -> list[tuple[int, str, str | None, str | None, str | None]]:
    """(file, source, provider, account, billing account) of the arriving lines."""
    return connection.execute(
        "SELECT DISTINCT x_file, x_source, provider_name, account_id, billing_account_id FROM origin"
    ).fetchall()


def swap(
    state: sqlite3.Connection, lake: Lake, arrivals: Sequence[Arrival], replaced: set[int], at: str
) -> int:
    """Make the commit's files the live ones. To be called inside a transaction. Returns the generation."""
    number = generation(state) + 1
    state.execute(
        "INSERT INTO topic VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET generation = excluded.generation",
        (schema.LINES_TOPIC, number),
    )
    marks = ", ".join("?" * len(replaced))
    state.execute(f"UPDATE source_file SET retired_at = ? WHERE number IN ({marks})", (at, *replaced))
    for table in ("file_month", "arrival"):
        state.execute(f"DELETE FROM {table} WHERE file IN ({marks})", tuple(replaced))
    state.executemany(
        f"INSERT INTO source_file VALUES ({', '.join('?' * 14)})",
        (_file_row(arrival, at) for arrival in arrivals),
    )
    _swap_parts(state, lake, number, at)
    _swap_origins(state, lake.connection, arrivals)
    return number


def _file_row(arrival: Arrival, at: str) -> tuple[object, ...]:
    file = arrival.file
    return (
        arrival.number,
        file.name,
        file.sha256,
        file.size,
        str(file.source),
        file.rows,
        json.dumps(dict(file.rejected), sort_keys=True),
        json.dumps(list(file.examples)),
        file.rounded,
        json.dumps(list(file.ignored)),
        json.dumps(dict(file.unread), sort_keys=True),
        text(file.arrived),
        at,
        None,
    )


def remember_refusals(
    state: sqlite3.Connection, refused: Mapping[str, tuple[str, str]], loaded: Iterable[str], at: str
) -> None:
    """Write down name → (reason, hint), inside a transaction, and forget those of `loaded` names."""
    state.executemany("DELETE FROM refusal WHERE name = ?", ((name,) for name in loaded))
    state.executemany(
        "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?)",
        ((name, reason, hint, at) for name, (reason, hint) in refused.items()),
    )
    state.execute(
        "DELETE FROM refusal WHERE name NOT IN (SELECT name FROM refusal ORDER BY at DESC, name LIMIT ?)",
        (MOST_REFUSALS,),
    )


def _swap_parts(state: sqlite3.Connection, lake: Lake, number: int, at: str) -> None:
    state.executemany(
        "UPDATE parquet_file SET retired_at = ? WHERE path = ?", ((at, part.path) for part in lake.retired)
    )
    state.executemany(
        f"INSERT INTO parquet_file VALUES ({', '.join('?' * 13)})",
        (
            (
                *(part.path, part.kind, part.month, part.source, part.rows, part.bytes),
                *(_iso(part.first_day), _iso(part.last_day), text(part.max_arrived)),
                *(part.first_key, part.last_key, number, None),
            )
            for part in lake.made
        ),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _swap_origins(
    state: sqlite3.Connection, connection: duckdb.DuckDBPyConnection, arrivals: Sequence[Arrival]
) -> None:
    """Write down which files hold which months, what was published when, and what is held per account."""
    months = connection.execute(
        "SELECT x_file, month, sum(lines)::BIGINT FROM origin GROUP BY ALL"
    ).fetchall()
    state.executemany("INSERT INTO file_month VALUES (?, ?, ?)", months)
    published = {arrival.number: text(arrival.file.arrived) for arrival in arrivals}
    found = origins(connection)
    state.executemany(
        "INSERT INTO arrival VALUES (?, ?, ?, ?, ?)",
        {
            (provider, billing, source, file, published[file])
            for file, source, provider, _, billing in found
            if published[file]
        },
    )
    accounts = {(row[0], row[1], row[2]) for row in state.execute("SELECT * FROM account")}
    accounts |= {(provider, account, billing) for _, _, provider, account, billing in found}
    held = connection.execute(
        """SELECT provider_name, account_id, x_source, CAST(min(day) AS VARCHAR), CAST(max(day) AS VARCHAR),
            sum(lines)::BIGINT, coalesce(sum(lines) FILTER (live), 0)::BIGINT FROM units GROUP BY ALL"""
    ).fetchall()
    charged = {(provider, account) for provider, account, *_ in held}
    accounts = {row for row in accounts if row[:2] in charged}
    names = dict(connection.execute("SELECT id, name FROM account_name WHERE kind = 'account'").fetchall())
    state.execute("DELETE FROM account")
    state.executemany(
        "INSERT INTO account VALUES (?, ?, ?, ?)",
        ((provider, account, billing, names.get(account)) for provider, account, billing in accounts),
    )
    state.execute("DELETE FROM coverage")
    state.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?)", held)
