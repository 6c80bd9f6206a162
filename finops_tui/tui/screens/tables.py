"""The tables of a screen: which of them the keys go to, and how the keys move in it."""

from collections.abc import Callable

from textual.screen import Screen

from finops_tui.tui.widgets.query_table import QueryTable


class TableScreen(Screen[None], inherit_bindings=False):
    """A screen with any number of tables, one of them active."""

    def offer_keys(self) -> None:
        """The key line: what works here and now."""

    @property
    def tables(self) -> list[QueryTable]:
        """The tables in sight, in the order that tab takes."""
        return [t for t in self.query(QueryTable) if all(node.display for node in t.ancestors_with_self)]

    @property
    def table(self) -> QueryTable | None:
        """The table that the keys go to."""
        tables = self.tables
        return next((t for t in tables if t.active), tables[0] if tables else None)

    def activate(self, table: QueryTable | None) -> None:
        """Let the keys go to this table."""
        for other in self.query(QueryTable):
            other.activate(other is table)
        self.offer_keys()

    def do_move_down(self) -> None:
        self._on_table(lambda t: t.move(1))

    def do_move_up(self) -> None:
        self._on_table(lambda t: t.move(-1))

    def do_move_top(self) -> None:
        self._on_table(lambda t: t.move_to(0))

    def do_move_bottom(self) -> None:
        self._on_table(lambda t: t.move_to(t.count - 1))

    def do_move_page_down(self) -> None:
        self._on_table(lambda t: t.page(1))

    def do_move_page_up(self) -> None:
        self._on_table(lambda t: t.page(-1))

    def do_move_half_down(self) -> None:
        self._on_table(lambda t: t.page(1, half=True))

    def do_move_half_up(self) -> None:
        self._on_table(lambda t: t.page(-1, half=True))

    def do_mark(self) -> None:
        self._on_table(QueryTable.toggle_mark)

    def do_pane_next(self) -> None:
        self._pane(1)

    def do_pane_previous(self) -> None:
        self._pane(-1)

    def _on_table(self, act: Callable[[QueryTable], None]) -> None:
        if self.table:
            act(self.table)

    def _pane(self, step: int) -> None:
        tables = self.tables
        if self.table in tables and len(tables) > 1:
            self.activate(tables[(tables.index(self.table) + step) % len(tables)])

    def on_query_table_chosen(self, message: QueryTable.Chosen) -> None:
        self.activate(message.table)
