"""The report: what is in it. Sections of sentences and tables, footnotes about the data; no layout here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.report import notes, sections, summary
from finops_tui.report.figures import share
from finops_tui.report.section import Section
from finops_tui.store.overview import Overview, overview
from finops_tui.store.query import AccountThrough, CostQuery, Mover, Where
from finops_tui.store.reader import Cache

WHERE_IT_GOES = ("service", "compartment", "region")
ROWS = 10
"""Rows of a table; the rest is summed in one more."""


@dataclass(frozen=True)
class Block:
    """What is said in one currency."""

    currency: str | None
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Report:
    """The whole report. The same cache and as-of day give an equal one."""

    title: str
    as_of: date
    query: CostQuery
    """The period, what it is compared with, the filters; grouped by nothing."""
    complete_through: date | None
    complete: tuple[AccountThrough, ...]
    incomplete: tuple[str, ...]
    summary: Section
    blocks: tuple[Block, ...]
    footnotes: tuple[notes.Footnote, ...]


def build(
    cache: Cache,
    *,
    title: str,
    period: str | None = None,
    where: Sequence[Where] = (),
    compare: str = "previous",
    metric: Metric = Metric.BILLED,
    limit: int | None = None,
    group_by: Sequence[str] | None = None,
) -> Report:
    """Ask everything of one snapshot. `period` None: the month so far; while it has no full day, last month.

    `group_by` are the tables of "where it goes".
    UsageError for the quantity metric.
    """
    if metric is Metric.QUANTITY:
        raise UsageError("the report is about money", "Give another --metric.")
    tables = WHERE_IT_GOES if group_by is None else tuple(group_by)
    with cache.pinned():
        query = _question(cache, period, where, compare, metric)
        calendar = cache.calendar(query.period, where)
        found = cache.costs(query)
        seen = overview(cache) if not where and metric is Metric.BILLED else None
        asked = sections.Asked(cache, query, calendar, limit or ROWS, tables, _movers(cache, query))
        blocks = tuple(
            Block(name, tuple(sections.of_currency(asked, name, _untagged(seen, name))))
            for name in summary.currencies(found)
        )
        return Report(
            title=title,
            as_of=calendar.as_of,
            query=query,
            complete_through=calendar.complete_through,
            complete=calendar.complete,
            incomplete=found.incomplete,
            summary=summary.summary(asked, found, seen),
            blocks=blocks,
            footnotes=notes.footnotes(cache, query, calendar, found, seen),
        )


def _question(
    cache: Cache, period: str | None, where: Sequence[Where], compare: str, metric: Metric
) -> CostQuery:
    query = cache.ask(group_by=(), where=where, period=period or "mtd", compare=compare, metric=metric)
    if period is None and query.compared is None and compare != "none":
        return cache.ask(group_by=(), where=where, period="last-month", compare=compare, metric=metric)
    return query


def _movers(cache: Cache, query: CostQuery) -> tuple[Mover, ...]:
    if query.compare is None:
        return ()
    found = cache.movers(query.but(group_by=("service", "compartment")))
    return tuple(mover for mover in found if mover.delta or any(mover.parts.values()))


def _untagged(seen: Overview | None, currency: str | None) -> str | None:
    """How much of a month's usage nobody tagged, in words."""
    if seen is None or seen.month is None:
        return None
    parts = {block.currency: block.untagged_share for block in seen.currencies}
    part = parts.get(currency)
    if part is None:
        return None
    return f"Of the usage of resources in {seen.month.label}, {share(part)} has no tag of people's own."
