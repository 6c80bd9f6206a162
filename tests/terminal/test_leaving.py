"""However the program ends, the terminal is as it was; when the terminal ends, so does the program."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program import clean_environment
from tests.terminal.conftest import OpenApp, app_argv
from tests.terminal.screen import ALTERNATE_SCREEN, CURSOR, MONTH_TO_DATE, MOUSE, SSH, Terminal

LEAVING: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "q": (lambda t: t.press("q"), 0),
    "q from Explore": (lambda t: t.press("2", "q", "q"), 0),
    "ctrl+c twice": (lambda t: t.press("ctrl+c", "ctrl+c"), 0),
    "SIGTERM": (lambda t: t.signal(signal.SIGTERM), 128 + signal.SIGTERM),
    "SIGHUP": (lambda t: t.signal(signal.SIGHUP), 128 + signal.SIGHUP),
}


@pytest.mark.parametrize("way", LEAVING)
@pytest.mark.parametrize("env", [SSH, {}], ids=["ssh", "local"])
def test_the_terminal_is_restored(open_app: OpenApp, way: str, env: dict[str, str]) -> None:
    terminal = open_app(env=env)
    assert ALTERNATE_SCREEN in terminal.modes and CURSOR not in terminal.modes and not terminal.echoes()
    leave, status = LEAVING[way]
    leave(terminal)
    assert terminal.ended() == status
    assert ALTERNATE_SCREEN not in terminal.modes and MOUSE not in terminal.modes
    assert CURSOR in terminal.modes and terminal.echoes()
    assert b"Traceback" not in terminal.raw


def test_a_lost_terminal_ends_the_program(open_app: OpenApp) -> None:
    terminal = open_app()
    terminal.hang_up()
    assert terminal.process.wait(15) != 0


def test_a_lost_terminal_ends_the_program_even_when_sighup_is_ignored(
    open_app: OpenApp, bill_home: Path
) -> None:
    terminal = open_app(argv=["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *app_argv(bill_home)])
    terminal.hang_up()
    terminal.process.wait(15)


@pytest.mark.skipif(shutil.which("bash") is None, reason="job control needs bash")
@pytest.mark.parametrize("around", ["", "sh -c '\"$@\"; exit $?' sh "], ids=["by itself", "as make runs it"])
def test_ctrl_z_gives_the_shell_and_fg_paints_again(bill_home: Path, around: str) -> None:
    env = clean_environment(bill_home, SSH) | {"PS1": "ready> "}
    with Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"], env=env) as terminal:
        terminal.until("ready>")
        terminal.press(around + " ".join(app_argv(bill_home)), "enter")
        terminal.until(MONTH_TO_DATE)
        terminal.until_quiet()
        terminal.press("ctrl+z")
        terminal.until("Stopped")
        assert ALTERNATE_SCREEN not in terminal.modes and terminal.echoes()
        terminal.screen.reset()
        terminal.press("fg", "enter")
        terminal.until(lambda t: ALTERNATE_SCREEN in t.modes)
        terminal.until(MONTH_TO_DATE)
        terminal.press("q")
        terminal.until(lambda t: os.tcgetpgrp(t.fd) == t.process.pid)
        assert ALTERNATE_SCREEN not in terminal.modes
        terminal.press("exit", "enter")
        terminal.ended()


def test_ctrl_z_without_a_shell_to_go_back_to_says_so(open_app: OpenApp) -> None:
    terminal = open_app()
    terminal.press("ctrl+z")
    terminal.until("no shell")
    terminal.press("q")
    assert terminal.ended() == 0
