"""The read side of the cache: every query of every screen, over one snapshot of immutable files.

DuckDB is imported at the first query, so that a screen can be painted before. Thread-safe: each call has its
own cursor; `interrupt` ends the running ones.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from finops_tui.focus import Metric
from finops_tui.paths import Paths
from finops_tui.store.facts import DayChange, FileStatus, ResourceFacts, SourceStatus
from finops_tui.store.lines import LineTable
from finops_tui.store.query import Calendar, CostQuery, CostResult, CostRow, Granularity, Mover, Period, Where
from finops_tui.store.table import CostTable

RowKey = tuple[tuple[str | None, ...], str | None]
"""A row's keys and its currency (quantity metric: its unit)."""


class Cache:
    """Answers cost queries as of a day: lines charged on `as_of` or later are not looked at; with `known`,
    lines that arrived on `as_of` or later are not looked at either.

    Each call reads the newest snapshot; inside `with cache.pinned():` all calls of this thread read one.
    """

    def __init__(self, paths: Paths, as_of: date, *, known: bool = False) -> None:
        self.paths, self.as_of, self.known = paths, as_of, known

    def close(self) -> None:
        """Interrupt what runs, wait for it, close DuckDB."""

    def interrupt(self) -> None:
        """End the running queries: their callers get an Interrupted error (store.reader.Interrupted)."""

    @contextmanager
    def pinned(self) -> Iterator[int]:
        """All calls of this thread inside the block read one snapshot; yields its generation."""
        yield 0

    def generation(self) -> int:
        """The cache's generation now: one cheap SQLite read; 0: nothing is loaded yet."""
        raise NotImplementedError

    def calendar(self, period: Period | None = None, where: Sequence[Where] = ()) -> Calendar:
        """First and last charged day, and the completeness of every account with charges in the period."""
        raise NotImplementedError

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
        """The query with its days resolved on the calendar: "30d", "mtd", "2026-10", "previous", "year" …"""
        raise NotImplementedError

    def costs(self, query: CostQuery) -> CostResult:
        """The answer in memory: for reports, exports and scripts."""
        raise NotImplementedError

    def table(self, query: CostQuery) -> CostTable:
        """The answer for a screen: however many rows."""
        raise NotImplementedError

    def sparks(
        self, query: CostQuery, rows: Sequence[CostRow], days: int
    ) -> dict[RowKey, tuple[Decimal | None, ...]]:
        """Cost per day of each row, oldest first, `days` long, ending at the period's last complete day."""
        raise NotImplementedError

    def movers(self, query: CostQuery) -> tuple[Mover, ...]:
        """The groups' changes with their exact split, largest |delta| first; the query must compare."""
        raise NotImplementedError

    def lines(self, where: Sequence[Where], period: Period) -> LineTable:
        """The live line items of the period under the filters."""
        raise NotImplementedError

    def resource(self, resource_id: str) -> ResourceFacts:
        """One resource over time; UsageError when the cache has never seen it."""
        raise NotImplementedError

    def values(self, dimension: str, prefix: str = "", limit: int = 50) -> list[str]:
        """Values of a dimension that begin with the prefix (ignoring case), largest recent cost first."""
        raise NotImplementedError

    def tag_keys(self) -> list[str]:
        """The tag keys in the bill, most used first."""
        raise NotImplementedError

    def status(self) -> tuple[SourceStatus, ...]:
        """Per source and account: what is in, and through when it is complete."""
        raise NotImplementedError

    def files(self) -> tuple[FileStatus, ...]:
        """The loaded files, newest first."""
        raise NotImplementedError

    def changes(self, limit: int | None = None) -> tuple[DayChange, ...]:
        """Past days that changed, newest sighting first."""
        raise NotImplementedError
