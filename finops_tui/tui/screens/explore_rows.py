"""The rows of Explore: a cost table's rows as cells, the columns they need, the sums below them."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from finops_tui import figures as fmt
from finops_tui.focus import Metric
from finops_tui.store.query import Amount, CostQuery, CostRow
from finops_tui.store.reader import RowKey
from finops_tui.store.table import CostTable
from finops_tui.tui.text import plain, tail
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.window import Cell, Row

TREND = 10
"""Cells of the trend column."""
TREND_DAYS = 30
NOTHING = "(none)"
KEPT = 8
BAR = 12

Sparks = Mapping[RowKey, Sequence[Decimal | None]]


def row_key(row: CostRow) -> tuple[object, ...]:
    """What tells a row from every other row of the answer."""
    return (*row.keys, row.day, row.unit if row.currency is None else row.currency)


class CostRows:
    """A cost table as the source of a QueryTable; trends are filled in as they become known."""

    def __init__(self, table: CostTable, first: Sequence[CostRow], sparks: Sparks) -> None:
        self.table = table
        self.sparks: dict[RowKey, Sequence[Decimal | None]] = dict(sparks)
        self._pages: OrderedDict[tuple[int, int], Sequence[CostRow]] = OrderedDict()
        self._pages[(0, len(first))] = first

    @property
    def count(self) -> int:
        return self.table.count

    def page(self, offset: int, limit: int) -> Sequence[Row]:
        rows = self._pages.get((offset, limit))
        if rows is None:
            rows = self._pages[(offset, limit)] = self.table.page(offset, limit)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        deltas = fmt.moved_column([None if self._provisional(row) else row.amount.delta for row in rows])
        return [self._row(row, delta) for row, delta in zip(rows, deltas, strict=True)]

    def _provisional(self, row: CostRow) -> bool:
        """A day after the compared ones has nothing it could be held against yet."""
        compared = self.table.query.compared
        return row.day is not None and compared is not None and row.day >= compared.end

    def _row(self, row: CostRow, delta: str) -> Row:
        query = self.table.query
        provisional = self._provisional(row)
        amount = Amount(row.amount.cost) if provisional else row.amount
        unit = row.unit if query.metric is Metric.QUANTITY else row.currency
        tone = fmt.tone(amount.delta)
        trend = self.sparks.get((row.keys, row.currency))
        cells = {d: Cell(_name(d, row, i)) for i, d in enumerate(query.group_by)}
        if row.day is not None:
            cells["date"] = Cell(
                fmt.month(row.day)
                if query.granularity == "month"
                else f"{row.day:%a} {fmt.day(row.day, True)}"
            )
        cells |= {
            "cost": Cell(_figure(query, amount.cost)),
            "currency": Cell(plain(unit or NOTHING)),
            "share": Cell(fmt.share(row.share)),
            "bar": Cell(fmt.bar(row.share, BAR)),
            "quantity": Cell(fmt.quantity(row.quantity, plain(row.unit or ""))),
            "previous": Cell(_figure(query, amount.previous)),
            "delta": Cell(delta, tone),
            "delta_percent": Cell(fmt.change(amount.previous, amount.compared)[2:] or fmt.UNKNOWN, tone),
            "trend": Cell(fmt.sparkline(trend, TREND) if trend else ""),
        }
        return Row(row_key(row), cells, data=row)


def columns(query: CostQuery, currencies: int) -> tuple[Column, ...]:
    """The columns an answer needs: what is not compared, known once, or only time has none."""
    found = []
    if query.granularity != "total":
        found.append(Column("date", query.granularity.capitalize(), priority=1))
    for number, dimension in enumerate(d for d in query.group_by):
        found.append(Column(dimension, _title(dimension), least=14, most=48, grows=True, priority=1 + number))
    quantity = query.metric is Metric.QUANTITY
    found.append(Column("cost", "Quantity" if quantity else "Cost", "right", priority=1))
    if quantity or currencies > 1:
        found.append(Column("currency", "Unit" if quantity else "Cur", priority=2, least=3, most=12))
    found.append(Column("share", "Share", "right", priority=4))
    if query.compare is not None:
        found.append(Column("previous", "Previous", "right", priority=6))
        found.append(Column("delta", "Change", "right", priority=3))
        found.append(Column("delta_percent", "Change %", "right", priority=5))
    else:
        found.append(Column("bar", "", priority=7))
    if "sku" in query.group_by and not quantity:
        found.append(Column("quantity", "Quantity", "right", priority=8))
    if query.granularity == "total":
        found.append(Column("trend", "Trend", priority=7))
    return tuple(found)


def _title(dimension: str) -> str:
    if dimension.startswith("compartment:"):
        return "Compartment + below"
    return dimension if dimension.startswith("tag:") else dimension.replace("_", " ").capitalize()


def _name(dimension: str, row: CostRow, index: int) -> str:
    """The label where one is known; an id beside it only where two rows could be taken for one."""
    key = row.keys[index]
    label = row.labels[index] if index < len(row.labels) else None
    if key is None:
        return NOTHING
    if dimension.startswith("compartment:") and key.count("/") + 1 < int(dimension.partition(":")[2]):
        return f"{plain(key)} (itself)"
    if not label or label == key:
        return plain(key)
    if dimension == "resource":
        return f"{plain(label)} {tail(plain(key))}"
    return f"{plain(key)} {plain(label)}" if dimension == "sku" else plain(label)


def _figure(query: CostQuery, value: Decimal | None) -> str:
    return fmt.quantity(value) if query.metric is Metric.QUANTITY else fmt.money(value)


def summed(rows: Iterable[CostRow]) -> dict[str | None, Decimal | None]:
    """The rows' cost per currency (or unit); None where a row of it is unknown. Never across currencies."""
    sums: dict[str | None, Decimal | None] = {}
    for row in rows:
        unit = row.currency if row.currency is not None else row.unit
        before = sums.get(unit, Decimal(0))
        cost = row.amount.cost
        sums[unit] = None if before is None or cost is None else before + cost
    return sums


def sums_text(query: CostQuery, sums: Mapping[str | None, Decimal | None]) -> str:
    """`USD 19,384.61 · EUR 12.00`."""
    texts = (f"{plain(unit or NOTHING)} {_figure(query, value)}" for unit, value in sums.items())
    return " · ".join(texts)


def main_first(totals: Mapping[str | None, Amount], rows: Sequence[CostRow]) -> dict[str | None, Amount]:
    """The totals in the order of their blocks in the table: that of the first row first."""
    first = (rows[0].currency or rows[0].unit) if rows else None
    return {unit: totals[unit] for unit in sorted(totals, key=lambda unit: unit != first)}


def totals_text(query: CostQuery, totals: Mapping[str | None, Amount]) -> str:
    """`USD 19,384.61 ▲ +2,104.50`, one per currency."""
    parts = []
    for unit, amount in totals.items():
        text = f"{plain(unit or NOTHING)} {_figure(query, amount.cost)}"
        if query.compare is not None:
            text += f" {fmt.moved(amount.delta)}"
        parts.append(text)
    return " · ".join(parts)
