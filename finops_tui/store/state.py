"""Opens the store's SQLite files: schema versions, private modes, journals, errors a person can act on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from finops_tui.errors import StoreError
from finops_tui.paths import Paths
from finops_tui.store import schema

BUSY_SECONDS: Final = 5.0

NETWORK_FILESYSTEMS: Final = frozenset(
    ("9p", "afs", "ceph", "cifs", "fuse.sshfs", "gfs2", "lustre", "nfs", "nfs4", "smb2", "smb3", "smbfs")
)
"""Where processes share no memory reliably, so that WAL does not work (sqlite.org/wal.html)."""


def store_error(error: Exception, place: Path) -> StoreError:
    """`error` of SQLite, DuckDB or the system about `place`, in words with something to do."""
    text = " ".join(str(error).split())[:300]
    low = text.lower()
    code = getattr(error, "sqlite_errorname", "") or ""
    if "SQLITE_FULL" in code or "no space" in low or "disk is full" in low or "file too large" in low:
        return StoreError(
            f"the disk of {place} is full: nothing was changed", "Free some space and run it again."
        )
    if any(sign in low or sign in code for sign in _NOT_WRITABLE):
        return StoreError(f"cannot write to {place}: {text}", "Choose a writable place with --home DIR.")
    if "SQLITE_IOERR" in code:
        return StoreError(f"cannot read or write {place}: {text}", "See whether its disk is full or failing.")
    if "SQLITE_BUSY" in code:
        return StoreError(f"{place} is busy: {text}", "Another program holds it; try again in a moment.")
    if "SQLITE_CORRUPT" in code or "SQLITE_NOTADB" in code or "parquet" in low or "corrupt" in low:
        return StoreError(f"{place} is damaged: {text}", _REPAIR.format(place=place))
    if "out of memory" in low or isinstance(error, MemoryError):
        return StoreError(f"not enough memory for {place}: {text}", "Load fewer files at a time.")
    return StoreError(f"the store at {place} failed: {text}", "`finops-tui doctor` looks at it.")


_NOT_WRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "permission denied", "read-only file system")
_REPAIR = "Move {place} away and load the data again; history and ledger come from a backup."


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Errors of SQLite and the system inside become a StoreError that names `place`."""
    try:
        yield
    except (sqlite3.Error, OSError, MemoryError) as error:
        raise store_error(error, place) from error


def filesystem_of(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Kind of the filesystem that holds `path` ("ext4", "nfs4"); "" where the system does not tell."""
    best, kind = "", ""
    try:
        rows = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        where = str(path.resolve())
    except OSError:
        return ""
    for row in rows:
        fields = row.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _journal(connection: sqlite3.Connection, path: Path) -> str:
    """Turn on WAL where it works, else the rollback journal. Returns the mode in force."""
    wanted = "DELETE" if filesystem_of(path) in NETWORK_FILESYSTEMS else "WAL"
    try:
        mode = str(connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0])
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") not in ("SQLITE_IOERR_SHMMAP", "SQLITE_PROTOCOL"):
            raise
        mode = str(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0])
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
    return mode


def _connect(target: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(target, uri=uri, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.isolation_level = None  # transactions are begun and ended in so many words
    return connection


def version(path: Path) -> int | None:
    """Schema version of a database of ours; None when there is none yet."""
    if not path.exists():
        return None
    with explained(path), closing(_connect(path.resolve().as_uri() + "?mode=ro", uri=True)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0]) or None


def refuse_newer(path: Path, known: int) -> None:
    """Raise StoreError where the database was written by a newer program."""
    found = version(path)
    if found is not None and found > known:
        raise StoreError(
            f"{path} was written by a newer finops-tui (schema {found}, this program knows {known})",
            "Upgrade finops-tui, or use another place with --home DIR.",
        )


def open_database(path: Path, script: str, known: int) -> sqlite3.Connection:
    """Open (or make, 0600) a database for writing; a newer one is refused with a StoreError."""
    refuse_newer(path, known)
    with explained(path):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
        connection = _connect(str(path))
        try:
            _journal(connection, path)
            connection.execute("PRAGMA foreign_keys = ON")
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {known}; COMMIT;")
        except BaseException:
            connection.close()
            raise
    return connection


def open_to_read(path: Path, known: int) -> sqlite3.Connection | None:
    """Open a database for reading; None when there is none, or one that an older program wrote."""
    refuse_newer(path, known)
    if (version(path) or 0) < known:
        return None
    with explained(path):
        connection = _connect(path.resolve().as_uri() + "?mode=ro", uri=True)
        connection.execute("PRAGMA query_only = ON")
    return connection


def open_state(paths: Paths) -> sqlite3.Connection | None:
    """state.db for a reader; None: nothing loaded yet, or an older program's cache, to be loaded again."""
    return open_to_read(paths.state_db, schema.STATE_VERSION)


def open_history(paths: Paths) -> sqlite3.Connection:
    """history.db for appending."""
    return open_database(paths.history_db, schema.HISTORY, schema.HISTORY_VERSION)


def open_ledger(paths: Paths) -> sqlite3.Connection:
    """ledger.db for writing."""
    return open_database(paths.ledger_db, schema.LEDGER, schema.LEDGER_VERSION)


@contextmanager
def transaction(connection: sqlite3.Connection, place: Path) -> Iterator[None]:
    """One short write transaction: all of it or, after an error, nothing."""
    with explained(place):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
