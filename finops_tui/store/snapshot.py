"""Which files hold the numbers: the manifest, copied out in one short read. No DuckDB here."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date

from finops_tui.focus import LINE_COLUMNS, MONEY
from finops_tui.paths import Paths
from finops_tui.store.compile import Bound
from finops_tui.store.query import Period
from finops_tui.store.schema import LINES_TOPIC
from finops_tui.store.state import explained, open_state

_KEYS = {
    "day": "DATE",
    "first_seen": "DATE",
    "last_seen": "DATE",
    "resource_key": "UBIGINT",
    "tagset_key": "UBIGINT",
}
_NAMES = {
    "resources": ("resource_key", "resource_id", "resource_name", "resource_type", "first_seen", "last_seen"),
    "tagsets": ("tagset_key", "tags"),
    "names": ("kind", "id", "name", "last_seen"),
    "units": ("provider_name", "account_id", "day", "x_source", "lines", "corrections", "live"),
}
"""Columns of the small kinds; what stands for them as long as there is no file."""


@dataclass(frozen=True)
class LakeFile:
    """One live Parquet file."""

    path: str
    kind: str
    rows: int
    first_day: date | None
    last_day: date | None
    max_arrived: str | None
    first_key: str | None = None
    last_key: str | None = None
    """Least and greatest resource id of a lines file; None: no line of it is of a resource."""

    def overlaps(self, period: Period) -> bool:
        """Whether it may hold charges of the period."""
        if self.first_day is None or self.last_day is None:
            return True
        return self.first_day < period.end and self.last_day >= period.start


@dataclass(frozen=True)
class Snapshot:
    """One generation and its files; immutable, so it stays true while newer ones are written."""

    generation: int
    files: tuple[LakeFile, ...]

    def of_resources(self, ids: Sequence[str]) -> "Snapshot":
        """This snapshot without the lines files that hold no line of any of these resources."""
        return replace(
            self,
            files=tuple(file for file in self.files if file.kind != "lines" or _may_hold(file, ids)),
        )

    def of(self, kind: str) -> tuple[LakeFile, ...]:
        return tuple(file for file in self.files if file.kind == kind)

    def rows(self, kind: str) -> int:
        return sum(file.rows for file in self.of(kind))

    def relation(self, kind: str, bound: Bound, periods: Sequence[Period]) -> str:
        """SQL of the kind's files that may hold charges of any of the periods (none given: all files)."""
        files = [
            file.path
            for file in self.of(kind)
            if not periods or any(file.overlaps(period) for period in periods)
        ]
        if not files:
            return _nothing(kind)
        return f"read_parquet({bound([_unglobbed(path) for path in files])}, hive_partitioning = false)"


def _may_hold(file: LakeFile, ids: Sequence[str]) -> bool:
    first, last = file.first_key, file.last_key
    return first is not None and last is not None and any(first <= id_ <= last for id_ in ids)


def _unglobbed(path: str) -> str:
    """The path, so that DuckDB takes it literally."""
    return "".join(f"[{character}]" if character in "[*?" else character for character in path)


def _nothing(kind: str) -> str:
    from finops_tui.store.daily import DAILY_COLUMNS

    if kind == "lines":
        columns = dict(LINE_COLUMNS)
    elif kind in _NAMES:
        columns = {name: _type(name) for name in _NAMES[kind]}
    else:
        columns = {name: _type(name) for name in DAILY_COLUMNS}
    return "(SELECT " + ", ".join(f"CAST(NULL AS {t}) AS {n}" for n, t in columns.items()) + " WHERE false)"


def _type(name: str) -> str:
    if name.endswith("_cost") or name == "quantity":
        return MONEY
    if name.endswith("_unknown") or name in ("lines", "corrections"):
        return "BIGINT"
    return _KEYS.get(name, "BOOLEAN" if name == "live" else "VARCHAR")


@contextmanager
def state(paths: Paths) -> Iterator[sqlite3.Connection | None]:
    """state.db in one read transaction; None where nothing was loaded by a program of this schema yet.

    StoreError when a newer program wrote it, or it cannot be read.
    """
    connection = open_state(paths)
    if connection is None:
        yield None
        return
    with closing(connection), explained(paths.state_db):
        connection.execute("BEGIN")
        yield connection


def generation(paths: Paths) -> int:
    """The generation of the cost lines now; 0: nothing was ever loaded."""
    with state(paths) as connection:
        return _generation(connection) if connection else 0


def _generation(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT generation FROM topic WHERE name = ?", (LINES_TOPIC,)).fetchone()
    return int(row[0]) if row else 0


def load(paths: Paths) -> Snapshot:
    """The newest snapshot; generation 0 and no files where nothing was loaded."""
    with state(paths) as connection:
        if connection is None:
            return Snapshot(0, ())
        number = _generation(connection)
        rows = connection.execute(
            "SELECT path, kind, rows, first_day, last_day, max_arrived, first_key, last_key FROM parquet_file"
            " WHERE retired_at IS NULL ORDER BY kind, path"
        ).fetchall()
    files = (
        LakeFile(str(paths.cache / path), kind, count, _day(first), _day(last), *others)
        for path, kind, count, first, last, *others in rows
    )
    return Snapshot(number, tuple(files))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
