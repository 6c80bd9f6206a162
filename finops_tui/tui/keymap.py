"""The user's own keys over the registry's, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.keys import KEY_NAME_REPLACEMENTS

from finops_tui.tui.commands import COMMANDS, Command

UNBOUND = "f63"
"""A key no keyboard sends: takes the place of a default key that an override drops."""

_SIGNS = {
    "/": "slash", ":": "colon", "?": "question_mark", "[": "left_square_bracket", "]": "right_square_bracket",
    ".": "full_stop", "-": "minus", "+": "plus", "!": "exclamation_mark", "#": "number_sign", "*": "asterisk",
    "<": "less_than_sign", ">": "greater_than_sign", ";": "semicolon", "=": "equals_sign", "_": "underscore",
    "@": "at", "pgdn": "pagedown", "pgup": "pageup", "esc": "escape", "return": "enter",
}  # fmt: skip


@dataclass(frozen=True)
class Keymap:
    """`overrides` for Textual's `set_keymap`; `problems` in words, one a line; `keys` as they came out."""

    overrides: Mapping[str, str]
    problems: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]


def keymap(wanted: Mapping[str, str]) -> Keymap:
    """Lay the wanted keys (command id → comma separated keys) over the registry.

    A key that would mean two things on one screen keeps its old meaning, and the clash is reported.
    """
    keys = {command.id: command.keys for command in COMMANDS}
    problems = []
    for id_, text in wanted.items():
        if id_ not in keys:
            problems.append(f"keys: there is no command {id_}")
            continue
        chosen = tuple(key_name(part.strip()) for part in text.split(",") if part.strip())
        clash = _clash(id_, chosen, keys)
        if clash:
            problems.append(f"keys: {clash}")
        else:
            keys[id_] = chosen
    overrides: dict[str, str] = {}
    for command in COMMANDS:
        if keys[command.id] != command.keys:
            overrides |= _override(command, keys[command.id])
    return Keymap(overrides, tuple(problems), keys)


def key_name(key: str) -> str:
    """Textual's name of a key as people write it."""
    return KEY_NAME_REPLACEMENTS.get(_SIGNS.get(key, key), _SIGNS.get(key, key))


def _clash(id_: str, chosen: tuple[str, ...], keys: Mapping[str, tuple[str, ...]]) -> str:
    mine = next(command for command in COMMANDS if command.id == id_)
    for other in COMMANDS:
        shared = set(chosen) & set(keys[other.id])
        if other.id != id_ and shared and set(mine.screens) & set(other.screens):
            return f"{shared.pop()} cannot be {id_}, it is {other.id}"
    return ""


def _override(command: Command, chosen: tuple[str, ...]) -> dict[str, str]:
    ids = [binding.id or "" for binding in command.bindings()]
    given = list(chosen[: len(ids)]) + [UNBOUND] * (len(ids) - len(chosen))
    if len(chosen) > len(ids) and ids:
        given[-1] = ",".join(chosen[len(ids) - 1 :])
    return dict(zip(ids, given, strict=True))
