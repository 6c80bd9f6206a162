"""The last line: the keys that work here and now, the most important ones first."""

from collections.abc import Mapping, Sequence

from finops_tui.tui.commands import Command, shown
from finops_tui.tui.text import width
from finops_tui.tui.widgets.line import Line, Part

HELP = "help"


class KeyBar(Line):
    """As many commands as fit; help is always among them."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id)
        self._commands: tuple[Command, ...] = ()
        self._keys: Mapping[str, tuple[str, ...]] = {}

    def offer(self, commands: Sequence[Command], keys: Mapping[str, tuple[str, ...]]) -> None:
        """Offer these, most important first, under the keys they have in the end."""
        self._commands, self._keys = tuple(commands), keys
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        commands = [c for c in self._commands if self._keys.get(c.id)]
        room = self.size.width - sum(self._room(c) for c in commands if c.id == HELP)
        chosen = []
        for command in commands:
            if command.id != HELP:
                room -= self._room(command)
                if room < 0:
                    continue
            chosen.append(command)
        parts: list[Part] = []
        for command in chosen:
            parts += [(f" {shown(self._keys[command.id][0])}", "strong"), (f" {command.title} ", "")]
        self.show(parts)

    def _room(self, command: Command) -> int:
        return width(shown(self._keys[command.id][0])) + width(command.title) + 3
