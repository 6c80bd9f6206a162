"""One resource over time: what it is, its cost per day and by SKU, its unit prices, its lines."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from finops_tui import figures as fmt
from finops_tui.errors import FinopsError, UsageError
from finops_tui.store.facts import ResourceFacts
from finops_tui.store.lines import LineTable
from finops_tui.store.query import Period, exactly
from finops_tui.store.reader import Cache
from finops_tui.tui import line_rows
from finops_tui.tui.commands import bindings
from finops_tui.tui.screens import resource_parts as parts
from finops_tui.tui.screens import taking
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.detail import open_detail
from finops_tui.tui.screens.first_run import NEED_DATA
from finops_tui.tui.text import plain, tail
from finops_tui.tui.widgets.chart import Chart
from finops_tui.tui.widgets.facts import Facts
from finops_tui.tui.widgets.figures import WIDE
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Row, Rows

if TYPE_CHECKING:
    from finops_tui.report.view import View

TALL = 30
CHART_PART = 0.3
LOWEST_CHART = 6
PANES = ("skus", "prices", "lines")


def find(cache: Cache, name: str) -> ResourceFacts:
    """The resource with this id, else the one of this name with most cost; UsageError when there is none."""
    try:
        return cache.resource(name)
    except UsageError:
        asked = cache.ask(group_by=("resource",), where=(exactly("resource", name),), period="all", limit=1)
        rows = cache.costs(asked).rows
        if not rows or rows[0].keys[0] is None:
            raise
        return cache.resource(rows[0].keys[0])


class ResourceScreen(BaseScreen):
    """One resource; its currency is the one with most cost, `c` turns to the next."""

    where: ClassVar[str] = "resource"
    heading: ClassVar[str] = "Resource"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("resource")]

    def __init__(self, resource_id: str) -> None:
        super().__init__()
        self._resource_id = resource_id
        self._facts: ResourceFacts | None = None
        self._lines: LineTable | None = None
        self._currency: str | None = None
        self._front = "skus"

    def compose_body(self) -> ComposeResult:
        yield Facts(id="facts")
        yield Chart(id="chart")
        with Container(id="panes"):
            with Container(id="left"):
                yield QueryTable(parts.SKU_COLUMNS, id="skus", marks=False)
                yield QueryTable(parts.PRICE_COLUMNS, id="prices", marks=False)
            yield QueryTable(id="lines", marks=False)

    def on_mount(self) -> None:
        self._arrange()

    def on_unmount(self) -> None:
        if self._lines is not None:
            self._lines.close()

    # -- the data

    def reload(self) -> None:
        """Ask for the facts, then for the lines behind them."""
        cache = self.session.cache
        if self._facts is None:
            self.set_header("one resource over time")
            self.set_crumbs(self._resource_id)
        self.show_loading()
        self.load("resource", lambda: find(cache, self._resource_id), self._show)

    def _show(self, found: ResourceFacts) -> None:
        if self._facts is None:
            self._currency = next(iter(parts.currencies(found)), None)
        self._facts, self._resource_id = found, found.resource_id
        self.shown_generation = found.generation
        with self.app.batch_update():
            self._paint(found)
            self.show_data()
        if found.first_seen and found.last_seen:
            period = Period(found.first_seen, found.last_seen + timedelta(days=1))
            where = (exactly("resource", found.resource_id),)
            self.load(
                "lines", lambda: self.session.cache.lines(where, period), self._show_lines, self._no_lines
            )
        self.offer_keys()

    def _show_lines(self, lines: LineTable) -> None:
        if self._lines is not None:
            self._lines.close()
        self._lines = lines
        columns = line_rows.columns(lines.totals, resource=False)
        self.query_one("#lines", QueryTable).show(line_rows.LineRows(lines), columns=columns)

    def _no_lines(self, error: FinopsError) -> None:
        self.say(" — ".join(error.lines()), "attention")

    def _paint(self, found: ResourceFacts) -> None:
        currency = self._currency
        days = parts.daily(found, currency)
        name = found.name or tail(found.resource_id)
        self.set_header(
            f"{plain(name)} · {currency or 'no currency'}", provisional=[d.day for d in days if d.provisional]
        )
        others = [c or "none" for c in found.totals if c != currency]
        right = f"{currency or 'none'} shown, c for {', '.join(others)}" if others else ""
        self.set_crumbs(*([found.compartment] if found.compartment else []), name, right=right)
        self.query_one(Facts).show(parts.facts(found))
        title = "Daily cost"
        if days:
            charged = Period(days[0].day, days[-1].day + timedelta(days=1))
            title += f", {fmt.day_range(charged, year=True)}"
        self.query_one(Chart).show(title, days)
        self.query_one("#skus", QueryTable).show(Rows(parts.sku_rows(found.skus, currency)))
        self.query_one("#prices", QueryTable).show(Rows(parts.price_rows(found.prices, currency)))

    # -- room

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """The chart gives way before the tables do; below 100 columns one table at a time."""
        columns, rows = self.app.size
        narrow = columns < WIDE
        self.query_one(Chart).styles.height = int(rows * CHART_PART) if rows >= TALL else LOWEST_CHART
        for name in PANES:
            self.query_one(f"#{name}").display = not narrow or name == self._front
        self.query_one("#left").display = not narrow or self._front != "lines"

    # -- commands

    def why_not(self, command_id: str) -> str:
        if command_id == "filter":
            return "filter in Explore"
        if command_id == "mark":
            return "rows are marked in Explore"
        if command_id in ("sort", "sort.reverse"):
            return "the lines are in the order of their time"
        if self._facts is None and command_id in NEED_DATA:
            return "nothing is loaded yet"
        if command_id == "currency" and self._facts and len(self._facts.totals) < 2:
            return "it is charged in one currency only"
        if command_id == "open" and not (
            self.table and isinstance(self.table.row and self.table.row.data, dict)
        ):
            return "a line opens, a SKU or price does not"
        return ""

    async def do_open(self) -> None:
        """Everything one line says."""
        row = self.table.row if self.table else None
        if row is not None and isinstance(row.data, dict):
            facts = line_rows.line_facts(row.data)
            await open_detail(self, "Line", [self._resource_id], facts)

    def do_currency(self) -> None:
        """The next currency it is charged in; two are never added."""
        if self._facts is not None:
            order = parts.currencies(self._facts)
            self._currency = order[(order.index(self._currency) + 1) % len(order)]
            with self.app.batch_update():
                self._paint(self._facts)

    def copied(self, row: Row) -> str:
        """The resource's id, whatever the row."""
        return self._resource_id

    def export(self, format: str, file: str) -> None:  # noqa: A002
        """Its cost per day and SKU."""
        found, cache = self._facts, self.session.cache
        if found is None or found.first_seen is None or found.last_seen is None:
            raise UsageError("there is nothing to export yet")
        period = Period(found.first_seen, found.last_seen + timedelta(days=1))
        where = (exactly("resource", found.resource_id),)

        def view() -> "View":
            from finops_tui.report import views

            asked = cache.ask(
                group_by=("sku",), where=where, period=period, granularity="day", order_by="date"
            )
            return views.costs(cache, asked)

        taking.export(self, view, "resource", format, file)

    def do_pane_next(self) -> None:
        self._turn(1)

    def do_pane_previous(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        current = self.table.id if self.table else None
        self._front = PANES[(PANES.index(current or self._front) + step) % len(PANES)]
        with self.app.batch_update():
            self._arrange()
            self.activate(self.query_one(f"#{self._front}", QueryTable))
