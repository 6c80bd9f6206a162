"""What the app sends over SSH stays within the design's budgets. Times are the benchmark's."""

import pytest

from tests.terminal.conftest import OpenApp
from tests.terminal.screen import SSH, Terminal

FIRST_PAINT, SCREEN, PAGE, CURSOR_KEY, STATUS = 35_000, 20_000, 9_000, 700, 200
SIZE = (120, 40)
KEYS_FOR_A_SCREEN = {"Explore": "2", "Data": "9", "Help": "?"}


@pytest.fixture
def app(open_app: OpenApp) -> Terminal:
    return open_app(size=SIZE, env=SSH)


def test_the_first_screen(app: Terminal) -> None:
    assert len(app.raw) <= FIRST_PAINT


def test_idle_is_silent(app: Terminal) -> None:
    app.until_quiet(1.0)
    assert app.pump(4.0) == b""


@pytest.mark.parametrize("name", KEYS_FOR_A_SCREEN)
def test_switching_screens_and_back(app: Terminal, name: str) -> None:
    first, _ = app.cost_of(KEYS_FOR_A_SCREEN[name])
    back, _ = app.cost_of("esc")
    again, _ = app.cost_of(KEYS_FOR_A_SCREEN[name])
    assert 0 < first <= SCREEN and 0 < back <= SCREEN and 0 < again <= SCREEN


def test_moving_drilling_and_saying(app: Terminal) -> None:
    app.press(":", "explore service 90d", "enter")
    app.until(r"\d rows")
    app.until_quiet()
    cursor = [app.cost_of(key)[0] for key in ("down", "down", "up")]
    assert max(cursor) <= CURSOR_KEY and min(cursor) > 0
    drilled, _ = app.cost_of("enter")
    assert 0 < drilled <= SCREEN
    back, _ = app.cost_of("esc")
    assert 0 < back <= SCREEN
    said, _ = app.cost_of("ctrl+c")
    assert 0 < said <= STATUS


def test_a_page(app: Terminal) -> None:
    app.press(":", "explore resource,service,sku,tag:team,compartment,account 90d", "enter")
    app.until(r"\d rows")
    app.until_quiet()
    app.resize(120, 16)  # so that there is a next page
    app.until_quiet()
    paged, _ = app.cost_of("pgdn")
    assert 0 < paged <= PAGE
