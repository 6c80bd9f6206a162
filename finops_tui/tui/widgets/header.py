"""The first line: whose bill, what is shown, how fresh it is. What does not fit is said shorter, not cut."""

from collections.abc import Sequence
from datetime import date

from finops_tui.figures import counted, day, day_list
from finops_tui.tui.text import cut, plain, width
from finops_tui.tui.theme import Tone
from finops_tui.tui.widgets.line import Line, Part

ROOM_FOR_NAME = 100
"""Columns from which the header begins with the program's name."""
LEAST_TITLE = 8


class Header(Line):
    """Title and question left, freshness right."""

    _title = ""
    _what = ""
    _fresh: tuple[str, ...] = ("",)
    _tone: Tone = "muted"

    def tell(
        self, title: str, what: str, as_of: date, provisional: Sequence[date] = (), stale: str = ""
    ) -> None:
        """Say this, in the longest words that fit."""
        self._title, self._what = plain(title), plain(what)
        self._fresh, self._tone = freshness(as_of, provisional, stale), "attention" if stale else "muted"
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        columns = self.size.width
        if not columns or not self._title:
            return
        left: list[Part] = [(f" {self._title}   ", "strong"), (self._what, "")]
        if columns >= ROOM_FOR_NAME:
            left.insert(0, (" finops-tui ", "strong"))
        over = sum(width(text) for text, _ in left) + 3 - columns
        fresh = next((text for text in self._fresh if width(text) + over <= 0), "")
        if not fresh and width(self._title) - over - width(self._fresh[-1]) >= LEAST_TITLE:
            fresh = self._fresh[-1]
            title = cut(self._title, width(self._title) - over - width(fresh))
            left = [(f" {title}   ", "strong") if tone and text.strip() == self._title else (text, tone)
                    for text, tone in left]  # fmt: skip
        self.show(left, [(f"{fresh} ", self._tone)] if fresh else ())


def freshness(as_of: date, provisional: Sequence[date], stale: str) -> tuple[str, ...]:
    """How fresh the numbers are, from the longest words to the shortest."""
    full, short = f"as of {day(as_of, year=True)}", f"as of {day(as_of)}"
    if stale:
        news = f"stale since {stale}"
    elif provisional:
        news = f"{day_list(provisional)} provisional"
    else:
        return full, short
    few = counted(len(provisional), "day") + " provisional" if provisional and not stale else news
    return f"{full} · {news}", f"{short} · {news}", news, few
