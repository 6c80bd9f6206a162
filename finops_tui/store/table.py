"""A cost table for the screen: asked once, shown in windows, filtered and sorted without asking again.

The groups are summed into an in-memory table. Few groups are labelled at once; very many keep a resource's
number until they are shown, filtered by text or sorted by name, because joining millions of names takes
longer than summing them.
"""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.store.compile import Bound, Relation, Wanted, groups, labels
from finops_tui.store.extent import blocks, extent
from finops_tui.store.query import Amount, CostQuery, CostRow, RowKey
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot

LABELLED_AT_ONCE = 50_000
"""Groups up to which names are joined when the table is made."""
NUMBERED_FROM = 2_000
"""Row from which on the order is written down, so that deep windows need no sorting."""

_ORDERS = {
    "cost": "cost",
    "share": "cost",
    "compared": "compared",
    "previous": "previous",
    "delta": "compared - previous",
    "delta_percent": "CASE WHEN previous <> 0 THEN"
    " CAST(compared - previous AS DOUBLE) / abs(CAST(previous AS DOUBLE)) END",
    "lines": "lines",
    "quantity": "q",
    "date": "day",
}


class CostData:
    """The groups of one query in memory, shared by the tables that filter and sort them."""

    def __init__(self, session: Session, query: CostQuery, *, quantity: bool) -> None:
        self.session, self.query, self.quantity = session, query, quantity
        self.lock = threading.Lock()
        self.users = 0
        self.tables: list[str] = []
        self.snapshot: Snapshot
        self.relation: Relation
        self.currencies: tuple[str | None, ...]
        self.labelled: str | None = None
        self.plain = False
        self.groups = session.read(self._sum)
        if "resource" not in query.group_by or self._few():
            self.label()

    def _few(self) -> bool:
        return int(self.session.rows(f"SELECT count(*) FROM {self.groups}")[0][0]) <= LABELLED_AT_ONCE

    def _sum(self, snapshot: Snapshot) -> str:
        self.snapshot, self.relation = snapshot, self.session.relation(snapshot)
        bound = Bound()
        held = extent(self.session, snapshot)
        self.currencies = held.currencies if self.query.metric is not Metric.QUANTITY else ()
        wanted = Wanted(self.quantity, self.query.metric in held.all_known)
        sql = groups(self.query, self.session.as_of, bound, self.relation, wanted)
        return self.create(sql, bound)

    def create(self, sql: str, bound: Bound) -> str:
        """A new in-memory table of this data; its name."""
        name = self.session.table_name("cost_")
        self.session.rows(f"CREATE TABLE {name} AS {sql}", bound)
        self.tables.append(name)
        return name

    def label(self) -> str:
        """The table whose keys are what is shown, with a label each; made once."""
        with self.lock:
            if self.labelled is None:
                bound = Bound()
                columns, joins = labels(self.query.group_by, bound, self.relation)
                if joins:
                    sql = f"SELECT {columns}, g.* EXCLUDE ({self._raw_keys()}) FROM {self.groups} g{joins}"
                    self.labelled = self.session.read(lambda _: self.create(sql, bound))
                else:  # every key is its own label
                    self.plain, self.labelled = True, self.groups
            return self.labelled

    def _raw_keys(self) -> str:
        return ", ".join(f"k{index}" for index in range(len(self.query.group_by)))

    def join(self) -> None:
        with self.lock:
            self.users += 1

    def leave(self) -> None:
        with self.lock:
            self.users -= 1
            tables, self.tables = (self.tables, []) if self.users == 0 else ([], self.tables)
        self.session.drop(*tables)


