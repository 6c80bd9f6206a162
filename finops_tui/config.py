"""What a person can configure: one TOML file with profiles, the environment over it, defaults under it.

An unknown key or a value of the wrong kind is an error that names file and line: a typo must not silently
change what a number means.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from finops_tui.errors import UsageError
from finops_tui.store.periods import check_period

PROFILE_VARIABLE: Final = "FINOPS_TUI_PROFILE"
CONFIG_VARIABLE: Final = "FINOPS_TUI_CONFIG"
PREFIX: Final = "FINOPS_TUI_"
DEFAULT_PROFILE: Final = "default"
_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Settings:
    """The configuration of one profile, resolved from file, profile section and environment."""

    profile: str = DEFAULT_PROFILE
    currency: str | None = None
    """The main currency: its block comes first. None: the one with the most cost."""
    theme: str = "auto"
    """auto, ansi or full: auto is ansi over SSH."""
    mouse: str = "auto"
    """auto, on or off: auto is off over SSH."""
    charts: str = "auto"
    """auto, unicode or ascii: auto follows the locale."""
    period: str = "30d"
    """What Explore opens with."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command id → keys, over the built-in ones."""


@dataclass(frozen=True)
class Option:
    """One key of the file: its default, what it means, and how a value is checked."""

    default: str
    """As it is written in the file, for the documented configuration."""
    help: str
    check: Callable[[str], str]
    """The value in its canonical spelling, or ValueError that says what is allowed."""

    def read(self, value: object) -> str:
        """The checked value; ValueError says what is wrong with it."""
        if not isinstance(value, str):
            raise ValueError(f"must be text, not {_kind(value)}")
        return self.check(value)


