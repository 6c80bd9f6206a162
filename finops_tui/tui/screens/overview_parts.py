"""What the Overview says, as texts and rows: pure functions of the answer, in one currency at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile

from finops_tui import figures as fmt
from finops_tui.store.facts import DayCost
from finops_tui.store.overview import CurrencyOverview, Overview, TopCost, TopMover
from finops_tui.store.query import Where, exactly
from finops_tui.tui.text import plain, tail
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.figures import Figure
from finops_tui.tui.widgets.line import Part
from finops_tui.tui.widgets.window import Cell, Row

BAR = 5
TREND = 8
ALMOST_ALL = Decimal("0.98")
"""A part of a mover's change that is named alone: the rest is noise."""


@dataclass(frozen=True)
class Target:
    """What Enter on a row shows in Explore."""

    where: tuple[Where, ...]
    group_by: tuple[str, ...]
    period: str = "mtd"


def figures(whole: Overview, block: CurrencyOverview) -> list[Figure]:
    """The numbers at the top: month to date, expected month end, last complete day, untagged."""
    return [_month_to_date(whole, block), _month_end(whole, block), _last_day(block), _untagged(block)]


def _month_to_date(whole: Overview, block: CurrencyOverview) -> Figure:
    about: list[Part] = []
    if whole.compared and whole.compare:
        days = f"{fmt.day_range(whole.compared)} vs {fmt.day_range(whole.compare)}"
        changed = fmt.change(block.previous_same_days, block.month_to_date_complete)
        if block.previous_same_days is None:
            about = [(f"no {fmt.day_range(whole.compare)} to compare with", "")]
        else:
            about = [(changed, fmt.tone_of(changed)), (f"  {days}", "")]
    elif whole.month:
        about = [("no complete day yet", "")]
    return Figure("Month to date", fmt.money(block.month_to_date), tuple(about))


def _month_end(whole: Overview, block: CurrencyOverview) -> Figure:
    end = block.forecast_month_end
    basis = plain(end.basis)
    if basis.startswith("the month is over"):
        basis = "the month is over"
    elif basis.startswith("run rate") and whole.compared:
        basis = f"run rate of {whole.compared.days} complete days"
    value = fmt.money(end.mean, decimals=0)
    if end.lower is not None and end.upper is not None:
        value += f"   {fmt.money(end.lower, decimals=0)} – {fmt.money(end.upper, decimals=0)}"
    return Figure("Expected month end", value, ((basis, ""),))


def _last_day(block: CurrencyOverview) -> Figure:
    last = block.yesterday
    if last is None:
        return Figure("Last complete day", fmt.UNKNOWN, (("no day is complete yet", ""),))
    about: tuple[Part, ...] = ()
    if last.previous is not None:
        changed = fmt.change(last.previous, last.cost)
        about = ((changed, fmt.tone_of(changed)), (f"  vs {plain(last.against)}", ""))
    return Figure(f"Last complete day, {fmt.day(last.day)}", fmt.money(last.cost), about)


def _untagged(block: CurrencyOverview) -> Figure:
    return Figure("Untagged", fmt.share(block.untagged_share), (("of usage cost", ""),))


def charted(block: CurrencyOverview) -> tuple[str, tuple[DayCost, ...]]:
    """The days from the first known one on, under `Daily cost, 90 days` and how many of them are unknown."""
    days = tuple(dropwhile(lambda d: d.cost is None, block.daily))
    unknown = sum(1 for d in days if d.cost is None)
    title = f"Daily cost, {fmt.counted(len(days), 'day')}"
    return title + (f", {unknown} of them unknown" if unknown else ""), days


def service_columns(costs: Sequence[TopCost]) -> tuple[Column, ...]:
    return _cost_columns("Where it goes", costs, with_bar=True)


def account_columns(costs: Sequence[TopCost]) -> tuple[Column, ...]:
    return _cost_columns("Accounts", costs, with_bar=False)


def _cost_columns(title: str, costs: Sequence[TopCost], *, with_bar: bool) -> tuple[Column, ...]:
    days = max((len(c.spark) for c in costs), default=0)
    left_out = {key for key, out in (("bar", not with_bar), ("trend", not days)) if out}
    columns = (
        Column("name", title, least=14, most=40, grows=True),
        Column("cost", "Cost", "right", priority=1),
        Column("share", "Share", "right", priority=3),
        Column("bar", "", priority=5),
        Column("trend", f"{days} d", priority=4),
        Column("change", "Change", "right", priority=2),
    )
    return tuple(c for c in columns if c.key not in left_out)


