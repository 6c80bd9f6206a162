"""The read side of the cache: every query of every screen, over one snapshot of immutable files.

DuckDB is imported at the first query, so that a screen can be painted before. Thread-safe: each call has its
own cursor; `interrupt` ends the running ones.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.paths import Paths
from finops_tui.store import calendar as calendars
from finops_tui.store import completion, notes, status
from finops_tui.store import movers as mover_query
from finops_tui.store import resource as resources
from finops_tui.store import snapshot as manifest
from finops_tui.store import sparks as spark_query
from finops_tui.store.compile import column, needs_daily
from finops_tui.store.facts import DayChange, FileRefusal, FileStatus, ResourceFacts, SourceStatus
from finops_tui.store.lines import LineTable
from finops_tui.store.query import (
    Calendar,
    CostQuery,
    CostResult,
    CostRow,
    Granularity,
    Mover,
    Period,
    RowKey,
    Where,
)
from finops_tui.store.session import Interrupted, Session
from finops_tui.store.table import CostData, CostTable

__all__ = ("Cache", "Interrupted", "RowKey")

_CALENDARS_KEPT = 64


class Cache:
    """Answers cost queries as of a day: lines charged on `as_of` or later are not looked at; with `known`,
    lines that arrived on `as_of` or later are not looked at either.

    Each call reads the newest snapshot; inside `with cache.pinned():` all calls of this thread read one.
    """

    def __init__(
        self, paths: Paths, as_of: date, *, known: bool = False, main_currency: str | None = None
    ) -> None:
        """`main_currency`: whose rows come first where a table has several; else that of most lines."""
        self.paths, self.as_of, self.known = paths, as_of, known
        self.session = Session(paths, as_of, known=known, main_currency=main_currency)
        self._lock = threading.Lock()
        self._calendars: dict[tuple[int, Period | None, tuple[Where, ...]], Calendar] = {}
        self.generation()

    def close(self) -> None:
        """Interrupt what runs, wait for it, close DuckDB."""
        self.session.close()

    def interrupt(self) -> None:
        """End the running queries: their callers get `Interrupted`."""
        self.session.interrupt()

    @contextmanager
    def pinned(self) -> Iterator[int]:
        """All calls of this thread inside the block read one snapshot; yields its generation."""
        with self.session.pinned() as snapshot:
            yield snapshot.generation

    def generation(self) -> int:
        """The cache's generation now: one cheap SQLite read; 0: nothing is loaded yet."""
        return manifest.generation(self.paths)

    def warm(self) -> None:
        """Load DuckDB and the files' footers ahead of a screen's first question."""
        self.costs(self.ask(compare="previous"))

    def calendar(self, period: Period | None = None, where: Sequence[Where] = ()) -> Calendar:
        """First and last charged day, and the completeness of every account with charges in the period."""
        key = (self.session.snapshot().generation, period, tuple(where))
        with self._lock:
            found = self._calendars.get(key)
        if found is None:
            found = calendars.calendar(self.session, period, where)
            with self._lock:
                while len(self._calendars) >= _CALENDARS_KEPT:
                    del self._calendars[next(iter(self._calendars))]
                self._calendars[key] = found
        return found

    def ask(
        self,
        *,
        group_by: Sequence[str] = ("service",),
        where: Sequence[Where] = (),
        period: str | Period = "30d",
        compare: str | Period = "none",
        metric: Metric = Metric.BILLED,
        granularity: Granularity = "total",
        order_by: str = "cost",
        descending: bool = True,
        limit: int | None = None,
    ) -> CostQuery:
        """The query with its days resolved on the calendar: "30d", "mtd", "2026-10", "previous", "year" …

        UsageError for a word that is no period or dimension. Where no day can be compared, `compare` is None.
        """
        for dimension in (*group_by, *(w.dimension for w in where)):
            column(dimension)
        with self.pinned():
            days = period if isinstance(period, Period) else calendars.resolve(self.calendar, period, where)
            pair = calendars.compared(self.calendar, days, compare, where)
        return CostQuery(
            group_by=tuple(group_by),
            where=tuple(where),
            period=days,
            compared=pair[0] if pair else None,
            compare=pair[1] if pair else None,
            metric=Metric(metric),
            granularity=granularity,
            order_by=order_by,
            descending=descending,
            limit=limit,
        )

    def costs(self, query: CostQuery) -> CostResult:
        """The answer in memory: for reports, exports and scripts. Rows carry quantity and unit."""
        table = self._table(query, quantity=query.metric is not Metric.QUANTITY)
        try:
            limit = table.count if query.limit is None else query.limit
            rows = table.page(0, limit)
            return CostResult(query, rows, table.totals, table.count, table.incomplete, table.generation)
        finally:
            table.close()

    def table(self, query: CostQuery) -> CostTable:
        """The answer for a screen, however many rows; `query.limit` does not count. Close it."""
        return self._table(query, quantity="sku" in query.group_by and query.metric is not Metric.QUANTITY)

    def _table(self, query: CostQuery, *, quantity: bool) -> CostTable:
        with self.pinned():
            everything = self.calendar()
            asked = query
            if query.compare and (everything.first_day is None or query.compare.end <= everything.first_day):
                asked = query.but(compare=None, compared=None)
            calendar = self.calendar(query.period, _cheap(query.where))

            def written(table: CostTable) -> tuple[str, ...]:
                return notes.written(
                    self.session, query, calendar, table.totals, table.unknown, everything.first_day
                )

            return CostTable(CostData(self.session, asked, quantity=quantity), shown=query, notes=written)

    def sparks(
        self, query: CostQuery, rows: Sequence[CostRow], days: int
    ) -> dict[RowKey, tuple[Decimal | None, ...]]:
        """Cost per day of each row, oldest first, `days` long, ending at the period's last complete day."""
        with self.pinned():
            calendar = self.calendar(query.period, _cheap(query.where))
            return spark_query.sparks(self.session, query, rows, days, calendar, self.calendar().first_day)

    def movers(self, query: CostQuery) -> tuple[Mover, ...]:
        """The groups' changes with their exact split, largest |delta| first; the query must compare.

        Empty where the cache holds nothing of the earlier period.
        """
        with self.pinned():
            first = self.calendar().first_day
            if query.compare and (first is None or query.compare.end <= first):
                return ()
            return mover_query.movers(self.session, query)

    def lines(self, where: Sequence[Where], period: Period) -> LineTable:
        """The live line items of the period under the filters. Close it."""
        for one in where:
            column(one.dimension)
        return LineTable(self.session, tuple(where), period)

    def resource(self, resource_id: str) -> ResourceFacts:
        """One resource over time; UsageError when the cache has never seen it."""
        with self.pinned():
            facts = resources.facts(self.session, resource_id, self.calendar())
        if facts is None:
            raise UsageError("the cache knows no such resource", "Give its full id as the bill has it.")
        return facts

    def values(self, dimension: str, prefix: str = "", limit: int = 50) -> list[str]:
        """Values of a dimension that begin with the prefix (ignoring case), most used of late first."""
        return completion.values(self.session, dimension, prefix, limit)

    def tag_keys(self) -> list[str]:
        """The tag keys in the bill, most used first."""
        return completion.tag_keys(self.session)

    def status(self) -> tuple[SourceStatus, ...]:
        """Per source and account: what is in, and through when it is complete."""
        return status.sources(self.session)

    def files(self) -> tuple[FileStatus, ...]:
        """The loaded files, newest first."""
        return status.files(self.session)

    def refusals(self) -> tuple[FileRefusal, ...]:
        """The files that could not be loaded when they were last tried, newest first."""
        return status.refusals(self.session)

    def changes(self, limit: int | None = None) -> tuple[DayChange, ...]:
        """Past days that changed, newest sighting first."""
        return status.changes(self.session, limit)


def _cheap(where: Sequence[Where]) -> tuple[Where, ...]:
    """The filters that the small rollup can answer: enough to say which accounts are meant."""
    return tuple(w for w in where if not needs_daily([w.dimension]))