class CostTable:
    """The rows of a query, however many; every method is safe to call from a worker thread."""

    def __init__(
        self,
        data: CostData,
        *,
        shown: CostQuery | None = None,
        text: str = "",
        order: tuple[str, bool] | None = None,
        all_: tuple[int, dict[str | None, Amount]] | None = None,
        notes: Callable[["CostTable"], tuple[str, ...]] | None = None,
    ) -> None:
        self.data, self.text = data, text
        self.query: CostQuery = shown or data.query
        self.order_by, self.descending = order or (data.query.order_by, data.query.descending)
        self.generation: int = data.snapshot.generation
        _order(self.query, self.order_by, self.descending, "")  # says so at once where it cannot be
        by_name = self.order_by in self.query.group_by and self.order_by == "resource"
        if text or by_name:
            data.label()
        self._source = data.labelled or data.groups
        self._late = data.labelled is None
        self._numbered: str | None = None
        self._closed = False
        data.join()
        self.count: int
        """Rows under the filter."""
        self.totals: dict[str | None, Amount]
        """Of the rows under the filter, per currency (quantity metric: per unit)."""
        self.unknown: int
        self.count, self.totals, self.unknown = self._totals()
        self.all_count: int
        """Rows of the query, whatever the filter."""
        self.all_totals: dict[str | None, Amount]
        """Of all rows; shares refer to these."""
        self.all_count, self.all_totals = all_ or (self.count, self.totals)
        self._notes = notes
        self.incomplete: tuple[str, ...] = notes(self) if notes else ()

    def page(self, offset: int, limit: int) -> tuple[CostRow, ...]:
        """Rows `offset` … `offset + limit - 1` in the table's order."""
        offset, limit = max(0, offset), max(0, limit)
        bound = Bound()
        order = self._order(bound)
        if offset + limit > NUMBERED_FROM and self.count > NUMBERED_FROM:
            table = self._number()
            window = f"SELECT * FROM {table} WHERE n >= {bound(offset)} AND n < {bound(offset + limit)}"
        else:
            window = (
                f"SELECT * FROM {self._source}{self._where(bound)} ORDER BY {order}"
                f" LIMIT {bound(limit)} OFFSET {bound(offset)}"
            )
        label = "k" if self.data.plain else "l"
        names = ", ".join(f"k{i}, {label}{i}" for i in range(len(self.query.group_by)))
        columns = f"{names + ', ' if names else ''}u, cost, compared, previous, unknown, lines"
        columns += ", day" if self.query.granularity != "total" else ", NULL AS day"
        columns += ", q, unit" if self.data.quantity else ", NULL AS q, NULL AS unit"
        if not self._late or not names:
            sql = f"SELECT {columns} FROM ({window}) ORDER BY {order}"
        else:
            keyed, joins = labels(self.query.group_by, bound, self.data.relation)
            sql = (
                f"SELECT {columns} FROM (SELECT {keyed}, g.* EXCLUDE ({self.data._raw_keys()}),"
                f" row_number() OVER (ORDER BY {_qualified(order)}) AS place FROM ({window}) g{joins})"
                " ORDER BY place"
            )
        return tuple(
            self._row(row) for row in self.data.session.read(lambda _: self.data.session.rows(sql, bound))
        )

    def index(self, key: RowKey, day: date | None = None) -> int | None:
        """Where the row with these keys and currency (quantity metric: unit) is in the table's order, on
        `day` where there is a granularity; None: not in it. Not for the UI thread: it may number all rows."""
        (keys, money), bound, tests = key, Bound(), []
        for index, (dimension, value) in enumerate(zip(self.query.group_by, keys, strict=True)):
            raw = self._late and dimension == "resource" and value is not None
            same = f"md5_number_lower({bound(value)})" if raw else bound(value)
            tests.append(f"k{index} IS NOT DISTINCT FROM {same}")
        tests.append(f"u IS NOT DISTINCT FROM {bound(money)}")
        tests += [f"day = {bound(day)}"] if self.query.granularity != "total" else []
        self.prepare()
        numbered = self._numbered or (
            f"(SELECT *, row_number() OVER (ORDER BY {self._order(bound)}) - 1 AS n"
            f" FROM {self._source}{self._where(bound)})"
        )
        rows = self.data.session.rows(f"SELECT n FROM {numbered} WHERE {' AND '.join(tests)} LIMIT 1", bound)
        return int(rows[0][0]) if rows else None

    def prepare(self) -> None:
        """Write the order of many rows down, so that a far jump is quick; for the thread that made it."""
        if self.count > NUMBERED_FROM:
            self._number()

    def filter(self, text: str) -> "CostTable":
        """The rows whose key or label contains `text`, ignoring case; "" brings all back. Close each."""
        return CostTable(
            self.data,
            shown=self.query,
            text=text,
            order=(self.order_by, self.descending),
            all_=(self.all_count, self.all_totals),
            notes=self._notes,
        )

    def sorted(self, order_by: str, descending: bool) -> "CostTable":
        """The same rows in another order: cost, share, previous, compared, delta, delta_percent, lines,
        quantity, date or a dimension (by its label). Close each table."""
        return CostTable(
            self.data,
            shown=self.query,
            text=self.text,
            order=(order_by, descending),
            all_=(self.all_count, self.all_totals),
            notes=self._notes,
        )

    def close(self) -> None:
        """Let go of the data; it goes when the last table of it is closed. Twice is no harm."""
        if self._closed:
            return
        self._closed = True
        if self._numbered:
            self.data.session.drop(self._numbered)
        self.data.leave()

    def _order(self, bound: Bound) -> str:
        """SQL of the order: where there are several currencies (or units), one after the other."""
        if len(self.all_totals) < 2 or self.order_by in self.query.group_by:
            block = ""
        elif self.query.metric is Metric.QUANTITY:
            block = "u ASC NULLS LAST"
        else:
            block = blocks("u", self.data.currencies, bound)
        return _order(self.query, self.order_by, self.descending, block)

    def _where(self, bound: Bound) -> str:
        if not self.text or not self.query.group_by:
            return ""
        needle = bound(self.text.lower())
        tests = (
            f"contains(lower(coalesce({name}{index}, '(none)')), {needle})"
            for index in range(len(self.query.group_by))
            for name in ("k" if self.data.plain else "kl")
        )
        return f" WHERE ({' OR '.join(tests)})"

    def _totals(self) -> tuple[int, dict[str | None, Amount], int]:
        bound = Bound()
        rows = self.data.session.rows(
            f"SELECT u, count(*), {', '.join(map(_total, ('cost', 'compared', 'previous')))},"
            f" coalesce(sum(unknown), 0) FROM {self._source}{self._where(bound)}"
            " GROUP BY u ORDER BY u NULLS LAST",
            bound,
        )
        totals = {row[0]: Amount(row[2], row[4], row[3]) for row in rows}
        return sum(row[1] for row in rows), totals, sum(row[5] for row in rows)

    def _number(self) -> str:
        with self.data.lock:
            if self._numbered is None:
                bound = Bound()
                name = self.data.session.table_name("order_")
                self.data.session.rows(
                    f"CREATE TABLE {name} AS SELECT *,"
                    f" row_number() OVER (ORDER BY {self._order(bound)}) - 1 AS n"
                    f" FROM {self._source}{self._where(bound)}",
                    bound,
                )
                self._numbered = name
            return self._numbered

    def _row(self, row: tuple[Any, ...]) -> CostRow:
        width = 2 * len(self.query.group_by)
        keys, words = row[0:width:2], row[1:width:2]
        money, cost, compared, previous, unknown, lines, day, quantity, unit = row[width:]
        by_unit = self.query.metric is Metric.QUANTITY
        return CostRow(
            keys=keys,
            currency=None if by_unit else money,
            amount=Amount(cost, previous, compared),
            labels=tuple(w if w is not None else k for k, w in zip(keys, words, strict=True)),
            quantity=cost if by_unit else quantity,
            unit=money if by_unit else unit,
            share=_share(cost, self.all_totals.get(money)),
            day=day,
            lines=lines,
            unknown=unknown,
        )


