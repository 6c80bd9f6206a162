"""One line of the screen with a left and a right text; only the cells that changed are painted again."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from finops_tui.tui.session import session
from finops_tui.tui.text import cut, width
from finops_tui.tui.theme import Tone

Part = tuple[str, Tone]
"""A piece of plain text and what it means."""


class Line(Widget):
    """Exactly one row: `left` from the left edge, `right` at the right; the left one is cut if need be."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()

    def show(self, left: Sequence[Part] | str = (), right: Sequence[Part] | str = ()) -> None:
        """Show these texts (already plain); nothing is written where nothing changed."""
        new_left = ((left, ""),) if isinstance(left, str) else tuple(left)
        new_right = ((right, ""),) if isinstance(right, str) else tuple(right)
        if (new_left, new_right) == (self._left, self._right):
            return
        before = self._cells()
        self._left, self._right = new_left, new_right
        after = self._cells()
        changed = [x for x, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]]
        if changed and len(before) == len(after):
            self.refresh(Region(changed[0], 0, changed[-1] - changed[0] + 1, 1))
        else:
            self.refresh()

    @property
    def left(self) -> tuple[Part, ...]:
        """The text at the left edge."""
        return self._left

    @property
    def text(self) -> str:
        """What it shows, without styles."""
        return "".join(part[0] for part in self._pieces())

    def render_line(self, y: int) -> Strip:
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        own = session(self)
        pieces = [(own.drawn(text), tone) for text, tone in self._pieces() if text]
        return Strip([Segment(text, own.palette.of(tone)) for text, tone in pieces]).simplify()

    def _pieces(self) -> list[Part]:
        """Both texts and the room between them, exactly as wide as the widget."""
        room = self.size.width
        right: list[Part] = []
        for text, tone in self._right:
            piece = cut(text, room)
            right.append((piece, tone))
            room -= width(piece)
        left: list[Part] = []
        room -= 1 if right and room else 0
        gap = 1 if right and self.size.width else 0
        for text, tone in self._left:
            piece = cut(text, room)
            left.append((piece, tone))
            room -= width(piece)
        return [*left, (" " * (room + gap), ""), *right]

    def _cells(self) -> list[tuple[str, Tone]]:
        return [(character, tone) for text, tone in self._pieces() for character in text]
