"""The Overview: what are we spending, what changed, where does it go, how do the accounts compare."""

from datetime import timedelta
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from finops_tui import figures as fmt
from finops_tui.store.overview import CurrencyOverview, Overview, last_overview, overview
from finops_tui.store.query import exactly
from finops_tui.tui.commands import bindings
from finops_tui.tui.screens import first_run, taking
from finops_tui.tui.screens import overview_parts as parts
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.first_run import NEED_DATA
from finops_tui.tui.widgets.chart import Chart
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.figures import WIDE, Figures
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Row, Rows

CHART_PART = 0.36
LOWEST_CHART = 6
ROOMY = 140
"""From this many columns on two tables side by side have room for the amounts behind a change."""
TALL = 30
"""From this many lines on there is room for blank lines between the blocks."""
OLD = timedelta(days=4)
"""A bill whose newest day is further back than this has not been refreshed."""


class OverviewScreen(BaseScreen):
    """One currency at a time, the main one first."""

    where: ClassVar[str] = "overview"
    heading: ClassVar[str] = "Overview"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("overview")]

    def __init__(self) -> None:
        super().__init__()
        self._overview: Overview | None = None
        self._currency = 0
        self._front = "services"

    def compose_body(self) -> ComposeResult:
        yield Figures(id="figures")
        yield Chart(id="chart")
        with Container(id="panes"):
            with Container(id="left"):
                yield QueryTable(id="movers", marks=False)
                yield QueryTable(id="accounts", marks=False)
            yield QueryTable(id="services", marks=False)

    def on_mount(self) -> None:
        self._arrange()
        self.activate(self.query_one(f"#{self._front}", QueryTable))

    # -- the data

    def reload(self) -> None:
        """Show what was known last, then ask again."""
        own = self.session
        if self._overview is None:
            last = last_overview(own.paths, own.as_of)
            if last is not None and last.currencies:
                self._show(last)
            else:
                self.set_header("")
        if own.cache.generation() == 0:
            self._show_nothing()
            return
        self.show_loading()
        self.load("overview", lambda: overview(own.cache), self._show)
        self.load("warm", own.cache.warm, lambda _: None, lambda _: None)  # who asks next says what failed

    def _show(self, answer: Overview) -> None:
        if not answer.currencies or answer.month is None:
            self._show_nothing()
            return
        if self._overview is not None:
            current = self._block.currency
            order = [block.currency for block in answer.currencies]
            self._currency = order.index(current) if current in order else 0
        self._overview = answer
        self.shown_generation = answer.generation
        with self.app.batch_update():
            self._paint()
            self.show_data()
        self.say(self._rests_on(answer), "muted")
        self.offer_keys()

    def _show_nothing(self) -> None:
        self._overview, self.shown_generation = None, None
        self.set_header("nothing loaded yet")
        headline, lines = first_run.offers(self.session)
        self.show_face(headline, *lines)

    @property
    def _block(self) -> CurrencyOverview:
        assert self._overview is not None
        return self._overview.currencies[self._currency]

    # -- painting

    def _paint(self) -> None:
        whole, block = self._overview, self._block
        assert whole is not None
        self._paint_header(whole, block)
        self.query_one(Figures).show(parts.figures(whole, block))
        self.query_one(Chart).show(*parts.charted(block))
        services = parts.cost_rows(block.top_services, "service", ("compartment",))
        accounts = parts.cost_rows(block.accounts, "account", ("service",))
        self._fill("movers", parts.mover_columns(), self._movers())
        self._fill("accounts", parts.account_columns(block.accounts), accounts)
        self._fill("services", parts.service_columns(block.top_services), services)
        self._arrange()

    def _movers(self) -> list[Row]:
        columns = self.app.size.width
        assert self._overview is not None
        found = self._block.top_movers
        if not found:
            return parts.nothing_moved(self._overview, self._block)
        return parts.mover_rows(found, amounts=not WIDE <= columns < ROOMY)

    def _fill(self, name: str, columns: tuple[Column, ...], rows: list[Row]) -> None:
        self.query_one(f"#{name}", QueryTable).show(Rows(rows), columns=columns)

    def _paint_header(self, whole: Overview, block: CurrencyOverview) -> None:
        month = fmt.month(whole.month.start, short=self.app.size.width < WIDE) if whole.month else ""
        stale = whole.as_of if whole.as_of != self.session.as_of else None
        if whole.last_day is not None and whole.as_of - whole.last_day > OLD:
            stale = whole.last_day
        self.set_header(
            f"{month} · {block.currency or 'no currency'}",
            provisional=[d.day for d in block.daily if d.provisional],
            stale=fmt.day(stale) if stale else "",
        )
        others = [b.currency or "none" for b in whole.currencies if b is not block]
        self.set_crumbs(
            right=f"{block.currency or 'none'} shown, c for {', '.join(others)}" if others else ""
        )

    def _rests_on(self, answer: Overview) -> str:
        """What the numbers rest on, for the status line."""
        said = [f"{fmt.short_count(answer.lines)} line{'' if answer.lines == 1 else 's'}"]
        if answer.rejected:
            said.append(f"{fmt.count(answer.rejected)} rejected")
        if answer.complete_through:
            said.append(f"complete through {fmt.day(answer.complete_through)}")
        return " · ".join(said)

    # -- room

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()
        if self._overview is not None:
            self._paint_header(self._overview, self._block)
            self._fill("movers", parts.mover_columns(), self._movers())

    def _arrange(self) -> None:
        """The chart gives way before the tables do; below 100 columns one table at a time."""
        columns, rows = self.app.size
        self.set_class(rows >= TALL, "-tall")
        self.set_class(columns < WIDE, "-narrow")
        self.query_one(Figures).styles.height = Figures.rows(columns)
        self.query_one(Chart).styles.height = int(rows * CHART_PART) if rows >= TALL else LOWEST_CHART
        accounts = self.query_one("#accounts", QueryTable)
        accounts.styles.height = min(accounts.count, max(2, rows // 9)) + 1
        narrow = columns < WIDE
        for name in ("movers", "accounts", "services"):
            self.query_one(f"#{name}").display = not narrow or name == self._front
        self.query_one("#left").display = not narrow or self._front != "services"
        if narrow:
            accounts.styles.height = "1fr"

    # -- commands

    def why_not(self, command_id: str) -> str:
        if command_id == "filter":
            return "open a row and filter there"
        if command_id == "period":
            return "the overview is about the month; Explore takes any period"
        if command_id == "mark":
            return "rows are marked in Explore"
        if self._overview is None and command_id in NEED_DATA:
            return "nothing is loaded yet"
        if command_id == "currency" and self._overview and len(self._overview.currencies) < 2:
            return "there is one currency only"
        return ""

    def do_open(self) -> None:
        """Explore what makes up the row under the cursor."""
        row = self.table.row if self.table else None
        if row is None or not isinstance(row.data, parts.Target):
            return
        target = row.data
        where = list(target.where)
        if self._overview and len(self._overview.currencies) > 1:
            where.append(exactly("currency", self._block.currency))
        words = [",".join(target.group_by) or "none", *(w.text for w in where), target.period]
        self.app.call_later(self.run_command, "go.explore", *words)

    def do_currency(self) -> None:
        """The next currency's block; amounts of two currencies are never added."""
        if self._overview is not None:
            self._currency = (self._currency + 1) % len(self._overview.currencies)
            with self.app.batch_update():
                self._paint()

    def copied(self, row: Row) -> str:
        """The service or the account's id; of a change the filters that show it."""
        if self.table and self.table.id == "movers" and isinstance(row.data, parts.Target):
            return " ".join(where.text for where in row.data.where)
        return str(row.key[-1] or "") if isinstance(row.key, tuple) and len(row.key) == 2 else ""

    def export(self, format: str, file: str) -> None:  # noqa: A002
        """The report of the month: Markdown for people, its tables as CSV or JSON."""
        own = self.session

        def text() -> str:
            from finops_tui.report import document, written

            report = document.build(own.cache, title=own.title)
            return written.render(report, format)  # type: ignore[arg-type]

        taking.export_text(self, text, "report", format, file)

    def do_pane_next(self) -> None:
        self._turn(1)

    def do_pane_previous(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        """The next table; where there is room for one it takes the place of the one before."""
        order = ("movers", "accounts", "services")
        focused = self.table.id if self.table and self.table.id in order else self._front
        self._front = order[(order.index(focused or self._front) + step) % len(order)]
        with self.app.batch_update():
            self._arrange()
            self.activate(self.query_one(f"#{self._front}", QueryTable))
