"""The first paint: the right figure, at every size, in every kind of terminal."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.bills import BillLine
from tests.conftest import Cli
from tests.terminal.conftest import OpenApp
from tests.terminal.screen import MOUSE, SSH

SIZES = [(120, 36), (80, 24)]
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")
MANY_COLOURS = re.compile(rb"\x1b\[(?:\d+;)*[34]8;[25];")


def month_to_date() -> str:
    lines = (line for line in BillLine.sample() if line.day >= date(2026, 10, 1) and line.currency == "USD")
    return f"{sum((line.cost for line in lines), Decimal(0)):,.2f}"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_month_to_date_is_painted_exactly(open_app: OpenApp, size: tuple[int, int]) -> None:
    terminal = open_app(size=size)
    assert month_to_date() in terminal.text
    assert re.search("Oct(ober)? 2026", terminal.text)
    assert len(terminal.text.splitlines()) <= size[1]


def test_over_ssh_the_mouse_is_off_and_sixteen_colours_do(open_app: OpenApp) -> None:
    terminal = open_app(env=SSH)
    assert MOUSE not in terminal.modes
    assert COLOUR.search(terminal.raw) and not MANY_COLOURS.search(terminal.raw)


def test_no_color_paints_no_colour(open_app: OpenApp) -> None:
    terminal = open_app(env=SSH | {"NO_COLOR": "1"})
    assert COLOUR.search(terminal.raw) is None
    terminal.press("2")
    terminal.until(r"\d rows")
    terminal.until_quiet()
    terminal.press("down")
    terminal.until(lambda t: bool(t.reversed_rows()))
    assert COLOUR.search(terminal.raw) is None


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "iso-8859-1"},
        {"LANG": "en_US.ISO-8859-1", "LC_ALL": ""},  # not installed: Python itself turns to C.UTF-8
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["latin-1", "not installed", "posix"],
)
def test_a_terminal_gets_nothing_that_its_locale_cannot_print(
    open_app: OpenApp, locale: dict[str, str]
) -> None:
    terminal = open_app(env=SSH | locale)
    terminal.press("2")
    terminal.until_quiet()
    painted = terminal.raw.decode("latin-1")
    assert re.search(r"[\x80-\x9f]", painted) is None, "C1 control characters: UTF-8 on a Latin-1 terminal"
    assert "\\u" not in painted and "????" not in painted


def test_a_dumb_terminal_is_refused_with_the_plain_command(open_app: OpenApp) -> None:
    terminal = open_app(env={"TERM": "dumb"}, shows="finops-tui show overview")
    assert terminal.ended() == 2
    assert b"\x1b" not in terminal.raw


def test_without_a_terminal_it_says_which_plain_command_to_use(run_cli: Cli) -> None:
    ran = run_cli()
    assert (ran.status, ran.out) == (2, "")
    assert "finops-tui show overview" in ran.err
