"""What stands in the body when there is no data to show: loading, nothing there, an error; and what to do."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from finops_tui.tui.session import session
from finops_tui.tui.text import fit, plain
from finops_tui.tui.theme import Tone

INDENT = 2


class Face(Widget):
    """A headline and a few lines below it, two cells from the left edge."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: tuple[tuple[str, Tone], ...] = ()

    def show(self, headline: str, lines: tuple[str, ...] = (), tone: Tone = "strong") -> None:
        """Texts may be hostile: they are escaped and wrapped here."""
        shown = ((headline, tone), *((line, "") for line in lines))
        if shown != self._lines:
            self._lines = shown
            self.refresh()

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self._lines)

    def render_line(self, y: int) -> Strip:
        own, size = session(self), self.size.width
        rows = list(self._wrapped(max(size - 2 * INDENT, 1)))
        text, tone = rows[y - 1] if 0 < y <= len(rows) else ("", "")
        return Strip([Segment(fit(" " * INDENT + own.drawn(text), size), own.palette.of(tone))], size)

    def _wrapped(self, size: int) -> list[tuple[str, Tone]]:
        rows: list[tuple[str, Tone]] = []
        for text, tone in self._lines:
            line = ""
            for word in plain(text).split(" "):
                if line and len(line) + 1 + len(word) > size:
                    rows.append((line, tone))
                    line = word
                else:
                    line = f"{line} {word}" if line else word
            rows.append((line, tone))
        return rows
