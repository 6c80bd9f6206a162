"""How far a refresh is, in its own small SQLite file, so that it wakes nobody who watches the cache."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from finops_tui.paths import Paths

_WRITE_EVERY: Final = 0.25
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1),"
    " pid INTEGER, label TEXT, done INTEGER, of INTEGER, rows INTEGER)"
)


@dataclass(frozen=True)
class Step:
    """`done` of `of` files, `rows` lines so far; `label` says of what ("reports, November 2026")."""

    label: str
    done: int
    of: int
    rows: int


@dataclass(frozen=True)
class Running:
    """A refresh under way: whose process, and how far."""

    pid: int
    step: Step


Listener = Callable[[Step], None]


class ProgressFile:
    """Writes steps for other processes to read; a step that cannot be written is not worth an error."""

    def __init__(self, paths: Paths) -> None:
        self._path = paths.progress_db
        self._written = 0.0
        self._label = ""

    def __call__(self, step: Step) -> None:
        """Note `step`, at most four times a second unless it ends or begins something."""
        now = time.monotonic()
        if step.label == self._label and step.done < step.of and now - self._written < _WRITE_EVERY:
            return
        self._written, self._label = now, step.label
        with suppress(sqlite3.Error, OSError):
            _private(self._path)
            with closing(_connect(self._path)) as connection, connection:
                connection.execute(_SCHEMA)
                connection.execute(
                    "INSERT OR REPLACE INTO progress VALUES (1, ?, ?, ?, ?, ?)",
                    (os.getpid(), step.label, step.done, step.of, step.rows),
                )

    def finish(self) -> None:
        """Say that nothing runs any more."""
        with suppress(sqlite3.Error, OSError), closing(_connect(self._path)) as connection, connection:
            connection.execute("DELETE FROM progress WHERE pid = ?", (os.getpid(),))


def running(paths: Paths) -> Running | None:
    """The refresh under way, or None. One short read; a process that died does not count as running."""
    if not paths.progress_db.exists():
        return None
    try:
        with closing(
            sqlite3.connect(f"file:{paths.progress_db}?mode=ro", uri=True, timeout=0.05)
        ) as connection:
            row = connection.execute("SELECT pid, label, done, of, rows FROM progress").fetchone()
    except sqlite3.Error:
        return None
    if row is None or not _alive(row[0]):
        return None
    return Running(row[0], Step(*row[1:]))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0.2)
    # It is worth nothing after a crash: no journal on disk, no waiting for the disk.
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
