"""`finops-tui doctor`: is everything as it should be, and what to do where it is not."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

from finops_tui import __version__
from finops_tui.cli.context import Context, resolve
from finops_tui.cli.output import write
from finops_tui.config import CONFIG_VARIABLE, OPTIONS, PREFIX, PROFILE_VARIABLE, documented
from finops_tui.errors import DONE, NO, FinopsError, StoreError, UsageError
from finops_tui.escape import printable
from finops_tui.paths import HOME_VARIABLE, locate

Level = Literal["ok", "attention", "problem"]


@dataclass(frozen=True)
class Check:
    """One finding; `hint` says what to do about it."""

    topic: str
    level: Level
    message: str
    hint: str = ""


def doctor(options: argparse.Namespace) -> int:
    """Print the checks; 1 when one is a problem. With --init: write the configuration file first."""
    if options.init:
        return initialise(options)
    context = resolve(options)
    checks = [check for part in PARTS for check in _guarded(part, context)]
    if options.format == "json":
        from finops_tui.report.formats import dumps

        listed = [
            {"topic": c.topic, "level": c.level, "message": c.message, "hint": c.hint or None} for c in checks
        ]
        write(dumps({"view": "doctor", "profile": context.settings.profile, "checks": listed}), None)
    else:
        write("".join(f"{line}\n" for check in checks for line in _lines(check)), None)
    return NO if any(check.level == "problem" for check in checks) else DONE


def _lines(check: Check) -> Iterator[str]:
    yield printable(f"{check.level:<9}  {check.topic:<8}  {check.message}")
    if check.hint and check.level != "ok":
        yield printable(f"{'':<9}  {'':<8}  {check.hint}")


def _guarded(part: Callable[[Context], Iterator[Check]], context: Context) -> Iterator[Check]:
    """The part's checks; one that cannot be made is itself a problem, and the others go on."""
    topic = part.__name__.strip("_")
    try:
        yield from part(context)
    except FinopsError as error:
        yield Check(topic, "problem", str(error), error.hint)
    except OSError as error:
        yield Check(topic, "problem", f"{error.filename or 'a file'}: {error.strerror or error}")


def initialise(options: argparse.Namespace) -> int:
    """Write the documented configuration file; one that is there is left alone."""
    given = vars(options)
    config = given.get("config") or _variable(CONFIG_VARIABLE)
    file = locate("default", home=given.get("home"), config=config).config_file
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(documented())
    except FileExistsError:
        raise UsageError(f"{file} is there already: nothing was written", "Move it away first.") from None
    except OSError as error:
        raise StoreError(
            f"cannot write {file}: {error.strerror}", "Choose another with --config FILE."
        ) from error
    write(f"wrote {printable(str(file))}\n", None)
    return DONE


def _variable(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value) if value else None


def _versions(context: Context) -> Iterator[Check]:
    yield Check(
        "program", "ok", f"finops-tui {__version__}, Python {platform.python_version()}, {sys.platform}"
    )
    found = [f"{name} {metadata.version(name)}" for name in ("duckdb", "textual", "pandas", "numpy")]
    yield Check("program", "ok", ", ".join(found))


def _config(context: Context) -> Iterator[Check]:
    file = context.paths.config_file
    if file.is_file():
        yield Check("config", "ok", f"{file}, profile {context.settings.profile}")
        if file.stat().st_mode & 0o022:
            yield Check("config", "attention", f"others may change {file}", f"chmod go-w {file}")
    else:
        yield Check(
            "config", "ok", f"none at {file}: defaults, profile {context.settings.profile} (doctor --init)"
        )
    known = {PREFIX + key.upper() for key in OPTIONS} | {PROFILE_VARIABLE, CONFIG_VARIABLE, HOME_VARIABLE}
    for name in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        yield Check("config", "attention", f"${name} is not known", f"Known are {', '.join(sorted(known))}.")


def _keys(context: Context) -> Iterator[Check]:
    if context.settings.keys:
        from finops_tui.tui.keymap import keymap

        for problem in keymap(context.settings.keys).problems:
            yield Check("config", "attention", problem, "Change it in the keys section of the file.")


def _cache(context: Context) -> Iterator[Check]:
    from finops_tui.cli.doctor_stores import cache_checks

    for level, message, hint in cache_checks(context):
        yield Check("cache", level, message, hint)


def _history(context: Context) -> Iterator[Check]:
    from finops_tui.cli.doctor_stores import history_checks

    for level, message, hint in history_checks(context):
        yield Check("history", level, message, hint)


def _terminal(context: Context) -> Iterator[Check]:
    from finops_tui.tui.terminal import detect

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Check("terminal", "ok", "none here: the app needs one, show and report do not")
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    terminal = detect(os.environ, context.settings)
    small = size.columns < 80 or size.lines < 24
    yield Check(
        "terminal",
        "attention" if small else "ok",
        f"{size.columns}×{size.lines}, TERM {os.environ.get('TERM') or 'not set'}",
        "The app is made for 80×24 and more.",
    )
    colours = "none (NO_COLOR)" if not terminal.colour else _colours()
    yield Check("terminal", "ok", f"colours: {colours}, theme {terminal.theme}")
    yield Check(
        "terminal",
        "ok" if terminal.unicode else "attention",
        "charts: Unicode" if terminal.unicode else "charts: ASCII, the locale is not UTF-8",
        "Set LANG to a UTF-8 locale, for instance C.UTF-8.",
    )
    place = " and ".join(w for w, on in (("SSH", terminal.ssh), ("tmux", terminal.tmux)) if on) or "local"
    yield Check("terminal", "ok", f"{place}, mouse {'on' if terminal.mouse else 'off'}")
    yield Check(
        "terminal",
        "attention" if terminal.tmux else "ok",
        "copying: OSC 52" + (" through tmux" if terminal.tmux else "; the terminal must allow it"),
        "In tmux: set -g set-clipboard on",
    )


def _colours() -> str:
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million"
    return "256" if "256" in os.environ.get("TERM", "") else "16"


PARTS: Final = (_versions, _config, _keys, _cache, _history, _terminal)
