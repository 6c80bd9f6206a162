"""DuckDB for the readers: opened at the first query, a cursor per call, interruptible, over one snapshot."""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from finops_tui.errors import FinopsError, StoreError
from finops_tui.paths import Paths
from finops_tui.store import snapshot as manifest
from finops_tui.store.compile import Bound
from finops_tui.store.query import Period
from finops_tui.store.snapshot import Snapshot

if TYPE_CHECKING:
    import duckdb

    from finops_tui.store.extent import Extent

T = TypeVar("T")

RELOAD = "If it is damaged, delete the cache folder (finops-tui doctor names it) and load again."


class Interrupted(FinopsError):  # noqa: N818 - it is no failure
    """A query was interrupted because its answer is not wanted any more."""


class Session:
    """Runs statements for one as-of day; tables made in it live in memory until `close`."""

    def __init__(
        self, paths: Paths, as_of: date, *, known: bool = False, main_currency: str | None = None
    ) -> None:
        self.paths, self.as_of, self.known = paths, as_of, known
        self.main_currency = main_currency
        self._connection: duckdb.DuckDBPyConnection | None = None
        self.running: set[duckdb.DuckDBPyConnection] = set()
        self._closed = False
        self._change = threading.Condition()
        self._thread = threading.local()
        self._snapshot = Snapshot(0, ())
        self._numbers = itertools.count(1)
        self.extents: dict[int, Extent] = {}
        self.known_tables: dict[int, dict[str, str]] = {}

    # snapshots

    def snapshot(self) -> Snapshot:
        """The snapshot this call reads: the pinned one of this thread, else the newest."""
        pinned: Snapshot | None = getattr(self._thread, "pinned", None)
        return pinned if pinned is not None else self._newest()

    def _newest(self) -> Snapshot:
        with self._change:
            current = self._snapshot
        if current.generation != manifest.generation(self.paths):
            current = manifest.load(self.paths)
            with self._change:
                self._snapshot = current
        return current

    @contextmanager
    def pinned(self) -> Iterator[Snapshot]:
        """All calls of this thread inside the block read one snapshot."""
        outer: Snapshot | None = getattr(self._thread, "pinned", None)
        self._thread.pinned = outer if outer is not None else self._newest()
        try:
            yield self._thread.pinned
        finally:
            self._thread.pinned = outer

    @contextmanager
    def beside(self, work: Callable[[], T]) -> Iterator[Future[T]]:
        """`work` in a thread of its own, on this thread's snapshot, while the block runs; it ends with it."""

        def pinned(snapshot: Snapshot) -> T:
            self._thread.pinned = snapshot
            return work()

        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(pinned, self.snapshot())

    def read(self, work: Callable[[Snapshot], T]) -> T:
        """`work` on this call's snapshot; once more on the newest when a file of an old one is gone."""
        import duckdb

        try:
            return work(self.snapshot())
        except duckdb.IOException as error:
            current = manifest.load(self.paths)
            with self._change:
                self._snapshot = current
            if getattr(self._thread, "pinned", None) is not None:
                self._thread.pinned = current
            try:
                return work(current)
            except duckdb.IOException:
                raise StoreError(
                    f"a file of the cache cannot be read: {_first_line(error)}",
                    RELOAD,
                ) from error

    # statements

    def rows(self, sql: str, bound: Bound | None = None) -> list[tuple[Any, ...]]:
        """The rows of one statement, on a cursor of its own. Interrupted or StoreError when it fails."""
        import duckdb

        values = bound.values if bound is not None and bound.values else None
        with self._cursor() as cursor:
            try:
                result = cursor.execute(sql, values) if values else cursor.execute(sql)
                return result.fetchall()
            except duckdb.InterruptException as error:
                raise Interrupted("the query was interrupted") from error
            except duckdb.IOException:
                raise
            except duckdb.OutOfMemoryException as error:
                raise StoreError(
                    "the query needs more memory than it may take",
                    "Narrow it with --where or a shorter period.",
                ) from error
            except duckdb.Error as error:
                raise StoreError(f"the cache cannot answer: {_first_line(error)}", RELOAD) from error

    def table_name(self, prefix: str) -> str:
        """A name no other table of this session has."""
        return f"{prefix}{next(self._numbers)}"

    def drop(self, *names: str) -> None:
        """Forget tables; nothing happens where the session is closed."""
        for name in names:
            with suppress(FinopsError):
                self.rows(f"DROP TABLE IF EXISTS {name}")

    def relation(self, snapshot: Snapshot) -> Callable[[str, Bound, Sequence[Period]], str]:
        """What stands after FROM for each kind of file, in this session's view of the snapshot."""
        from finops_tui.store import known

        replaced = known.tables(self, snapshot) if self.known else {}

        def relation(kind: str, bound: Bound, periods: Sequence[Period]) -> str:
            return replaced.get(kind) or snapshot.relation(kind, bound, periods)

        return relation

    @contextmanager
    def _cursor(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        with self._change:
            if self._closed:
                raise Interrupted("the cache is closed")
            if self._connection is None:
                from finops_tui import engine

                self._connection = engine.connect(self.paths.temp)
            cursor = self._connection.cursor()
            self.running.add(cursor)
        try:
            yield cursor
        finally:
            with self._change:
                self.running.discard(cursor)
                self._change.notify_all()
            cursor.close()

    # the end

    def interrupt(self) -> None:
        """End the running statements."""
        with self._change:
            for cursor in self.running:
                cursor.interrupt()

    def close(self) -> None:
        """Interrupt what runs, wait until it has ended, close DuckDB. Twice is no harm."""
        with self._change:
            self._closed = True
            while self.running:
                for cursor in self.running:
                    cursor.interrupt()
                self._change.wait(0.05)
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
