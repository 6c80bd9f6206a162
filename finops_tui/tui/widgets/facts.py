"""A few labelled lines above a chart: the label muted, what it says beside it."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from finops_tui.tui.session import session
from finops_tui.tui.text import fit, plain


class Facts(Widget):
    """One line a fact; the texts are escaped here. The screen gives it its height."""

    _facts: tuple[tuple[str, str], ...] = ()

    def show(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these label-text pairs; the same ones again cost nothing."""
        if tuple(facts) != self._facts:
            self._facts = tuple(facts)
            self.refresh()

    @property
    def count(self) -> int:
        return len(self._facts)

    def render_line(self, y: int) -> Strip:
        own = session(self)
        if y >= len(self._facts):
            return Strip.blank(self.size.width, own.palette.base)
        room = max((len(label) for label, _ in self._facts), default=0) + 2
        label, text = self._facts[y]
        shown = fit(plain(text), max(0, self.size.width - room - 1))
        segments = [
            Segment(fit(f" {label}", room + 1), own.palette.muted),
            Segment(own.drawn(shown), own.palette.base),
        ]
        return Strip(segments).adjust_cell_length(self.size.width, own.palette.base)
