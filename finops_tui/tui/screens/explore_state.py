"""Explore without a terminal: the question, how drilling edits it, how Esc comes back, how it is written."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.store.periods import (
    check_compare,
    check_period,
    months_later,
    parse_dimension,
    parse_where,
    whole_months,
)
from finops_tui.store.query import CostRow, Granularity, Period, Where, exactly

DRILL = ("service", "compartment", "resource", "day")
"""Where Enter leads; dimensions that are fixed already are skipped."""
PERIODS = ("7d", "30d", "90d", "mtd", "last-month", "qtd", "ytd", "all")
COMPARES = ("previous", "year", "none")
CHARGES = {
    "all": (),
    "usage": (Where("charge_category", "Usage"),),
    "no-credits": (Where("charge_category", "Credit", negated=True),),
    "no-tax": (Where("charge_category", "Tax", negated=True),),
    "no-corrections": (Where("charge_class", "Correction", negated=True),),
}
"""The charge switches that `x` goes through."""
TIME = ("day", "month")
"""What a person can group by besides dimensions: the query calls it granularity."""
SORTS = ("cost", "share", "previous", "delta", "delta_percent", "quantity", "lines", "date")


@dataclass(frozen=True)
class Question:
    """A cost query as a person says it; `Cache.ask` makes days of its words."""

    group_by: tuple[str, ...] = ("service",)
    """Dimensions, or ("day",) or ("month",)."""
    where: tuple[Where, ...] = ()
    period: str | Period = "30d"
    compare: str = "previous"
    metric: Metric = Metric.BILLED
    charges: str = "all"
    order_by: str = "cost"
    descending: bool = True

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the query groups by."""
        return tuple(d for d in self.group_by if d not in TIME)

    @property
    def granularity(self) -> Granularity:
        if "day" in self.group_by:
            return "day"
        return "month" if "month" in self.group_by else "total"

    @property
    def filters(self) -> tuple[Where, ...]:
        """The filters of the query: the person's and the charge switch's."""
        return (*self.where, *CHARGES[self.charges])

    def but(self, **changes: object) -> "Question":
        """This question with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def grouped(self, *by: str) -> "Question":
        """Grouped otherwise; days come in order, money comes with the largest first."""
        timed = any(d in TIME for d in by)
        return self.but(group_by=by, order_by="date" if timed else "cost", descending=True)

    def sorted(self, column: str) -> "Question":
        """By that column; the same column again turns the order round. Text begins with A."""
        if column == self.order_by:
            return self.but(descending=not self.descending)
        return self.but(order_by=column, descending=column in SORTS)


@dataclass(frozen=True)
class Resource:
    """Enter leads to one resource's own screen."""

    resource_id: str


@dataclass(frozen=True)
class Lines:
    """Enter leads to the line items of a period."""

    where: tuple[Where, ...]
    period: Period


def drill(question: Question, row: CostRow) -> Question | Resource | Lines:
    """What Enter on a row of the answer asks next."""
    where = _narrowed(question, row)
    if question.granularity == "day" and row.day is not None:
        return Lines((*where, *CHARGES[question.charges]), Period(row.day, row.day + timedelta(days=1)))
    if question.granularity == "month" and row.day is not None:
        month = Period(row.day, months_later(row.day, 1))
        return question.but(where=where, period=month).grouped("day")
    if question.dimensions == ("resource",) and row.keys[0] is not None:
        return Resource(row.keys[0])
    deeper = _deeper(question, row)
    return question.but(where=where).grouped(deeper or _next(question, where))


def _narrowed(question: Question, row: CostRow) -> tuple[Where, ...]:
    """The filters, kept to the row; filters the row's own ones replace are dropped."""
    dimensions = question.dimensions
    keep = tuple(w for w in question.where if w.dimension not in dimensions)
    return (*keep, *(exactly(d, key) for d, key in zip(dimensions, row.keys, strict=True)))


def _deeper(question: Question, row: CostRow) -> str:
    """The next level of the compartment tree, unless the row is a leaf of it."""
    if len(question.dimensions) != 1 or not question.dimensions[0].startswith("compartment:"):
        return ""
    depth = int(question.dimensions[0].partition(":")[2])
    path = row.keys[0]
    return f"compartment:{depth + 1}" if path is not None and path.count("/") + 1 == depth else ""


def _next(question: Question, where: Sequence[Where]) -> str:
    fixed = {w.dimension.partition(":")[0] for w in where if not w.negated and not _wild(w.pattern)}
    here = question.dimensions[0].partition(":")[0] if question.dimensions else ""
    later = DRILL[DRILL.index(here) + 1 :] if here in DRILL else DRILL
    return next((d for d in (*later, *DRILL) if d not in fixed), "day")


def _wild(pattern: str) -> bool:
    return "*" in pattern.replace("\\*", "")


@dataclass(frozen=True)
class Level:
    """One step of the way down: the question, the text filter, the row the cursor was on."""

    question: Question
    text: str = ""
    cursor: object = None