def _one_of(*words: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return value.lower()

    return check


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", value):
        raise ValueError("must be a currency code of three letters, for instance USD")
    return value.upper()


def _period(value: str) -> str:
    try:
        return check_period(value)
    except UsageError as error:
        raise ValueError(f"is no period. {error.hint}") from error


OPTIONS: Final[Mapping[str, Option]] = {
    "currency": Option("", "the main currency, shown first; none: the one with the most cost", _currency),
    "theme": Option("auto", "auto, ansi or full; auto is ansi over SSH", _one_of("auto", "ansi", "full")),
    "mouse": Option("auto", "auto, on or off; auto is off over SSH", _one_of("auto", "on", "off")),
    "charts": Option(
        "auto", "auto, unicode or ascii; auto follows the locale", _one_of("auto", "unicode", "ascii")
    ),
    "period": Option("30d", "what Explore opens with: 7d, 30d, 90d, mtd, last-month, qtd, ytd, all", _period),
}
"""Key → option. Each may also be set as FINOPS_TUI_<KEY>, which wins over the file."""


def load(file: Path, profile: str | None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `profile` (None: $FINOPS_TUI_PROFILE, the file's `default_profile`, or "default").

    UsageError names file and line of what is wrong. A missing file means defaults.
    """
    environ = os.environ if environ is None else environ
    text = _read(file)
    tables = _parse(file, text)
    place = _Place(file, text)
    _check_top(tables, place)
    chosen = profile or environ.get(PROFILE_VARIABLE) or tables.get("default_profile") or DEFAULT_PROFILE
    check_profile(chosen)
    profiles = tables.get("profile", {})
    if profiles and chosen not in profiles and chosen != DEFAULT_PROFILE:
        raise UsageError(
            f"{file} has no profile {chosen!r}",
            f"It has {', '.join(sorted(profiles))}. Add [profile.{chosen}].",
        )
    values: dict[str, Any] = {"keys": {}}
    sections: list[tuple[str, ...]] = [("defaults",), *(("profile", name) for name in profiles)]
    for section in sections:
        read = _section(tables, section, place)
        if section in (("defaults",), ("profile", chosen)):
            values["keys"] |= read.pop("keys", {})
            values |= read
    return Settings(profile=chosen, **values | _environment(environ))


def check_profile(name: object) -> str:
    """A profile's name, which is also a folder's; UsageError when it cannot be one."""
    if not isinstance(name, str) or not _PROFILE.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a profile's name",
            "Use letters, digits, dot, dash and underscore, 64 at most.",
        )
    return name


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text", "TOML files are UTF-8; save it as such.") from error
    except OSError as error:
        raise UsageError(
            f"cannot read {file}: {error.strerror}", "Choose another with --config FILE."
        ) from error


def _parse(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(?P<what>.*?) \(at line (?P<line>\d+), column \d+\)", str(error), re.DOTALL)
        what, line = (found["what"], found["line"]) if found else (str(error), str(text.count("\n") + 1))
        raise UsageError(f"{file}, line {line}: {what}", 'The file is TOML: key = "value".') from error


@dataclass(frozen=True)
class _Place:
    """Where in the file a key stands."""

    file: Path
    text: str

    def error(self, path: tuple[str, ...], what: str, hint: str = "") -> UsageError:
        return UsageError(f"{self.file}, line {self._line(path)}: {'.'.join(path)} {what}", hint)

    def _line(self, path: tuple[str, ...]) -> int:
        """The line that brings the key: where the shortest readable beginning of the file with it ends."""
        lines = self.text.split("\n")
        for count in range(1, len(lines) + 1):
            try:
                node: Any = tomllib.loads("\n".join(lines[:count]))
            except tomllib.TOMLDecodeError:
                continue
            for part in path:
                node = node.get(part) if isinstance(node, dict) else None
            if node is not None:
                return count
        return len(lines)


def _check_top(tables: Mapping[str, Any], place: _Place) -> None:
    for name, value in tables.items():
        if name == "default_profile":
            if not isinstance(value, str) or not _PROFILE.fullmatch(value):
                raise place.error((name,), "must be a profile's name")
        elif name not in ("defaults", "profile"):
            raise place.error(
                (name,),
                "is not known",
                'The file has [defaults], [profile.NAME] and default_profile = "NAME".',
            )
        elif not isinstance(value, dict):
            raise place.error((name,), f"must be a section, not {_kind(value)}")
    for name, value in tables.get("profile", {}).items():
        if not isinstance(value, dict):
            raise place.error(("profile", name), f"must be a section, not {_kind(value)}")
        if not _PROFILE.fullmatch(name):
            raise place.error(("profile", name), "cannot be a profile's name")


def _section(tables: Mapping[str, Any], path: tuple[str, ...], place: _Place) -> dict[str, Any]:
    """The checked values of a section; an empty text is the same as no value."""
    node: Any = tables
    for part in path:
        node = node.get(part, {})
    values: dict[str, Any] = {}
    for key, value in node.items():
        if key == "keys":
            values["keys"] = _keys(value, (*path, key), place)
        elif key not in OPTIONS:
            raise place.error((*path, key), "is not known", f"Known are {', '.join((*OPTIONS, 'keys'))}.")
        elif value != "":
            try:
                values[key] = OPTIONS[key].read(value)
            except ValueError as error:
                raise place.error((*path, key), str(error)) from error
    return values


def _keys(value: object, path: tuple[str, ...], place: _Place) -> dict[str, str]:
    if not isinstance(value, dict):
        raise place.error(path, f"must be a section, not {_kind(value)}")
    found: dict[str, str] = {}
    for command, keys in value.items():
        if isinstance(keys, dict):  # [defaults.keys] with go.explore = "x" nests at the dot
            found |= {f"{command}.{k}": v for k, v in _keys(keys, (*path, command), place).items()}
        elif isinstance(keys, str):
            found[command] = keys
        else:
            raise place.error((*path, command), f"must be text, not {_kind(keys)}")
    return found


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, option in OPTIONS.items():
        name = PREFIX + key.upper()
        if given := environ.get(name):
            try:
                values[key] = option.read(given)
            except ValueError as error:
                raise UsageError(f"${name} {error}", f"Its value is {given!r}.") from error
    return values


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a section"}
    return names.get(type(value), "a date or time")


def documented() -> str:
    """The configuration file that `doctor --init` writes: every key with its default, commented out."""
    lines = [
        "# finops-tui: every key with its default; remove the # to change one.",
        "# The environment wins: FINOPS_TUI_<KEY>, FINOPS_TUI_PROFILE, FINOPS_TUI_HOME, FINOPS_TUI_CONFIG.",
        "",
        "# the profile without --profile",
        f'# default_profile = "{DEFAULT_PROFILE}"',
        "",
        "[defaults]",
    ]
    for key, option in OPTIONS.items():
        lines += [f"# {option.help}", f'# {key} = "{option.default}"']
    lines += [
        "",
        "# Other keys for a command; the help screen (?) names the keys, README the commands.",
        "[defaults.keys]",
        '# export = "e,ctrl+e"',
        "",
        "# A profile has its own cache, history and ledger, and may change any of the keys above.",
        "# [profile.prod]",
        '# currency = "EUR"',
    ]
    return "\n".join(lines) + "\n"
