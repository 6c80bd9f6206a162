"""The report's footnotes: what the figures rest on and what is not in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from finops_tui.report.figures import day, days, money
from finops_tui.report.views import nothing_loaded, within
from finops_tui.store.overview import Overview
from finops_tui.store.query import AccountThrough, Calendar, CostQuery, CostResult, Period, exactly
from finops_tui.store.reader import Cache

ACCOUNTS = 6
"""Accounts that are named one by one where their bills are complete through different days."""
FILES = 5
"""Files with rejected lines that are named; the others are counted."""


@dataclass(frozen=True)
class Footnote:
    """`name` is what sections refer to; `about` says in a word what it is about. The text may be hostile."""

    name: str
    about: str
    text: str


def footnotes(
    cache: Cache, query: CostQuery, calendar: Calendar, found: CostResult, seen: Overview | None
) -> tuple[Footnote, ...]:
    """Every footnote, in the order of the report."""
    missing = (Footnote(f"data-{n}", "what is missing", f"{text}.") for n, text in enumerate(_rest(found), 1))
    return (
        Footnote("as-of", "as-of day", f"As of {day(calendar.as_of)}, 00:00 UTC. Days are UTC days."),
        Footnote("complete", "complete days", _complete(calendar)),
        Footnote(
            "rounding",
            "rounding",
            "Figures are rounded to two decimals; every sum is made of unrounded amounts.",
        ),
        Footnote("provisional", "provisional days", _provisional(query.period, calendar)),
        Footnote("compared", "comparison", _compared(query)),
        *_month_end(seen),
        *_split(query),
        Footnote(
            "tags", "tags", "Tags are counted on usage; a tag that the cloud sets by itself is left out."
        ),
        Footnote("exclusions", "what counts", _exclusions(query)),
        *_corrections(cache, query),
        *_changed(cache, query.period),
        *_rejected(cache),
        *missing,
    )


def _complete(calendar: Calendar) -> str:
    accounts = calendar.complete
    if not accounts:
        return "No account has charges in the period."
    if len({account.through for account in accounts}) == 1:
        whose = _name(accounts[0]) if len(accounts) == 1 else f"all {len(accounts):,} accounts"
        return f"The bill of {whose} is {_through(accounts[0].through)}."
    sorted_ones = sorted(accounts, key=lambda account: (account.through or date.min, _name(account)))
    if len(accounts) <= ACCOUNTS:
        return f"The bill is {'; '.join(f'{_through(a.through)} for {_name(a)}' for a in sorted_ones)}."
    first, last = sorted_ones[0], sorted_ones[-1]
    return (
        f"The bills of {len(accounts):,} accounts reach different days: {_name(first)} is "
        f"{_through(first.through)}, {_name(last)} {_through(last.through)}, the others lie between."
    )


def _name(account: AccountThrough) -> str:
    return account.name or account.account or "the unnamed account"


def _through(through: date | None) -> str:
    return f"complete through {day(through)}" if through else "not complete for any day yet"


def _provisional(period: Period, calendar: Calendar) -> str:
    through = calendar.complete_through
    start = max(period.start, through + timedelta(days=1)) if through else period.start
    last = min(period.end, calendar.as_of)
    if calendar.last_day is not None:
        last = min(last, calendar.last_day + timedelta(days=1))
    if start >= last:
        return "Every day of the period is complete."
    return (
        f"{days(Period(start, last))} may still rise: provisional days count in costs, and in no comparison."
    )


def _compared(query: CostQuery) -> str:
    if query.compare is None or query.compared is None:
        return "Nothing is compared: there are no complete days in both periods."
    return f"Changes are of {days(query.compared)} against {days(query.compare)}: complete days only."


def _split(query: CostQuery) -> Iterator[Footnote]:
    if query.compare is not None:
        yield Footnote(
            "split",
            "split",
            "Usage: another quantity at the price before. Price: another unit price. Mix: a SKU that came "
            "or went while its resource stayed. New, gone: resources of one period only. Other: what is "
            "no usage, corrections, and usage without a quantity. The parts sum to the change.",
        )


def month_is_over(seen: Overview) -> bool:
    """Whether the newest month with charges has ended: then nothing of it is expected."""
    return seen.month is not None and seen.month.end <= seen.as_of


def _month_end(seen: Overview | None) -> Iterator[Footnote]:
    if seen is not None and seen.currencies and not month_is_over(seen):
        basis = "; ".join(dict.fromkeys(block.forecast_month_end.basis for block in seen.currencies))
        yield Footnote("month-end", "expected month end", f"How the expected month end is found: {basis}.")


def _exclusions(query: CostQuery) -> str:
    if not query.where:
        return "Every charge category counts: usage, purchases, taxes, credits, adjustments and corrections."
    return f"Only charges with {', '.join(where.text for where in query.where)}; the rest is left out."


def _corrections(cache: Cache, query: CostQuery) -> Iterator[Footnote]:
    found = cache.costs(query.but(group_by=(), where=(*query.where, exactly("charge_class", "Correction"))))
    texts = [
        f"{money(amount.cost)} {currency or 'of unknown currency'}"
        for currency, amount in sorted(found.totals.items(), key=lambda item: item[0] or "")
        if amount.cost is not None
    ]
    if texts:
        yield Footnote(
            "corrections",
            "corrections",
            f"Corrections of earlier days are part of the costs: {'; '.join(texts)}.",
        )


def _changed(cache: Cache, period: Period) -> Iterator[Footnote]:
    seen = [change for change in cache.changes() if within(change.day, period)]
    if not seen:
        return
    by_currency: dict[str, Decimal] = {}
    for change in seen:
        name = change.currency or "of unknown currency"
        by_currency[name] = by_currency.get(name, Decimal(0)) + (change.new or 0) - (change.old or 0)
    moved = "; ".join(f"{money(value, sign=True)} {name}" for name, value in sorted(by_currency.items()))
    what = "change" if len(seen) == 1 else "changes"
    yield Footnote(
        "changed",
        "changed days",
        f"{len(seen):,} {what} to past days of the period since they were loaded: {moved}.",
    )


def _rejected(cache: Cache) -> Iterator[Footnote]:
    files = sorted(
        ((sum(file.rejected.values()), file.name, file) for file in cache.files() if file.rejected),
        key=lambda item: (-item[0], item[1]),
    )
    if not files:
        return
    named = [
        f"{name.rpartition('/')[2]}: " + ", ".join(f"{n:,} {why}" for why, n in sorted(file.rejected.items()))
        for _, name, file in files[:FILES]
    ]
    more = f"; and {len(files) - FILES:,} more files" if len(files) > FILES else ""
    lines = sum(count for count, _, _ in files)
    yield Footnote(
        "rejected",
        "rejected lines",
        f"{lines:,} lines of the loaded files were rejected: {'; '.join(named)}{more}.",
    )


def _rest(found: CostResult) -> tuple[str, ...]:
    """What the answer itself says is missing; provisional days and rejected lines have their own notes."""
    told = ("provisional", "rejected")
    missing = [text for text in found.incomplete if not any(word in text for word in told)]
    return (*nothing_loaded(found.generation), *missing)
