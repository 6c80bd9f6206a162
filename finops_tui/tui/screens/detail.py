"""Everything one thing says, a line a fact: a line item, a loaded file, a day that changed."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from finops_tui.tui.commands import bindings
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.session import shell
from finops_tui.tui.text import plain, width
from finops_tui.tui.widgets.columns import EDGE, GAP, Column
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Cell, Row, Rows

Fact = tuple[str, str]
MARGIN = EDGE + GAP + 1


async def open_detail(screen: BaseScreen, heading: str, steps: Sequence[str], facts: Sequence[Fact]) -> None:
    """Show these facts over `screen`. One screen is kept for all: removing one paints what is below twice."""
    app = screen.app
    shell(screen).curtain.drop()
    if not app.is_screen_installed(DetailScreen.where):
        app.install_screen(DetailScreen(), DetailScreen.where)
    detail = app.get_screen(DetailScreen.where)
    assert isinstance(detail, DetailScreen)
    detail.tell(heading, steps, facts)
    await app.push_screen(detail)


class DetailScreen(BaseScreen):
    """Facts as label and text; long texts go on in the next line, nothing is cut."""

    where: ClassVar[str] = "detail"
    heading: ClassVar[str] = "Detail"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("detail")]

    _steps: tuple[str, ...] = ("",)
    _facts: tuple[Fact, ...] = ()
    _told: tuple[object, ...] = ()

    def tell(self, heading: str, steps: Sequence[str], facts: Sequence[Fact]) -> None:
        """What to show from the next time it is in sight."""
        self._steps, self._facts = (heading, *steps), tuple(facts)

    def compose_body(self) -> ComposeResult:
        columns = (Column("label", ""), Column("text", "", priority=2, least=20, most=400, grows=True))
        yield QueryTable(columns, id="facts", marks=False)

    def reload(self) -> None:
        """What it shows was handed to it and does not change."""
        self.call_after_refresh(self._fill)

    def on_screen_resume(self) -> None:
        self.reload()

    def on_resize(self, event: events.Resize) -> None:
        self._fill()

    def _fill(self) -> None:
        told = (self._steps, self._facts, self.app.size.width)
        if told != self._told:
            fresh = told[:2] != self._told[:2]
            self._told = told
            self.set_crumbs(*self._steps)
            self.set_header(self._steps[-1])
            self.query_one(QueryTable).show(Rows(list(self._rows())), fresh=fresh)
        self.shown_generation = self.session.cache.generation()
        self.show_data()

    def why_not(self, command_id: str) -> str:
        if command_id in ("open", "filter", "mark", "pane.next", "pane.previous", "export"):
            return "this is all there is"
        return ""

    def copied(self, row: Row) -> str:
        """The text beside the label."""
        return str(row.data)

    def _rows(self) -> Iterator[Row]:
        labels = max((width(label) for label, _ in self._facts), default=0)
        room = max(20, self.app.size.width - labels - MARGIN)
        for number, (label, text) in enumerate(self._facts):
            shown = plain(text)
            pieces = [shown[i : i + room] for i in range(0, len(shown), room)] or [""]
            for place, piece in enumerate(pieces):
                cells = {"label": Cell("" if place else label, "muted"), "text": Cell(piece)}
                yield Row((number, place), cells, data=text)
