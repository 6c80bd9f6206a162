"""What the cache holds: sources, files and the past days that changed. SQLite alone."""

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

from finops_tui.focus import Source
from finops_tui.store import calendar, schema
from finops_tui.store import snapshot as manifest
from finops_tui.store.facts import DayChange, FileRefusal, FileStatus, SourceStatus
from finops_tui.store.session import Session
from finops_tui.store.state import explained, open_to_read


def sources(session: Session) -> tuple[SourceStatus, ...]:
    """Per source and account: what is in, and through when the account is complete."""
    throughs = calendar.throughs(session)
    with manifest.state(session.paths) as connection:
        if connection is None:
            return ()
        held = connection.execute(
            "SELECT provider, account, source, first_day, last_day, lines FROM coverage ORDER BY 1, 2, 3"
        ).fetchall()
        loaded = {
            row[0]: row[1:]
            for row in connection.execute(
                "SELECT source, count(*), max(loaded_at) FROM source_file WHERE retired_at IS NULL GROUP BY 1"
            )
        }
    result = []
    for provider, account, source, first, last, lines in held:
        through = throughs.get((provider, account))
        files, success = loaded.get(source, (0, None))
        result.append(
            SourceStatus(
                Source(source), provider, account, through.name if through else None, _day(first), _day(last),
                through.through if through else None, lines, files, _instant(success),
            )
        )  # fmt: skip
    return tuple(result)


def files(session: Session) -> tuple[FileStatus, ...]:
    """The loaded files that count, newest first."""
    with manifest.state(session.paths) as connection:
        if connection is None:
            return ()
        rows = connection.execute(
            "SELECT name, source, rows, size, sha256, loaded_at, arrived, rejected, examples, rounded,"
            " ignored, unread FROM source_file WHERE retired_at IS NULL ORDER BY loaded_at DESC, number DESC"
        ).fetchall()
    return tuple(
        FileStatus(
            name, Source(source), count, size, sha256, _instant(loaded), _instant(arrived),
            json.loads(rejected), tuple(json.loads(examples)), rounded, tuple(json.loads(ignored)),
            json.loads(unread),
        )
        for name, source, count, size, sha256, loaded, arrived, rejected, examples, rounded, ignored, unread
        in rows
    )  # fmt: skip


def refusals(session: Session) -> tuple[FileRefusal, ...]:
    """The files that could not be loaded when they were last tried, newest first."""
    with manifest.state(session.paths) as connection:
        if connection is None:
            return ()
        rows = connection.execute("SELECT name, reason, hint, at FROM refusal ORDER BY at DESC, name")
        return tuple(
            FileRefusal(name, reason, hint, datetime.fromisoformat(at)) for name, reason, hint, at in rows
        )


_CHANGES = "SELECT day, provider, account, service, currency, old, new, seen, reason FROM {} WHERE day < ?"


def changes(session: Session, limit: int | None) -> tuple[DayChange, ...]:
    """Past days that changed, newest sighting first; those on their way to the history included."""
    found: dict[tuple[object, ...], None] = {}
    as_of = (session.as_of.isoformat(),)
    with manifest.state(session.paths) as connection:
        if connection is not None:
            found.update(dict.fromkeys(connection.execute(_CHANGES.format("pending_change"), as_of)))
    found.update(dict.fromkeys(_history(session, as_of)))
    rows = [_change(row) for row in found]
    rows.sort(key=lambda change: (change.day, change.account or "", change.service or ""), reverse=True)
    rows.sort(key=lambda change: change.seen or datetime.min, reverse=True)
    return tuple(rows[:limit] if limit is not None else rows)


def _history(session: Session, as_of: tuple[str]) -> list[tuple[object, ...]]:
    path = session.paths.history_db
    connection: sqlite3.Connection | None = open_to_read(path, schema.HISTORY_VERSION)
    if connection is None:
        return []
    with closing(connection), explained(path):
        return connection.execute(_CHANGES.format("day_change"), as_of).fetchall()


def _change(row: tuple[object, ...]) -> DayChange:
    day, provider, account, service, currency, old, new, seen, reason = (
        None if value is None else str(value) for value in row
    )
    return DayChange(
        date.fromisoformat(day or ""), provider, account, service, currency,
        None if old is None else Decimal(old), None if new is None else Decimal(new),
        _instant(seen), reason or "",
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