@dataclass(frozen=True)
class Trail:
    """The way down so far; the last level is on the screen."""

    levels: tuple[Level, ...] = field(default_factory=lambda: (Level(Question()),))

    @property
    def here(self) -> Level:
        return self.levels[-1]

    def down(self, question: Question, cursor: object) -> "Trail":
        """One level deeper, remembering where the cursor was."""
        left = replace(self.here, cursor=cursor)
        return Trail((*self.levels[:-1], left, Level(question)))

    def up(self) -> "Trail":
        """One level back, as it was left; the first level stays."""
        return Trail(self.levels[:-1]) if len(self.levels) > 1 else self

    def ask(self, question: Question) -> "Trail":
        """Another question in the place of this one."""
        return Trail((*self.levels[:-1], replace(self.here, question=question)))

    def filter(self, text: str) -> "Trail":
        return Trail((*self.levels[:-1], replace(self.here, text=text)))


def shift(period: Period, steps: int, as_of: date) -> Period | None:
    """The same length of time, `steps` later (negative: earlier); None where nothing is charged yet.

    Whole months, and the month, quarter or year so far, move by whole months.
    """
    months = _months(period)
    if months:
        start = months_later(period.start, steps * months)
        end = months_later(start, months)
    else:
        start = period.start + timedelta(days=steps * period.days)
        end = start + timedelta(days=period.days)
    return Period(start, min(end, as_of)) if start < as_of else None


def _months(period: Period) -> int:
    """How many whole months the period steps by; 0: it steps by days."""
    if period.label in ("mtd", "qtd", "ytd"):
        return {"mtd": 1, "qtd": 3, "ytd": 12}[period.label]
    if not whole_months(period):
        return 0
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month


def cycle(choices: Sequence[str], current: object) -> str:
    """The choice after the current one; the first after anything else."""
    at = choices.index(current) if isinstance(current, str) and current in choices else -1
    return choices[(at + 1) % len(choices)]


def to_words(question: Question) -> str:
    """The question as it is typed behind `:explore` and kept in a saved view."""
    words = [",".join(question.group_by) or "none", *(w.text for w in question.where)]
    period = question.period
    words.append(period if isinstance(period, str) else f"{period.start}..{period.last}")
    words += [f"compare={question.compare}", f"metric={question.metric}"]
    if question.charges != "all":
        words.append(f"charges={question.charges}")
    words.append(f"sort={'' if question.descending else '+'}{question.order_by}")
    return shlex.join(words)


def split(text: str) -> list[str]:
    """The words of a written question; UsageError for a quote that is not closed."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"cannot read {text!r}: {error}", "Close the quote.") from None


def from_words(words: Iterable[str], base: Question | None = None) -> Question:
    """`service compartment=root/eng/* 90d compare=year` as a question over `base`; or UsageError.

    Words that name dimensions group; `DIM=VALUE` filters; a period or a metric is known by itself.
    """
    question = base or Question()
    where: list[Where] = []
    for word in words:
        key, _, value = word.partition("=")
        if key in _SETTINGS and value:
            question = _SETTINGS[key](question, value)
        elif "=" in word:
            where.append(parse_where(word))
        else:
            question = _bare(question, word)
    return question.but(where=tuple(where))


def _bare(question: Question, word: str) -> Question:
    if word.lower() in tuple(Metric):
        return question.but(metric=Metric(word.lower()))
    try:
        return question.but(period=check_period(word))
    except UsageError:
        return question.grouped(*grouping(word))


def grouping(text: str) -> tuple[str, ...]:
    """`service,region`, `day`, `none` → what to group by; UsageError otherwise."""
    parts = [part.strip().lower() for part in text.split(",")]
    if parts == ["none"]:
        return ()
    return tuple(
        dict.fromkeys(
            p if p in TIME else parse_dimension(raw) for p, raw in zip(parts, text.split(","), strict=True)
        )
    )


def metric(text: str) -> Metric:
    """The metric of that name; UsageError otherwise."""
    try:
        return Metric(text.lower())
    except ValueError:
        raise UsageError(f"unknown metric {text!r}", f"Metrics are {', '.join(Metric)}.") from None


def charges(text: str) -> str:
    """The charge switch of that name; UsageError otherwise."""
    if text.lower() not in CHARGES:
        raise UsageError(f"unknown charges {text!r}", f"Charges are {', '.join(CHARGES)}.")
    return text.lower()


def _sort(question: Question, text: str) -> Question:
    return question.but(order_by=text.removeprefix("+"), descending=not text.startswith("+"))


_SETTINGS = {
    "compare": lambda q, v: q.but(compare=check_compare(v)),
    "metric": lambda q, v: q.but(metric=metric(v)),
    "charges": lambda q, v: q.but(charges=charges(v)),
    "period": lambda q, v: q.but(period=check_period(v)),
    "by": lambda q, v: q.grouped(*grouping(v)),
    "sort": _sort,
}
