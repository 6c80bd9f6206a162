"""The user's own keys over the registry's, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.keys import KEY_NAME_REPLACEMENTS

from finops_tui.tui.commands import BY_ID, COMMANDS, Command

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
    problems = [f"keys: there is no command {id_}" for id_ in wanted if id_ not in BY_ID]
    chosen = {
        id_: tuple(key_name(part.strip()) for part in text.split(",") if part.strip())
        for id_, text in wanted.items()
        if id_ in BY_ID
    }
    keys = {command.id: command.keys for command in COMMANDS} | chosen
    # a refused override brings default keys back, which may clash in turn
    while refused := next(((id_, clash) for id_ in chosen if (clash := _clash(id_, keys))), None):
        problems.append(f"keys: {refused[1]}")
        del chosen[refused[0]]
        keys[refused[0]] = BY_ID[refused[0]].keys
    overrides: dict[str, str] = {}
    for command in COMMANDS:
        if keys[command.id] != command.keys:
            overrides |= _override(command, keys[command.id])
    return Keymap(overrides, tuple(problems), keys)


def key_name(key: str) -> str:
    """Textual's name of a key as people write it."""
    return KEY_NAME_REPLACEMENTS.get(_SIGNS.get(key, key), _SIGNS.get(key, key))


def _clash(id_: str, keys: Mapping[str, tuple[str, ...]]) -> str:
    for other in COMMANDS:
        shared = [key for key in keys[id_] if key in keys[other.id]]
        if other.id != id_ and shared and set(BY_ID[id_].screens) & set(other.screens):
            return f"{shared[0]} cannot be {id_}, it is {other.id}"
    return ""


def _override(command: Command, chosen: tuple[str, ...]) -> dict[str, str]:
    ids = [binding.id or "" for binding in command.bindings()]
    given = list(chosen[: len(ids)]) + [UNBOUND] * (len(ids) - len(chosen))
    if len(chosen) > len(ids) and ids:
        given[-1] = ",".join(chosen[len(ids) - 1 :])
    return dict(zip(ids, given, strict=True))
