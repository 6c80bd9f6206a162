"""The line items behind a number: what Enter on a day leads to."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from finops_tui import figures as fmt
from finops_tui.errors import UsageError
from finops_tui.store.lines import LineTable
from finops_tui.store.query import Period, Where
from finops_tui.tui import line_rows
from finops_tui.tui.commands import bindings
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.detail import open_detail
from finops_tui.tui.text import plain
from finops_tui.tui.widgets.line import Line
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Row


class LinesScreen(BaseScreen):
    """Line items under filters, newest first; Enter says everything about one."""

    where: ClassVar[str] = "lines"
    heading: ClassVar[str] = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("lines")]

    def __init__(self, where: Sequence[Where], period: Period) -> None:
        super().__init__()
        self._filters, self._period = tuple(where), period
        self._lines: LineTable | None = None

    def compose_body(self) -> ComposeResult:
        yield QueryTable(id="lines", marks=False)
        yield Line("totals")

    def on_unmount(self) -> None:
        if self._lines is not None:
            self._lines.close()

    def reload(self) -> None:
        self.show_loading()
        cache = self.session.cache
        self.load("lines", lambda: cache.lines(self._filters, self._period), self._show, drop=LineTable.close)

    def _show(self, lines: LineTable) -> None:
        if self._lines is not None:
            self._lines.close()
        self._lines = lines
        self.shown_generation = lines.generation
        days = fmt.day_range(self._period, True)
        units = " + ".join(str(unit or "(none)") for unit in lines.totals)
        self.set_header(f"{days} · {units} · billed")
        filters = (f"{w.dimension} {'not ' if w.negated else ''}{w.pattern}" for w in self._filters)
        self.set_crumbs(*filters, days)
        self.query_one(QueryTable).show(line_rows.LineRows(lines), columns=line_rows.columns(lines.totals))
        sums = " · ".join(
            f"{plain(unit or '(none)')} {fmt.money(cost)}" for unit, cost in lines.totals.items()
        )
        self.query_one("#totals", Line).show([(f" {fmt.count(lines.count)} lines · {sums}", "strong")])
        self.show_data()
        self.offer_keys()

    def why_not(self, command_id: str) -> str:
        reasons = {
            "filter": "filter in Explore",
            "mark": "rows are marked in Explore",
            "sort": "lines are in the order of their time",
            "sort.reverse": "lines are in the order of their time",
            "pane.next": "there is one table here",
            "pane.previous": "there is one table here",
            "export": "export the days in Explore",
        }
        return reasons.get(command_id, "")

    async def do_open(self) -> None:
        facts = line_rows.line_facts(self._line())
        await open_detail(self, "Line", [fmt.day_range(self._period)], facts)

    def copied(self, row: Row) -> str:
        """The resource's id."""
        return str(self._line().get("resource_id") or "")

    def _line(self) -> dict[str, Any]:
        row = self.query_one(QueryTable).row
        if row is None or not isinstance(row.data, dict):
            raise UsageError("there is no line here")
        return row.data
