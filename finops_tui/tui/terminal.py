"""What the terminal can do, from the environment alone."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass

from finops_tui.config import Settings
from finops_tui.tui.theme import ANSI, FULL


@dataclass(frozen=True)
class Terminal:
    """The decisions that follow from the environment and the configuration."""

    ssh: bool
    tmux: bool
    unicode: bool
    """The locale can print the block and box characters; else everything drawn is ASCII."""
    colour: bool
    mouse: bool
    theme: str


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale that the environment names is UTF-8. POSIX: LC_ALL, then LC_CTYPE, then LANG.

    No locale named at all is the C locale, which Python itself runs as UTF-8 (PEP 538, PEP 540). Where LANG
    names one that is not installed, Python sets LC_CTYPE to C.UTF-8: LANG is what the person meant.
    """
    name = environ.get("LC_ALL") or environ.get("LC_CTYPE") or ""
    if name in ("", "C.UTF-8", "C.utf8", "UTF-8") and not environ.get("LC_ALL"):
        name = environ.get("LANG") or ""
    if name in ("", "C", "POSIX"):
        return True
    return writes_utf8(name.partition(".")[2].partition("@")[0] or "latin-1")


def writes_utf8(encoding: str) -> bool:
    """Whether the encoding of that name is UTF-8."""
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def detect(environ: Mapping[str, str], settings: Settings) -> Terminal:
    """A pure function of environment and configuration: over SSH no mouse and the ANSI theme by default."""
    ssh = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    colour = not environ.get("NO_COLOR")
    few = environ.get("TERM", "").endswith(("-16color", "-color")) or environ.get("TERM") in (
        "linux",
        "xterm",
    )
    theme = {"ansi": ANSI, "full": FULL}.get(settings.theme, ANSI if ssh or few else FULL)
    utf8 = {"unicode": True, "ascii": False}.get(settings.charts, is_utf8(environ))
    return Terminal(
        ssh=ssh,
        tmux=bool(environ.get("TMUX")),
        unicode=utf8,
        colour=colour,
        mouse={"on": True, "off": False}.get(settings.mouse, not ssh),
        theme=theme if colour else ANSI,
    )


def refusal(environ: Mapping[str, str], *, interactive: bool) -> str | None:
    """Why no screen can be painted here, or None. The caller adds the plain command to use instead."""
    if not interactive:
        return "this is not a terminal"
    if environ.get("TERM", "") in ("", "dumb"):
        return "the terminal cannot move its cursor (TERM is dumb or not set)"
    return None
