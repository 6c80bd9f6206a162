"""Costs per day on the screen: title, legend and plot. Drawn again only for new data or another size."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from finops_tui import figures as fmt
from finops_tui.store.facts import DayCost
from finops_tui.tui.session import session
from finops_tui.tui.text import fit, plain, width
from finops_tui.tui.theme import FULL, FULL_THEME, Palette
from finops_tui.tui.widgets.plot import BODY, MONTH, Plot, plot

_MARKS = frozenset(
    glyph for mark in (fmt.PROVISIONAL, BODY, MONTH) for glyph in (mark, mark.translate(fmt.ASCII))
)


class Chart(Widget):
    """Daily costs in one currency; its height comes from the screen."""

    _title = ""
    _days: tuple[DayCost, ...] = ()
    _drawn: tuple[tuple[int, int, Palette], list[Strip]] | None = None

    def show(self, title: str, days: Sequence[DayCost]) -> None:
        """Draw these days under this title; the same ones again cost nothing."""
        if (title, tuple(days)) == (self._title, self._days):
            return
        self._title, self._days = title, tuple(days)
        self._drawn = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        key = (self.size.width, self.size.height, session(self).palette)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, list(self._strips(key[0], key[1])))
        strips = self._drawn[1]
        return strips[y] if y < len(strips) else Strip.blank(key[0], key[2].base)

    @property
    def text(self) -> str:
        """What it shows, without styles."""
        return "\n".join(self.render_line(y).text.rstrip() for y in range(self.size.height))

    def _strips(self, columns: int, rows: int) -> Iterator[Strip]:
        drawing = plot(self._days, columns, rows - 1, ascii_only=not session(self).terminal.unicode)
        yield self._heading(drawing, columns)
        if not drawing.lines and self._days:
            yield self._strip([(" unknown on every day", session(self).palette.muted)], columns)
        for text in drawing.lines[:-1]:
            yield self._strip(self._inked(text, drawing.gutter), columns)
        for text in drawing.lines[-1:]:
            yield self._strip([(text, session(self).palette.muted)], columns)

    def _heading(self, drawing: Plot, columns: int) -> Strip:
        """Title left, what the marks mean right; the title gives way."""
        title = plain(self._title)
        if drawing.days_per_column > 1:
            title += f" · {drawing.days_per_column}-day means"
        provisional = fmt.day_list(d.day for d in self._days if d.provisional)
        legend = f"{fmt.PROVISIONAL} provisional: {provisional} " if provisional else ""
        if not session(self).terminal.unicode:
            title, legend = title.translate(fmt.ASCII), legend.translate(fmt.ASCII)
        room = columns - width(legend)
        if room < 16:
            legend, room = "", columns
        return self._strip(
            [(fit(f" {title}", room), session(self).palette.base), (legend, session(self).palette.muted)],
            columns,
        )

    def _inked(self, text: str, gutter: int) -> Iterator[tuple[str, Style]]:
        """The line inked, all else muted; blanks take the style on their left."""
        muted, ink = session(self).palette.muted, self._ink
        style = muted
        parts: list[tuple[str, Style]] = [(text[:gutter], muted)]
        for kind, run in groupby(text[gutter:], lambda c: " " if c == " " else c in _MARKS):
            if kind != " ":
                style = muted if kind else ink
            parts.append(("".join(run), style))
        for style, same in groupby(parts, lambda part: part[1]):
            yield "".join(piece for piece, _ in same), style

    @property
    def _ink(self) -> Style:
        """The theme's own colour: the ones for costs going up and down mean something else."""
        look = session(self)
        if not look.terminal.colour:
            return look.palette.base
        full = look.terminal.theme == FULL
        return look.palette.base + Style(color=FULL_THEME.primary if full else "cyan")

    def _strip(self, parts: Iterator[tuple[str, Style]] | list[tuple[str, Style]], columns: int) -> Strip:
        segments = [Segment(text, style) for text, style in parts if text]
        return Strip(segments).adjust_cell_length(columns, session(self).palette.base)