def _share(cost: Decimal | None, total: Amount | None) -> float | None:
    if cost is None or total is None or not total.cost:
        return None
    return float(cost / total.cost)


def _total(name: str) -> str:
    """SQL of a total: unknown where amounts are, and no other is known (0 for "no lines" is none)."""
    return f"CASE WHEN count({name}) = count(*) OR bool_or(some_{name}) THEN sum({name}) END"


def _order(query: CostQuery, order_by: str, descending: bool, block: str) -> str:
    direction = "DESC" if descending else "ASC"
    keys = [f"k{index} ASC NULLS LAST" for index in range(len(query.group_by))] + ["u ASC NULLS LAST"]
    days = ["day ASC"] if query.granularity != "total" else []
    apart = [block] if block else []
    if order_by in query.group_by:
        index = query.group_by.index(order_by)
        name = f"lower(l{index})" if order_by == "resource" else f"k{index}"
        return ", ".join([f"{name} {direction} NULLS LAST", *keys, *days])
    if order_by not in _ORDERS or (order_by == "date" and not days):
        raise UsageError(f"cannot sort by {order_by!r}", f"Sort by {', '.join((*_ORDERS, *query.group_by))}.")
    first = f"{_ORDERS[order_by]} {direction} NULLS LAST"
    if order_by == "date":
        return ", ".join([first, *apart, "cost DESC NULLS LAST", *keys])
    # a series is read in the order of time; another order only where it was asked for
    return ", ".join([*days, *apart, first, *keys] if order_by == "cost" else [*apart, first, *days, *keys])


def _qualified(order: str) -> str:
    """The order over `g`, whose raw keys a join would otherwise hide."""
    return ", ".join(f"g.{part}" if part[0] == "k" else part for part in order.split(", "))
