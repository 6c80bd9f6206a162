"""How the overview is found: a handful of cost queries over one snapshot."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from finops_tui.store import notes as data_notes
from finops_tui.store.calendar import DAY
from finops_tui.store.compile import Bound
from finops_tui.store.extent import extent
from finops_tui.store.facts import DayCost
from finops_tui.store.overview import CurrencyOverview, LastDay, MonthEnd, Overview, TopCost
from finops_tui.store.overview_movers import top_movers
from finops_tui.store.periods import months_later
from finops_tui.store.query import EXACT, Amount, Calendar, CostQuery, CostResult, CostRow, Period, plus
from finops_tui.store.reader import Cache
from finops_tui.store.snapshot import Snapshot

DAYS = 90
SPARK_DAYS = 30
SERVICES = 10
ACCOUNTS = 20
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Series = dict[str | None, tuple[DayCost, ...]]


def build(cache: Cache) -> Overview:
    """The overview of the newest month with charges before the cache's day, over one snapshot."""
    with cache.pinned() as generation:
        everything = cache.calendar()
        if everything.first_day is None or everything.last_day is None:
            return _empty(cache, generation, everything)
        return _build(cache, generation, everything, everything.last_day)


def _empty(cache: Cache, generation: int, calendar: Calendar) -> Overview:
    return Overview(cache.as_of, generation, None, None, None, None, None, calendar.complete, None, 0, 0, ())


def _build(cache: Cache, generation: int, everything: Calendar, last_day: date) -> Overview:
    start = last_day.replace(day=1)
    month = Period(start, months_later(start, 1), f"{start:%B %Y}")
    asked = Period(start, min(month.end, cache.as_of), "mtd")
    services = cache.ask(group_by=("service",), period=asked, compare="previous")
    with cache.session.beside(lambda: top_movers(cache, services)) as moved:  # the longest of them
        by_service = _answered(cache, services)
        by_account = _answered(cache, services.but(group_by=("account",)))
        daily = _daily(cache, last_day, everything)
        last_complete = min(cache.ask(period="30d").period.last, last_day)
        untagged = cache.session.read(lambda snapshot: _untagged(cache, snapshot, asked))
        sparks = cache.sparks(services, by_service.rows, SPARK_DAYS)
        movers = moved.result()
    held = cache.session.read(lambda snapshot: extent(cache.session, snapshot))
    blocks = []
    for currency in sorted(by_service.totals, key=held.currencies.index):
        total = by_service.totals[currency]
        series = daily.get(currency, ())
        blocks.append(
            CurrencyOverview(
                currency=currency,
                month_to_date=total.cost,
                month_to_date_complete=_complete(services, total, series),
                previous_same_days=total.previous,
                forecast_month_end=_month_end(cache.as_of, month, total, series),
                yesterday=_last_day(last_complete, series, everything.first_day),
                daily=series,
                top_services=_top(by_service.rows, currency, SERVICES, sparks),
                top_movers=movers.get(currency, ()),
                accounts=_top(by_account.rows, currency, ACCOUNTS, {}),
                untagged_share=untagged.get(currency),
            )
        )
    rejected, _ = data_notes.rejected(cache.session)
    return Overview(
        as_of=cache.as_of,
        generation=generation,
        month=month,
        compared=services.compared,
        compare=services.compare,
        first_day=everything.first_day,
        last_day=last_day,
        complete=everything.complete,
        complete_through=cache.calendar(asked).complete_through,
        lines=held.lines,
        rejected=rejected,
        currencies=tuple(blocks),
        notes=(*by_service.incomplete, *_left_out(daily, by_service.totals, month)),
    )


def _answered(cache: Cache, query: CostQuery) -> CostResult:
    """All rows of a screen's table: without quantities, which only the large daily table holds."""
    table = cache.table(query)
    try:
        rows = table.page(0, table.count)
        return CostResult(query, rows, table.totals, table.count, table.incomplete, table.generation)
    finally:
        table.close()


def _daily(cache: Cache, last_day: date, everything: Calendar) -> Series:
    """Per currency 90 days ending at the newest charged day; a day without lines costs nothing, a day before
    the first one the cache holds is unknown."""
    window = Period(last_day - DAYS * DAY + DAY, last_day + DAY)
    recent = cache.ask(period="30d").period.last
    result = _answered(cache, cache.ask(group_by=(), period=window, granularity="day"))
    found: dict[str | None, dict[date, Decimal | None]] = {}
    for row in result.rows:
        if row.day is not None:
            found.setdefault(row.currency, {})[row.day] = row.amount.cost
    first = everything.first_day or window.start
    axis = [window.start + index * DAY for index in range(DAYS)]
    return {
        currency: tuple(
            DayCost(day, currency, costs.get(day, Decimal(0) if day >= first else None), day > recent)
            for day in axis
        )
        for currency, costs in found.items()
    }


