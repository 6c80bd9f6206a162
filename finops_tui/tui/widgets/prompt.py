"""The one docked line in which `/` filters and `:` commands are typed, in the place of the status line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

HISTORY = 100

Complete = Callable[[str], Sequence[str]]
"""The whole lines that the typed text can become, best first."""


class Prompt(Input, inherit_bindings=True):
    """`ask` opens it; it posts Typed at each change, Entered at Enter; Esc is the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
    ]

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
        """The completions for the text changed."""

        words: tuple[str, ...]

    def __init__(self, name_id: str | None = None) -> None:
        super().__init__(id=name_id, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.sign = ""
        """"/" or ":" while it is open, else empty."""
        self._complete: Complete | None = None
        self._offers: tuple[str, ...] = ()
        self._history: dict[str, list[str]] = {}
        self._place = 0

    def ask(self, sign: str, text: str = "", complete: Complete | None = None) -> None:
        """Open with a text already typed; `complete` gives the lines that a beginning can become."""
        self.sign, self._complete = sign, complete
        self._place = len(self._past)
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        self._offer()

    def close(self) -> None:
        self.sign = ""
        self._offers = ()

    @property
    def _past(self) -> list[str]:
        return self._history.setdefault(self.sign, [])

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.sign:
            self._offer()
            self.post_message(self.Typed(self.sign, self.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.value.strip() and self._past[-1:] != [self.value]:
            self._past.append(self.value)
            del self._past[:-HISTORY]
        self.post_message(self.Entered(self.sign, self.value))

    def action_complete(self) -> None:
        """Type what all offers have in common; if that is nothing new, the first offer."""
        if not self._offers:
            return
        common = _common(self._offers)
        longer = common if len(common) > len(self.value) else self._offers[0]
        self.value = longer
        self.cursor_position = len(longer)

    def action_recall(self, step: int) -> None:
        """An earlier (−1) or later line of the history."""
        place = min(max(self._place + step, 0), len(self._past))
        if place != self._place:
            self._place = place
            self.value = self._past[place] if place < len(self._past) else ""
            self.cursor_position = len(self.value)

    def _offer(self) -> None:
        offers = tuple(self._complete(self.value)) if self._complete else ()
        if offers != self._offers:
            self._offers = offers
            self.post_message(self.Offered(offers))


def _common(lines: Sequence[str]) -> str:
    """The longest beginning that all lines share, ignoring case; spelled as in the first."""
    first = lines[0]
    for size, character in enumerate(first):
        if any(line[size : size + 1].casefold() != character.casefold() for line in lines[1:]):
            return first[:size]
    return first
