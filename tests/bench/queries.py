"""Every screen's query on a big cache, against pandas over the same lines in memory."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from finops_tui.focus import Metric
from finops_tui.paths import Paths
from finops_tui.store.overview import overview
from finops_tui.store.overview_build import build
from finops_tui.store.query import CostQuery, Period, Where
from finops_tui.store.reader import Cache
from tests.bench import frames
from tests.bench.caches import AS_OF, Shape
from tests.bench.frames import Frame
from tests.bench.table import Measured, Section, milliseconds, times

PAGE = 40


@dataclass(frozen=True)
class Question:
    """What a screen asks, and what pandas would do for it (None: pandas has no like of it)."""

    name: str
    ours: Callable[[], object]
    pandas: Callable[[], object] | None


@dataclass(frozen=True)
class Budget:
    seconds: float | None
    ratio: float


def measure(title: str, paths: Paths, shape: Shape, budget: Budget, *, runs: int) -> Section:
    """Median and 95th percentile of every question, and pandas' median, on one cache."""
    frame = frames.load(paths)
    cache = Cache(paths, AS_OF)
    try:
        questions = list(_questions(cache, frame))
        ours: dict[str, list[float]] = {question.name: [] for question in questions}
        theirs: dict[str, list[float]] = {question.name: [] for question in questions}
        for question in questions:
            question.ours()
        for number in range(runs):
            for question in questions:
                ours[question.name].append(_timed(question.ours))
                if question.pandas and number % 7 == 0:
                    theirs[question.name].append(_timed(question.pandas))
        rows = [_row(question, ours, theirs, budget) for question in questions]
    finally:
        cache.close()
    return Section(
        title,
        f"{shape.lines:,} lines, {shape.title}, {runs} runs; measured: median / 95th percentile, "
        "the latter counts; baseline: pandas groupby on the preloaded frame with category keys",
        rows,
    )


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _row(
    question: Question, ours: dict[str, list[float]], theirs: dict[str, list[float]], budget: Budget
) -> Measured:
    mine = sorted(ours[question.name])
    middle, slow = median(mine), mine[min(len(mine) - 1, round(len(mine) * 0.95))]
    other = median(theirs[question.name]) if theirs[question.name] else None
    kept = [slow <= budget.seconds] if budget.seconds else []
    kept += [slow / other <= budget.ratio] if other else []
    limits = [f"≤ {milliseconds(budget.seconds)}"] if budget.seconds else []
    limits += [f"≤ {budget.ratio:g} ×"] if other else []
    return Measured(
        question.name,
        f"{milliseconds(middle)} / {milliseconds(slow)}",
        milliseconds(other) if other else "",
        times(slow / other) if other else "",
        ", ".join(limits),
        all(kept) if kept else None,
    )


def _questions(cache: Cache, frame: Frame) -> Iterator[Question]:
    yield Question("Overview, made anew", lambda: build(cache), lambda: _overview_in_pandas(cache, frame))
    yield Question("Overview, as kept", lambda: overview(cache), None)
    one = cache.costs(cache.ask(group_by=("resource",), limit=1)).rows[0].keys[0] or ""
    for name, question, keep in (
        ("by service", cache.ask(compare="previous"), None),
        ("by account", cache.ask(group_by=("account",), compare="previous"), None),
        ("by region", cache.ask(group_by=("region",), compare="previous"), None),
        ("by SKU", cache.ask(group_by=("sku",), compare="previous"), None),
        ("by compartment", cache.ask(group_by=("compartment",), compare="previous"), None),
        ("by tag", cache.ask(group_by=("tag:team",), compare="previous"), None),
        ("by resource", cache.ask(group_by=("resource",), compare="previous"), None),
        ("effective cost by service", cache.ask(metric=Metric.EFFECTIVE, compare="previous"), None),
        (
            "by compartment in a service",
            cache.ask(group_by=("compartment",), where=[Where("service", "SERVICE_3")], compare="previous"),
            ("service", "SERVICE_3"),
        ),
        (
            "by resource in a service",
            cache.ask(group_by=("resource",), where=[Where("service", "SERVICE_3")], compare="previous"),
            ("service", "SERVICE_3"),
        ),
        (
            "days of a resource",
            cache.ask(group_by=("resource",), where=[Where("resource", one)], granularity="day"),
            ("resource", one),
        ),
    ):
        yield Question(f"Explore: {name}", _window(cache, question), _in_pandas(frame, question, keep))
    moved = cache.ask(group_by=("service",), compare="previous")
    yield Question(
        "movers by service",
        lambda: cache.movers(moved),
        lambda: frame.sum(("resource", "sku", "service"), _periods(moved)),
    )
    every = cache.ask(period="all").period
    yield Question(
        "Resource",
        lambda: cache.resource(one),
        lambda: frame.sum(("sku", "day"), (every,), ("resource", one)),
    )
    yield Question("lines of a resource", lambda: _lines(cache, one, every), None)
    yield Question("completion of a resource name", lambda: cache.values("resource", "machine-1"), None)
    yield Question("Data", lambda: (cache.status(), cache.files(), cache.changes(100)), None)


def _window(cache: Cache, query: CostQuery) -> Callable[[], object]:
    """What Explore asks: the groups, their totals, the first page and its sparklines."""

    def ask() -> object:
        table = cache.table(query)
        try:
            rows = table.page(0, PAGE)
            sparks = cache.sparks(query, rows, 30) if query.granularity == "total" else None
            return table.count, table.totals, rows, sparks
        finally:
            table.close()

    return ask


def _in_pandas(frame: Frame, query: CostQuery, keep: tuple[str, str] | None) -> Callable[[], object]:
    """The same groups summed per period, and per day for the sparklines."""
    value = "effective" if query.metric is Metric.EFFECTIVE else "cost"

    def ask() -> object:
        by = query.group_by if query.granularity == "total" else (*query.group_by, "day")
        return frame.sum(by, _periods(query), keep, value)

    return ask


def _periods(query: CostQuery) -> list[Period]:
    return [period for period in (query.period, query.compare) if period is not None]


def _lines(cache: Cache, resource: str, period: Period) -> object:
    table = cache.lines([Where("resource", resource)], period)
    return table.count, table.totals, table.page(0, PAGE)


def _overview_in_pandas(cache: Cache, frame: Frame) -> object:
    month = cache.ask(period="mtd", compare="previous")
    days = cache.ask(period="90d").period
    both = _periods(month)
    return (
        frame.sum(("service",), both),
        frame.sum(("account",), both),
        frame.sum(("day",), [days]),
        frame.sum(("service", "day"), [days]),
        frame.sum(("resource", "sku"), both),
    )
