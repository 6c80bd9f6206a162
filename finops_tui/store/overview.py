"""The overview: what are we spending, what changed, where does it go, how do the accounts compare.

One block per currency, the main currency first; amounts of two currencies are never added.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from finops_tui import __version__
from finops_tui.paths import Paths
from finops_tui.store.facts import DayCost
from finops_tui.store.query import AccountThrough, Amount, Period, Where, minus, percent

if TYPE_CHECKING:
    from finops_tui.store.reader import Cache


@dataclass(frozen=True)
class MonthEnd:
    """The month's expected total. `lower`/`upper` None: no band is known; `basis` says how it was found."""

    mean: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    basis: str


@dataclass(frozen=True)
class LastDay:
    """The last complete day and the day it is held against; `against` says which in words."""

    day: date
    cost: Decimal | None
    previous_day: date | None
    previous: Decimal | None
    against: str
    """For instance "the Saturday before"; empty when there is nothing to hold it against."""

    @property
    def delta(self) -> Decimal | None:
        return minus(self.cost, self.previous)

    @property
    def delta_percent(self) -> float | None:
        return percent(self.delta, self.previous)


@dataclass(frozen=True)
class TopCost:
    """A service or an account: month to date, its share, its change on complete days, its last weeks."""

    key: str | None
    label: str | None
    amount: Amount
    share: float | None
    spark: tuple[Decimal | None, ...] = ()
    """Cost per day, oldest first, ending at the last complete day; None: unknown, or not in the cache."""


@dataclass(frozen=True)
class TopMover:
    """One line of "what changed": hostile text until escaped."""

    text: str
    """For instance "COMPUTE in root/eng/ml" or "14 × train-vol-*"."""
    reason: str
    """For instance "usage +5,900.00, price +310.00", "new", "gone"; amounts with two decimals."""
    delta: Decimal
    parts: dict[str, Decimal]
    """The exact split: usage, price, mix, new, gone, other."""
    where: tuple[Where, ...]
    """The filters that show these lines in Explore."""
    group_by: tuple[str, ...] = ("resource",)


@dataclass(frozen=True)
class CurrencyOverview:
    """Everything the overview says in one currency."""

    currency: str | None
    month_to_date: Decimal | None
    """Through the newest charged day, provisional days included."""
    month_to_date_complete: Decimal | None
    """On complete days only."""
    previous_same_days: Decimal | None
    """On the same complete days of the month before; None: the cache does not hold them."""
    forecast_month_end: MonthEnd
    yesterday: LastDay | None
    daily: tuple[DayCost, ...]
    """90 days ending at the newest charged day, oldest first, every day once."""
    top_services: tuple[TopCost, ...]
    top_movers: tuple[TopMover, ...]
    accounts: tuple[TopCost, ...]
    untagged_share: float | None
    """Of the month's usage cost on lines of resources, the part without any tag of people's own, 0–1."""

    @property
    def delta(self) -> Decimal | None:
        """Month to date on complete days minus the same days of the month before."""
        return minus(self.month_to_date_complete, self.previous_same_days)

    @property
    def delta_percent(self) -> float | None:
        return percent(self.delta, self.previous_same_days)


@dataclass(frozen=True)
class Overview:
    """The overview as of a day: one block per currency (main currency first) and what they rest on."""

    as_of: date
    generation: int
    month: Period | None
    """The calendar month it speaks of (label "November 2026"); None: nothing is loaded."""
    compared: Period | None
    """The complete days of the month, and …"""
    compare: Period | None
    """… the same days of the month before."""
    first_day: date | None
    last_day: date | None
    """First and newest charged day in the cache before `as_of`."""
    complete: tuple[AccountThrough, ...]
    complete_through: date | None
    lines: int
    rejected: int
    currencies: tuple[CurrencyOverview, ...]
    notes: tuple[str, ...] = ()
    """Data notes: what is missing or left out, one sentence each."""
    asked: str = ""
    """What else it depends on: the program's version, `known`, the main currency."""


def overview(cache: "Cache") -> Overview:
    """The overview of what the cache holds, the cache's main currency first.

    It is kept in state.db and made anew only when the generation, the day or what it was asked with differ;
    where it cannot be written, nothing is lost.
    """
    from finops_tui.store import documents
    from finops_tui.store.overview_build import build

    asked = f"{__version__} {'known' if cache.known else 'all'} {cache.session.main_currency}"
    kept = last_overview(cache.paths, cache.as_of)
    if kept is not None and (kept.as_of, kept.generation, kept.asked) == (
        cache.as_of,
        cache.generation(),
        asked,
    ):
        return kept
    made = replace(build(cache), asked=asked)
    if made.generation:
        documents.keep(cache.paths, _NAME, made.as_of, made.generation, documents.encode(made))
    return made


def last_overview(paths: Paths, as_of: date | None = None) -> Overview | None:
    """The overview kept last, read with SQLite alone (no DuckDB): what the app paints first, or None.

    Of the newest day it was made for, or of the newest not after `as_of`; look at its `as_of` and
    `generation` to tell whether it is stale.
    """
    from finops_tui.store import documents

    body = documents.newest(paths, _NAME, as_of)
    if body is None:
        return None
    try:
        return documents.decode(Overview, body)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None  # kept by a program with another shape of it: it will be made anew


_NAME = "overview"
