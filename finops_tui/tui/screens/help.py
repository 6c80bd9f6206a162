"""The keys of the place one came from, and the words of the command line; from the registry."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from finops_tui.tui.commands import COMMANDS, Command, bindings, on, shown
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Cell, Row, Rows

COLUMNS = (
    Column("keys", "Key"),
    Column("help", "What it does", priority=2, least=44, most=70),
    Column("word", "Command line", priority=3, least=12, most=40),
)


class HelpScreen(BaseScreen):
    """One line per command: what works in the place below comes first, then the rest of the command line."""

    where: ClassVar[str] = "help"
    heading: ClassVar[str] = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("help")]

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def compose_body(self) -> ComposeResult:
        yield QueryTable(COLUMNS, id="commands", marks=False)

    def reload(self) -> None:
        here = [c for c in on(self._place) if not c.disabled]
        elsewhere = [c for c in COMMANDS if c not in here and c.word and not c.disabled]
        later = [c for c in COMMANDS if c.disabled]
        rows = [self._row(c, muted=False) for c in here]
        rows += [self._row(c, muted=True) for c in (*elsewhere, *later)]
        self.set_header(f"keys of {self._place}")
        self.set_crumbs(self._place)
        self.query_one(QueryTable).show(Rows(rows))
        self.shown_generation = self.session.cache.generation()
        self.show_data()

    def _row(self, command: Command, *, muted: bool) -> Row:
        keys = " ".join(shown(key) for key in self.session.keys.keys[command.id])
        word = f":{command.word} {command.arguments}".rstrip() if command.word else ""
        text = f"{command.help} ({command.disabled})" if command.disabled else command.help
        cells = {"keys": Cell(keys), "help": Cell(text), "word": Cell(word)}
        return Row(command.id, cells, "muted" if muted else "")

    def why_not(self, command_id: str) -> str:
        return "" if command_id != "help" else "this is it"
