"""Resizing keeps what a person was looking at."""

import pytest

from tests.terminal.conftest import OpenApp
from tests.terminal.screen import Terminal


def cursor_row(terminal: Terminal) -> str:
    """The first word of the row under the cursor."""
    rows = terminal.reversed_rows()
    assert rows, f"no row is marked as the cursor's:\n{terminal.text}"
    return rows[-1].removeprefix("> ").split()[0]


def test_resizing_keeps_the_selection(open_app: OpenApp) -> None:
    terminal = open_app()
    terminal.press(":", "explore resource", "enter")
    terminal.until(r"machine\d\d")
    terminal.until_quiet()
    terminal.press(*("down",) * 12)
    terminal.until_quiet()
    chosen = cursor_row(terminal)
    for size in ((80, 24), (40, 12), (120, 36), (200, 50)):
        terminal.resize(*size)
        terminal.until_quiet()
        assert cursor_row(terminal) == chosen, size


@pytest.mark.parametrize("screen", ["1", "2", "9", "?"])
def test_no_size_is_too_small_to_survive(open_app: OpenApp, screen: str) -> None:
    terminal = open_app()
    terminal.press(screen)
    terminal.until_quiet()
    before = terminal.text
    for size in ((20, 5), (10, 2), (1, 1), (120, 36)):
        terminal.resize(*size)
        terminal.until_quiet()
    terminal.until(lambda t: t.text == before)
    terminal.press("ctrl+c", "ctrl+c")
    assert terminal.ended() == 0