def cost_rows(costs: Sequence[TopCost], dimension: str, group_by: tuple[str, ...]) -> list[Row]:
    """Services or accounts, largest first; Enter keeps that one and groups by what lies below it."""
    decimals = _decimals([c.amount.cost for c in costs])
    changes = fmt.change_column([(c.amount.previous, c.amount.compared) for c in costs])
    largest = max((c.share for c in costs if c.share), default=1.0) or 1.0
    said = Counter(c.label or c.key for c in costs)
    rows = []
    for cost, changed in zip(costs, changes, strict=True):
        cells = {
            "name": Cell(_name(cost, alone=said[cost.label or cost.key] == 1)),
            "cost": Cell(fmt.money(cost.amount.cost, decimals=decimals)),
            "share": Cell(fmt.share(cost.share)),
            "bar": Cell(fmt.bar(cost.share / largest if cost.share else None, BAR).ljust(BAR)),
            "trend": Cell(fmt.sparkline(cost.spark, TREND)),
            "change": Cell(changed, fmt.tone_of(changed)),
        }
        target = Target((exactly(dimension, cost.key),), group_by)
        rows.append(Row((dimension, cost.key), cells, data=target))
    return rows


def _name(cost: TopCost, *, alone: bool) -> str:
    """The label; where another row has the same one, the end of the id as well."""
    if cost.label and cost.key and not alone and cost.key != cost.label:
        return f"{plain(cost.label)} {tail(plain(cost.key))}"
    return plain(cost.label or cost.key or "(none)")


def mover_columns() -> tuple[Column, ...]:
    return (
        Column("what", "What changed", least=16, most=48, grows=True),
        Column("why", "Why", priority=3),
        Column("delta", "Change", "right", priority=1),
    )


def mover_rows(movers: Sequence[TopMover], *, amounts: bool) -> list[Row]:
    """The largest changes, with the parts that make most of each, in `amounts` where there is room."""
    decimals = _decimals([m.delta for m in movers])
    deltas = fmt.moved_column([m.delta for m in movers], decimals)
    return [
        Row(
            (mover.text, mover.where),
            {
                "what": Cell(plain(mover.text if amounts else _short_path(mover.text))),
                "why": Cell(reason(mover, decimals if amounts else None)),
                "delta": Cell(delta, fmt.tone(mover.delta)),
            },
            data=Target(mover.where, mover.group_by),
        )
        for mover, delta in zip(movers, deltas, strict=True)
    ]


def nothing_moved(whole: Overview, block: CurrencyOverview) -> list[Row]:
    """The line that stands where no change can be told: there is none, or nothing to compare with."""
    comparable = whole.compared and whole.compare and block.previous_same_days is not None
    text = "nothing changed" if comparable else "nothing to compare with"
    return [Row("nothing", {"what": Cell(text, "muted")}, "muted")]


def _short_path(text: str) -> str:
    """A compartment's path without its first levels: the last two tell places apart."""
    words = (
        "…/" + "/".join(word.split("/")[-2:]) if word.count("/") > 1 else word for word in text.split(" ")
    )
    return " ".join(words)


def reason(mover: TopMover, decimals: int | None) -> str:
    """`new`; `usage +5,900 price +310`, or `usage, price` without decimals: the largest part first."""
    parts = sorted(((n, v) for n, v in mover.parts.items() if v), key=lambda p: -abs(p[1]))
    if not parts:
        return plain(mover.reason)
    name, value = parts[0]
    if (
        mover.delta
        and value / mover.delta >= ALMOST_ALL
        and abs(value - mover.delta) <= abs(mover.delta) / 50
    ):
        return name
    if decimals is None:
        return ", ".join(n for n, _ in parts[:2])
    return " ".join(f"{n} {fmt.signed(v, decimals=decimals)}" for n, v in parts[:3])


def _decimals(values: Sequence[Decimal | None]) -> int:
    """Cents only where the amounts are small: what is wider is read faster without."""
    return 0 if max((abs(v) for v in values if v is not None), default=Decimal(0)) >= 1000 else 2
