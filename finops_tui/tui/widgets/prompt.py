"""The status line, and in its place the one line in which `/` filters and `:` commands are typed.

It takes no focus and changes no layout: opening it paints one line (a focused Input costs 12 KB).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.message import Message

from finops_tui.tui.text import plain, width
from finops_tui.tui.widgets.line import Line, Part

HISTORY = 100

Complete = Callable[[str], Sequence[str]]
"""The whole lines that the typed text can become, best first."""


class Prompt(Line):
    """A status line until `ask`ed; then it posts Typed at each change and Entered at Enter."""

    @dataclass
    class Typed(Message):
        """The text changed."""

        sign: str
        text: str

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Prompt.Typed) and message.sign == self.sign

    @dataclass
    class Entered(Message):
        """Enter was pressed."""

        sign: str
        text: str

    @dataclass
    class Offered(Message):
        """The completions for the text changed; these are the words to show."""

        words: tuple[str, ...]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id)
        self.sign = ""
        """"/" or ":" while it is open, else empty."""
        self.value = ""
        self._at = 0
        self._complete: Complete | None = None
        self._offers: tuple[str, ...] = ()
        self._history: dict[str, list[str]] = {}
        self._place = 0
        self._status: tuple[tuple[Part, ...], tuple[Part, ...]] = ((), ())

    def status(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        """What the status line says, now or once the prompt is closed."""
        self._status = (tuple(left), tuple(right))
        if not self.sign:
            self.show(left, right)

    def ask(self, sign: str, text: str = "", complete: Complete | None = None) -> None:
        """Open with a text already typed; `complete` gives the lines that a beginning can become."""
        self.sign, self._complete = sign, complete
        self._place = len(self._past)
        self._write(text, tell=False)

    def close(self) -> None:
        """Be the status line again."""
        self.sign, self._offers = "", ()
        self.show(*self._status)

    def key(self, key: str, character: str | None) -> None:
        """What a key does to the line; unknown ones do nothing."""
        if character is not None and character.isprintable():
            self.insert(character)
        elif key in _EDITS:
            before, after = _EDITS[key](self.value[: self._at], self.value[self._at :])
            self._edit(before, after)
        elif key in ("up", "ctrl+p"):
            self._recall(-1)
        elif key in ("down", "ctrl+n"):
            self._recall(1)
        elif key == "tab":
            self._take_offer()
        elif key == "enter":
            self._enter()

    def insert(self, text: str) -> None:
        """Put text at the cursor, as typed or pasted; only its first line."""
        line = plain(text.splitlines()[0] if text else "")
        self._edit(self.value[: self._at] + line, self.value[self._at :])

    @property
    def _past(self) -> list[str]:
        return self._history.setdefault(self.sign, [])

    def _write(self, text: str, *, tell: bool = True) -> None:
        self._edit(text, "", tell=tell)

    def _edit(self, before: str, after: str, *, tell: bool = True) -> None:
        changed = before + after != self.value
        self.value, self._at = before + after, len(before)
        self._draw()
        if changed or not tell:
            self.offer()
        if changed and tell:
            self.post_message(self.Typed(self.sign, self.value))

    def _draw(self) -> None:
        """The end of a long line stays in sight."""
        room = max(self.size.width - 4, 1)
        before, after = self.value[: self._at], self.value[self._at :]
        while width(before) >= room:
            before = before[1:]
        self.show([(f" {self.sign}", "strong"), (before, ""), (after[:1] or " ", "cursor"), (after[1:], "")])

    def _enter(self) -> None:
        if self.value.strip() and self._past[-1:] != [self.value]:
            self._past.append(self.value)
            del self._past[:-HISTORY]
        self.post_message(self.Entered(self.sign, self.value))

    def _take_offer(self) -> None:
        """Type what all offers have in common; if that is nothing new, the first offer."""
        if self._offers:
            common = _common(self._offers)
            self._write(common if len(common) > len(self.value) else self._offers[0])

    def _recall(self, step: int) -> None:
        """An earlier (−1) or later line of the history."""
        place = min(max(self._place + step, 0), len(self._past))
        if place != self._place:
            self._place = place
            self._write(self._past[place] if place < len(self._past) else "")

    def offer(self) -> None:
        """Ask again what the text can become, and say it when that changed."""
        offers = tuple(self._complete(self.value)) if self._complete and self.sign else ()
        if offers != self._offers:
            self._offers = offers
            self.post_message(self.Offered(tuple(offer.rstrip().rpartition(" ")[2] for offer in offers)))


def _common(lines: Sequence[str]) -> str:
    """The longest beginning that all lines share, ignoring case; spelled as in the first."""
    first = lines[0]
    for size, character in enumerate(first):
        if any(line[size : size + 1].casefold() != character.casefold() for line in lines[1:]):
            return first[:size]
    return first


def _without_word(text: str) -> str:
    return text.rstrip()[: text.rstrip().rfind(" ") + 1]


_EDITS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "backspace": lambda before, after: (before[:-1], after),
    "delete": lambda before, after: (before, after[1:]),
    "left": lambda before, after: (before[:-1], before[-1:] + after),
    "right": lambda before, after: (before + after[:1], after[1:]),
    "home": lambda before, after: ("", before + after),
    "end": lambda before, after: (before + after, ""),
    "ctrl+a": lambda before, after: ("", before + after),
    "ctrl+e": lambda before, after: (before + after, ""),
    "ctrl+u": lambda before, after: ("", after),
    "ctrl+k": lambda before, after: (before, ""),
    "ctrl+w": lambda before, after: (_without_word(before), after),
}
"""Key → (text before the cursor, text behind it) → the same after the key; as in readline."""
