"""What Explore asks the cache, off the event loop: the answer and its first page, the days of a selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from finops_tui.store.facts import DayCost
from finops_tui.store.query import Calendar, CostQuery, CostRow, drilled, exactly
from finops_tui.store.reader import Cache, RowKey
from finops_tui.store.table import CostTable
from finops_tui.tui.screens.explore_rows import TREND_DAYS
from finops_tui.tui.screens.explore_state import Question
from finops_tui.tui.widgets.window import PAGE


@dataclass(frozen=True)
class Answer:
    """What one question brought back."""

    table: CostTable
    calendar: Calendar
    rows: Sequence[CostRow]
    sparks: dict[RowKey, tuple[Decimal | None, ...]]
    wanted: object = None
    """The key of the row that the cursor was on when the question was asked."""
    place: int | None = None
    """Where that row is now; None: not looked for, or not there."""

    def close(self) -> None:
        self.table.close()


def answer(cache: Cache, question: Question, text: str, wanted: object = None) -> Answer:
    """Ask the cache; the first page and its trends come along, so that the screen is painted once."""
    with cache.pinned():
        query = cache.ask(
            group_by=question.dimensions,
            where=question.filters,
            period=question.period,
            compare=question.compare,
            metric=question.metric,
            granularity=question.granularity,
            order_by=question.order_by,
            descending=question.descending,
        )
        calendar = cache.calendar(query.period)
        table = cache.table(query)
        if text:
            whole, table = table, table.filter(text)
            whole.close()
        return windowed(cache, table, calendar, wanted)


def windowed(cache: Cache, table: CostTable, calendar: Calendar, wanted: object = None) -> Answer:
    """The first page of the table and its trends, and where the row with the key `wanted` is."""
    place = None
    if isinstance(wanted, tuple) and len(wanted) == len(table.query.group_by) + 2:
        *keys, day, unit = wanted
        place = table.index((tuple(keys), unit), day)
    rows = table.page(0, min(PAGE, table.count))
    trends = table.query.granularity == "total"
    sparks = cache.sparks(table.query, rows[:50], TREND_DAYS) if trends else {}
    return Answer(table, calendar, rows, sparks, wanted, place)


def daily(
    cache: Cache, query: CostQuery, rows: Sequence[CostRow], through: date | None
) -> tuple[str, list[DayCost]]:
    """Title and cost per day of the rows together, in the currency of the first of them."""
    unit = rows[0].currency
    # two days of one service are the same chart
    alike = list({row.keys: row for row in rows if row.currency == unit}.values())
    sums: dict[date, Decimal | None] = {}
    with cache.pinned():
        for row in alike:
            where = drilled(query, row)
            if unit is not None and "currency" not in query.group_by:
                where = (*where, exactly("currency", unit))
            asked = query.but(
                group_by=(),
                where=where,
                granularity="day",
                compare=None,
                compared=None,
                order_by="date",
                limit=None,
            )
            for found in cache.costs(asked).rows:
                if found.day is not None and found.currency == unit:
                    before, cost = sums.get(found.day, Decimal(0)), found.amount.cost
                    sums[found.day] = None if before is None or cost is None else before + cost
    names = [str((row.labels or row.keys or ("all",))[-1] or "(none)") for row in alike]
    title = names[0] if len(names) == 1 else f"{len(names)} rows: {', '.join(names)}"
    days = [DayCost(d, unit, c, through is None or d > through) for d, c in sorted(sums.items())]
    return f"{title} · {unit or query.metric} per day", days


def provisional(query: CostQuery, calendar: Calendar) -> list[date]:
    """The days of the period that are not complete for every account."""
    last = min(query.period.last, calendar.last_day or query.period.last)
    first = calendar.complete_through
    if first is None or query.period.days <= 0:
        return []
    begin = max(first + timedelta(days=1), query.period.start)
    return [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