def _complete(query: CostQuery, total: Amount, series: Sequence[DayCost]) -> Decimal | None:
    """Month to date on complete days; also where nothing earlier can be compared."""
    if query.compared is not None and total.compared is not None:
        return total.compared
    days = [day for day in series if day.day >= query.period.start and not day.provisional]
    return _sum(days) if days else None


def _sum(days: Sequence[DayCost]) -> Decimal | None:
    total: Decimal | None = None
    for day in days:
        total = plus(total, day.cost)
    return total


def _month_end(as_of: date, month: Period, total: Amount, series: Sequence[DayCost]) -> MonthEnd:
    """A run rate; `lower` and `upper` stay unknown until a forecast is made."""
    if as_of >= month.end:
        return MonthEnd(total.cost, None, None, "the month is over: what was charged in it")
    complete = [day for day in series if not day.provisional and day.cost is not None]
    days = [day for day in complete if day.day >= month.start]
    basis = "complete days of this month"
    if not days:
        days, basis = complete[-30:], "complete days before this month"
    if not days:
        return MonthEnd(None, None, None, "no day is complete yet")
    mean = EXACT.divide(_sum(days) or Decimal(0), len(days)) * month.days
    plural = basis if len(days) > 1 else basis.replace("days", "day")
    return MonthEnd(
        mean.quantize(Decimal("1e-6")), None, None,
        f"run rate: average of {len(days)} {plural} × {month.days} days",
    )  # fmt: skip


def _last_day(day: date, series: Sequence[DayCost], first: date | None) -> LastDay | None:
    """The last complete day against the same weekday a week before, else against the day before."""
    costs = {one.day: one.cost for one in series}
    if day not in costs:
        return None
    for back, words in ((7, f"the {_WEEKDAYS[day.weekday()]} before"), (1, "the day before")):
        earlier = day - timedelta(days=back)
        if first is not None and earlier >= first and costs.get(earlier) is not None:
            return LastDay(day, costs[day], earlier, costs[earlier], words)
    return LastDay(day, costs[day], None, None, "")


def _top(
    rows: Sequence[CostRow],
    currency: str | None,
    count: int,
    sparks: dict[tuple[tuple[str | None, ...], str | None], tuple[Decimal | None, ...]],
) -> tuple[TopCost, ...]:
    mine = [row for row in rows if row.currency == currency][:count]
    return tuple(
        TopCost(row.keys[0], row.labels[0], row.amount, row.share, sparks.get((row.keys, currency), ()))
        for row in mine
    )


def _untagged(cache: Cache, snapshot: Snapshot, period: Period) -> dict[str | None, float]:
    """Per currency the share of resources' usage cost on lines without a tag that people set."""
    bound, relation = Bound(), cache.session.relation(snapshot)
    own = "NOT starts_with(k, 'Oracle-Tags.') AND k <> '(unreadable)'"
    tagged = (
        f"SELECT tagset_key FROM (SELECT tagset_key, unnest(json_keys(tags)) AS k"
        f" FROM {relation('tagsets', bound, ())}) WHERE {own}"
    )
    rows = cache.session.rows(
        f"SELECT u, sum(m), sum(CASE WHEN t THEN m END) FROM (SELECT billing_currency AS u, billed_cost AS m,"
        f" coalesce(tagset_key IN ({tagged}), false) AS t FROM (SELECT billing_currency, tagset_key,"
        f" sum(billed_cost) AS billed_cost FROM {relation('daily', bound, (period,))}"
        f" WHERE day >= {bound(period.start)} AND day < {bound(period.end)}"
        " AND resource_key IS NOT NULL AND lower(charge_category) = 'usage' GROUP BY ALL)) GROUP BY u",
        bound,
    )
    return {u: float(1 - (tagged_cost or 0) / total) for u, total, tagged_cost in rows if total}


def _left_out(daily: Series, totals: dict[str | None, Amount], month: Period) -> tuple[str, ...]:
    missing = sorted(currency or "no currency" for currency in daily if currency not in totals)
    return (f"no charges in {month.label} in {', '.join(missing)}",) if missing else ()
