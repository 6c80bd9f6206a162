"""The one question behind every table of money: what to group, what to keep, which days, against which.

Screens edit it, the command line spells it, a saved view is one of these with a name. It reads no file.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import Literal

from finops_tui.focus import Metric

Granularity = Literal["total", "day", "month"]

EXACT = Context(prec=80)
"""Arithmetic on DECIMAL(38,18) without rounding: Python's own context keeps 28 digits only."""


def plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The exact sum of what is known; None where neither is."""
    if one is None or other is None:
        return other if one is None else one
    return EXACT.add(one, other)


def minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The exact difference; None where either is unknown."""
    return None if one is None or other is None else EXACT.subtract(one, other)


def percent(change: Decimal | None, base: Decimal | None) -> float | None:
    """A change in percent of what it started from; None where that is 0 or unknown."""
    return float(change / abs(base) * 100) if change is not None and base else None


PLAIN_DIMENSIONS = (
    "provider",
    "account",
    "service",
    "category",
    "sku",
    "compartment",
    "region",
    "resource",
    "charge_category",
    "charge_class",
    "currency",
)
"""Dimensions without an argument; besides them `compartment:N` (first N levels) and `tag:KEY`."""

UNTAGGED = "(untagged)"
"""The value of `tag:KEY` on lines without that tag; as a pattern it matches exactly those."""

NONE = "(none)"
"""As a pattern: lines that have no value for the dimension (a row key of None)."""


@dataclass(frozen=True)
class Period:
    """UTC days from `start` up to, not including, `end`."""

    start: date
    end: date
    label: str = ""

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Where:
    """Keep rows whose `dimension` matches `pattern` (`*` wildcards), or does not when `negated`."""

    dimension: str
    pattern: str
    negated: bool = False

    @property
    def text(self) -> str:
        """As a person types it: `service=COMP*`, `tag:team!=ml`; `periods.parse_where` reads it back."""
        return f"{self.dimension}{'!=' if self.negated else '='}{self.pattern}"


def exactly(dimension: str, key: str | None, *, negated: bool = False) -> Where:
    """The filter that keeps the group with this key and no other (a literal `*` in it is no wildcard)."""
    if key is None:
        return Where(dimension, NONE, negated)
    pattern = key.replace("\\", "\\\\").replace("*", "\\*")
    return Where(dimension, f"\\{pattern}" if key == NONE else pattern, negated)


def drilled(query: "CostQuery", row: "CostRow") -> tuple[Where, ...]:
    """The query's filters narrowed to one of its rows: what drilling down into it asks.

    An earlier filter on the same dimension is replaced: the row is one of those it kept.
    """
    keep = tuple(w for w in query.where if w.dimension not in query.group_by)
    return (*keep, *(exactly(d, k) for d, k in zip(query.group_by, row.keys, strict=True)))


@dataclass(frozen=True)
class CostQuery:
    """A question about money.

    Several `where` on one dimension: a row must match any of the positive ones and none of the negated ones;
    different dimensions must all hold. `compared` is the part of `period` whose days are complete and that
    `compare` (the earlier period) is held against; both None when nothing is compared.
    """

    group_by: tuple[str, ...] = ("service",)
    where: tuple[Where, ...] = ()
    period: Period = field(default_factory=lambda: Period(date.min, date.max))
    compared: Period | None = None
    compare: Period | None = None
    metric: Metric = Metric.BILLED
    granularity: Granularity = "total"
    order_by: str = "cost"
    descending: bool = True
    limit: int | None = None

    def but(self, **changes: object) -> "CostQuery":
        """This question with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Amount:
    """A row's money in one currency (None: unknown) or, for the quantity metric, in one unit."""

    cost: Decimal | None
    """Over the whole period, provisional days included."""
    previous: Decimal | None = None
    """Over `compare`; None when nothing is compared."""
    compared: Decimal | None = None
    """Over the complete days of the period that `compare` is held against."""

    @property
    def delta(self) -> Decimal | None:
        """compared − previous: like with like, provisional days left out."""
        return minus(self.compared, self.previous)

    @property
    def delta_percent(self) -> float | None:
        """Change in percent of the previous amount; None where that is 0 or unknown."""
        return percent(self.delta, self.previous)


@dataclass(frozen=True)
class CostRow:
    """One group of the answer. `keys` follow `group_by`; None is "the line has no such value"."""

    keys: tuple[str | None, ...]
    currency: str | None
    amount: Amount
    labels: tuple[str | None, ...] = ()
    """What to show for each key where a better word is known: a resource's name, an account's name."""
    quantity: Decimal | None = None
    unit: str | None = None
    """Quantity and unit where they are the same unit for the whole row."""
    share: float | None = None
    """Of the total in the row's currency, 0–1; None where that total is 0."""
    day: date | None = None
    """First day of the row's day or month, with a granularity."""
    lines: int = 0
    """Line items behind the row, in the period and in the one it is compared with."""
    unknown: int = 0
    """Lines whose value is unknown and therefore not in the sum."""


RowKey = tuple[tuple[str | None, ...], str | None]
"""A row's keys and its currency (quantity metric: its unit)."""


@dataclass(frozen=True)
class CostResult:
    """The answer: rows in the asked order and, per currency, what all rows (shown or not) add up to."""

    query: CostQuery
    rows: tuple[CostRow, ...]
    totals: dict[str | None, Amount]
    """By currency (None: the bill names none); for the quantity metric by unit."""
    count: int
    """Rows there are, before `limit`."""
    incomplete: tuple[str, ...] = ()
    """What is missing from the numbers, in words (for instance: list cost unknown on 120 lines)."""
    generation: int = 0


@dataclass(frozen=True)
class Mover:
    """One group's change between two periods and its exact split: the parts sum to `delta`."""

    keys: tuple[str | None, ...]
    labels: tuple[str | None, ...]
    currency: str | None
    previous: Decimal
    current: Decimal
    price: Decimal
    usage: Decimal
    mix: Decimal
    new: Decimal
    gone: Decimal
    other: Decimal

    @property
    def delta(self) -> Decimal:
        return EXACT.subtract(self.current, self.previous)

    @property
    def parts(self) -> dict[str, Decimal]:
        return {name: getattr(self, name) for name in ("usage", "price", "mix", "new", "gone", "other")}


@dataclass(frozen=True)
class AccountThrough:
    """Through which UTC day (inclusive) the bill of an account is complete; None: not one day yet."""

    provider: str | None
    account: str | None
    through: date | None
    name: str | None = None


@dataclass(frozen=True)
class Calendar:
    """What is known of time: today, the first and last charged day, and how far the bill is complete."""

    as_of: date
    first_day: date | None
    last_day: date | None
    complete: tuple[AccountThrough, ...]

    @property
    def complete_through(self) -> date | None:
        """The earliest over all accounts: comparisons never go past it."""
        known = [a.through for a in self.complete]
        return min(d for d in known if d is not None) if known and None not in known else None
