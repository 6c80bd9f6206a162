"""The big numbers above a chart: what it is, the number, and what it is held against. One row or two."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from finops_tui.tui.session import session
from finops_tui.tui.text import cut, cut_at_word, width
from finops_tui.tui.widgets.line import Part

WIDE = 100
"""From this many columns on two tables stand side by side."""
SIDE_BY_SIDE = 118
"""From this many columns on the figures stand side by side in three lines; below, two by two in four."""


@dataclass(frozen=True)
class Figure:
    """One number: its title, the number itself, and a line about it. Plain texts."""

    title: str
    value: str
    about: tuple[Part, ...] = ()


class Figures(Widget):
    """Figures in columns as wide as they need; `rows` says how high the widget has to be."""

    _figures: tuple[Figure, ...] = ()

    def show(self, figures: Sequence[Figure]) -> None:
        """Show these; the same ones again cost nothing."""
        if tuple(figures) != self._figures:
            self._figures = tuple(figures)
            self.refresh()

    @staticmethod
    def rows(columns: int) -> int:
        """Lines taken at this width."""
        return 3 if columns >= SIDE_BY_SIDE else 4

    @property
    def text(self) -> str:
        """What it shows, without styles."""
        return "\n".join(self.render_line(y).text.rstrip() for y in range(self.size.height))

    def render_line(self, y: int) -> Strip:
        own = session(self)
        parts = self._wide(y) if self.size.width >= SIDE_BY_SIDE else self._narrow(y)
        segments = [Segment(own.drawn(text), own.palette.of(tone)) for text, tone in parts]
        return Strip(segments).simplify().adjust_cell_length(self.size.width, own.palette.base)

    def _wide(self, y: int) -> list[Part]:
        def cell(figure: Figure) -> tuple[Part, ...]:
            return (((figure.title, "muted"),), ((figure.value, "strong"),), figure.about)[y]

        return self._spread([cell(f) for f in self._figures], self._widths()) if y < 3 else []

    def _narrow(self, y: int) -> list[Part]:
        """Two by two: title and number in one line, what it is held against below."""
        pair = self._figures[y // 2 * 2 : y // 2 * 2 + 2]
        half = (self.size.width - 2) // 2
        if y % 2:
            return self._spread([f.about for f in pair], [half] * len(pair))
        return self._spread([self._titled(f, half) for f in pair], [half] * len(pair))

    @staticmethod
    def _titled(figure: Figure, room: int) -> tuple[Part, ...]:
        title = cut(figure.title, max(0, room - width(figure.value) - 3))
        return ((f"{title}  ", "muted"), (figure.value, "strong"))

    def _widths(self) -> list[int]:
        """What each needs and an even part of what is left; if there is too little, words about them go."""
        least = [max(width(f.title), width(f.value)) + 3 for f in self._figures]
        needs = [
            max(need, sum(width(t) for t, _ in f.about) + 3)
            for need, f in zip(least, self._figures, strict=True)
        ]
        room = self.size.width - 2
        while sum(needs) > room and needs != least:
            longest = max(range(len(needs)), key=lambda i: needs[i] - least[i])
            needs[longest] -= 1
        spare = max(0, room - sum(needs)) // max(1, len(needs))
        return [need + spare for need in needs]

    def _spread(self, cells: Sequence[Sequence[Part]], widths: Sequence[int]) -> list[Part]:
        parts: list[Part] = [("  ", "")]
        for cell, cells_wide in zip(cells, widths, strict=True):
            left = cells_wide - 1
            for text, tone in cell:
                piece = cut_at_word(text, left)
                left -= width(piece)
                parts.append((piece, tone))
            tone = parts[-1][1] if cell else ""
            parts.append((" " * (left + 1), tone))
        return parts
