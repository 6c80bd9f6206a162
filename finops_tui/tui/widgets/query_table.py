"""A table over a window of rows (Line API): a cursor key paints two lines, a million rows scroll like ten."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from finops_tui.tui.session import session
from finops_tui.tui.text import fit, width
from finops_tui.tui.theme import Tone
from finops_tui.tui.widgets.columns import GAP, Column, Slot, place
from finops_tui.tui.widgets.window import Cell, Row, Rows, RowSource, Window

EMPTY = Cell("")


class QueryTable(Widget):
    """Rows of any source under a heading line. Keys are the screen's (`move`, `page`, `toggle_mark` …)."""

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        table: "QueryTable"

        @property
        def control(self) -> "QueryTable":
            return self.table

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, QueryTable.Moved) and message.table is self.table

    @dataclass
    class Marked(Message):
        """The marks changed."""

        table: "QueryTable"

    @dataclass
    class Chosen(Message):
        """The table was clicked."""

        table: "QueryTable"

    @dataclass
    class Opened(Message):
        """The row under the cursor was clicked."""

        table: "QueryTable"

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        id: str | None = None,  # noqa: A002
        marks: bool = True,
    ) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.sort: tuple[str, bool] | None = None
        """Column key and whether descending, for the indicator."""
        self.marks: dict[Hashable, Row] = {}
        """Marked rows by key, in the order they were marked."""
        self.cursor = 0
        self.active = False
        """Its cursor is the screen's cursor; only then it is shown in reverse."""
        self._can_mark = marks
        self._top = 0
        self._window = Window(Rows())
        self._natural: dict[str, int] = {}
        self._slots: tuple[Slot, ...] = ()
        self._drawn: dict[int, Strip] = {}

    # -- what is shown

    def show(
        self,
        source: RowSource,
        *,
        columns: Sequence[Column] | None = None,
        sort: tuple[str, bool] | None = None,
        cursor: Hashable | None = None,
        place: int | None = None,
        fresh: bool = False,
    ) -> None:
        """Show the rows of `source`; only lines that differ from what is painted are painted.

        The cursor goes to `place`; without one it stays on the row with the same key (or `cursor`, when
        given), else near its place. `fresh` begins at the top and drops the marks.
        """
        wanted = cursor if cursor is not None else self._key_under_cursor()
        offset = self.cursor - self._top
        if columns is not None:
            self.columns = tuple(columns)
        self.sort = sort
        self._window = Window(source)
        self._natural = {}
        if fresh:
            self.marks.clear()
        if place is not None:
            self.cursor = place
            self._top = 0 if fresh else place - offset
        elif fresh and cursor is None:
            self.cursor = self._top = 0
        else:
            found = self._window.index(wanted, self.cursor) if wanted is not None else None
            self.cursor = found if found is not None else self.cursor
            self._top = 0 if fresh else self.cursor - offset
        self._settle()
        self._measure()
        self._repaint()
        self.post_message(self.Moved(self))

    @property
    def count(self) -> int:
        return self._window.count

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._window.row(self.cursor)

    @property
    def visible_rows(self) -> list[Row]:
        """The rows on the screen now, top to bottom."""
        rows = (self._window.row(i) for i in range(self._top, self._top + self._height))
        return [row for row in rows if row is not None]

    @property
    def shown_columns(self) -> list[Column]:
        """The columns there is room for."""
        return [slot.column for slot in self._slots]

    def rows(self, most: int) -> Iterator[Row]:
        """All rows from the top, at most so many."""
        for index in range(min(self.count, most)):
            row = self._window.row(index)
            if row is not None:
                yield row

    def redraw(self) -> None:
        """The source knows more of its rows now: what differs is painted."""
        self._window = Window(self._window.source)
        self._measure()
        self._repaint()

    # -- moving and marking

    def activate(self, active: bool) -> None:
        """Be the pane that keys go to, or not. Not by Textual's focus: that styles the whole screen anew."""
        if active != self.active:
            self.active = active
            self._paint_row(self.cursor)

    def move(self, rows: int) -> None:
        self.move_to(self.cursor + rows)

    def move_to(self, index: int) -> None:
        """Put the cursor on a row; past an end means the end."""
        before, top = self.cursor, self._top
        self.cursor = index
        self._settle()
        if self._top != top:
            self._measure()
            self._repaint()
        elif self.cursor != before:
            self._paint_row(before)
            self._paint_row(self.cursor)
        if self.cursor != before:
            self.post_message(self.Moved(self))

    def page(self, direction: int, *, half: bool = False) -> None:
        """Scroll a page (or half of one) and take the cursor along."""
        step = max(1, (self._height // 2 if half else self._height)) * direction
        self._top += step
        self.cursor += step
        self._settle()
        self._measure()
        self._repaint()
        self.post_message(self.Moved(self))

    def toggle_mark(self) -> None:
        """Mark or unmark the row under the cursor and go one down."""
        row = self.row
        if row is None or not self._can_mark:
            return
        if self.marks.pop(row.key, None) is None:
            self.marks[row.key] = row
        self._paint_row(self.cursor)
        self.post_message(self.Marked(self))
        self.move(1)

    def clear_marks(self) -> bool:
        """Drop the marks; whether there were any."""
        if not self.marks:
            return False
        self.marks.clear()
        self._repaint()
        self.post_message(self.Marked(self))
        return True

    # -- painting

    def render_line(self, y: int) -> Strip:
        strip = self._line(y)
        self._drawn[y] = strip
        return strip

    def on_resize(self, event: events.Resize) -> None:
        self._drawn.clear()
        self._settle()
        self._measure()
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.move(-3)

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - 1
        if event.y == 0 or index >= self.count:
            return
        self.post_message(self.Opened(self) if index == self.cursor and self.active else self.Chosen(self))
        self.move_to(index)

    @property
    def _height(self) -> int:
        """Rows that fit below the heading."""
        return max(self.size.height - 1, 0)

    def _key_under_cursor(self) -> Hashable | None:
        row = self.row
        return row.key if row else None

    def _settle(self) -> None:
        """Bring the cursor into the rows and the window to the cursor."""
        self.cursor = min(max(self.cursor, 0), max(self.count - 1, 0))
        lowest = max(self.count - self._height, 0)
        self._top = min(max(self._top, self.cursor - max(self._height - 1, 0), 0), lowest, self.cursor)

    def _measure(self) -> None:
        """Widen columns for the rows in sight (they never shrink while scrolling) and place them."""
        for column in self.columns:
            seen = max((width(r.cells.get(column.key, EMPTY).text) for r in self.visible_rows), default=0)
            title = len(column.title) + 2
            self._natural[column.key] = max(self._natural.get(column.key, title), seen)
        self._slots = place(self.columns, self._natural, self.size.width)

    def _paint_row(self, index: int) -> None:
        if self._top <= index < self._top + self._height:
            self.refresh(Region(0, index - self._top + 1, self.size.width, 1))

    def _repaint(self) -> None:
        """Paint again what looks different now: of each line, from its first to its last changed cell."""
        for y in range(self.size.height):
            drawn = self._drawn.get(y)
            start, end = (0, self.size.width) if drawn is None else changed(drawn, self._line(y))
            if start < end:
                self.refresh(Region(start, y, end - start, 1))

    def _line(self, y: int) -> Strip:
        own = session(self)
        look = own.palette
        index = self._top + y - 1
        row = self._window.row(index) if y else None
        if y and row is None:
            return Strip.blank(self.size.width, look.base)
        if row is None:
            pieces = list(self._heading())
        elif index == self.cursor and self.active:
            text = "".join(text for text, _ in self._pieces(row, "▸"))
            return Strip([Segment(own.drawn(text), look.cursor)], self.size.width)
        else:
            pieces = list(self._pieces(row, "▸" if index == self.cursor else " "))
        return Strip([Segment(own.drawn(t), look.of(tone)) for t, tone in pieces], self.size.width).simplify()

    def _heading(self) -> Iterator[tuple[str, Tone]]:
        text = "   "
        for number, slot in enumerate(self._slots):
            title = slot.column.title
            if self.sort and self.sort[0] == slot.column.key:
                mark = "▼" if self.sort[1] else "▲"
                title = f"{mark} {title}" if slot.column.align == "right" else f"{title} {mark}"
            text += (" " * GAP if number else "") + fit(title, slot.width, slot.column.align)
        yield fit(text, self.size.width), "muted"

    def _pieces(self, row: Row, cursor: str) -> Iterator[tuple[str, Tone]]:
        """The row's cells with the blanks between them; a blank has the tone of the cell before it."""
        left = self.size.width
        marked = row.key in self.marks
        tone: Tone = "attention" if marked else row.tone
        edge = f"{cursor}{'●' if marked else ' '} "
        for number, slot in enumerate(self._slots):
            cell = row.cells.get(slot.column.key, EMPTY)
            lead = " " * GAP if number else edge
            yield fit(lead, min(len(lead), left)), tone
            left -= min(len(lead), left)
            tone = cell.tone or ("attention" if marked else row.tone)
            size = min(slot.width, left)
            yield fit(cell.text, size, slot.column.align), tone
            left -= size
        yield " " * left, tone


def changed(before: Strip, after: Strip) -> tuple[int, int]:
    """The first cell that differs and the one behind the last; equal strips: nothing, (0, 0)."""
    if before == after:
        return 0, 0
    old, new = _cells(before), _cells(after)
    if len(old) != len(new):
        return 0, max(len(old), len(new))
    different = [x for x, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    return (different[0], different[-1] + 1) if different else (0, 0)


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """One entry per terminal cell: a wide character stands in both of its own."""
    return [(c, s.style) for s in strip for c in s.text for _ in range(width(c))]
