"""The yardstick: a bare Textual program with a table of 8 columns × 20 rows, and a bare screen to push.

`python -m tests.bench.bare THEME`; `p` pushes the screen, `escape` pops it, `ctrl+q` quits.
"""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import DataTable

from finops_tui.tui.theme import FULL_THEME

COLUMNS, ROWS = 8, 20
PAINTED = f"row {ROWS - 1} cell {COLUMNS - 1}"
PUSHED = f"new {ROWS - 1} cell {COLUMNS - 1}"


def _table(word: str) -> DataTable[str]:
    table: DataTable[str] = DataTable(cursor_type="row")
    for column in range(COLUMNS):
        table.add_column(f"Column {column}", width=13)
    for row in range(ROWS):
        table.add_row(*(f"{word} {row} cell {column}" for column in range(COLUMNS)))
    return table


class Pushed(Screen[None]):
    """A second table."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]

    def compose(self) -> ComposeResult:
        yield _table("new")


class Bare(App[None]):
    """A table and nothing else."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("p", "go", show=False)]

    def __init__(self, theme: str) -> None:
        super().__init__()
        self.register_theme(FULL_THEME)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield _table("row")

    def action_go(self) -> None:
        self.push_screen(Pushed())


if __name__ == "__main__":
    Bare(sys.argv[1]).run(mouse=False)
