"""The app on a real pseudo-terminal, on a copy of the home with the small bill in it."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.program import clean_environment
from tests.terminal.screen import MONTH_TO_DATE, SSH, Terminal

AS_OF = "2026-10-20"
OpenApp = Callable[..., Terminal]


def app_argv(home: Path) -> list[str]:
    return [sys.executable, "-m", "finops_tui", "--home", str(home), "--as-of", AS_OF]


@pytest.fixture
def bill_home(imported_home: Path, tmp_path: Path) -> Path:
    """A home of this test alone: 100 days of the small bill, imported."""
    return shutil.copytree(imported_home, tmp_path / "bill-home")


@pytest.fixture
def open_app(bill_home: Path) -> Iterator[OpenApp]:
    """Opens the app (by default 120×36, over SSH) and waits for its first figures unless told otherwise."""
    with ExitStack() as stack:

        def start(
            *,
            size: tuple[int, int] = (120, 36),
            env: Mapping[str, str] = SSH,
            argv: list[str] | None = None,
            shows: str = MONTH_TO_DATE,
        ) -> Terminal:
            columns, rows = size
            terminal = stack.enter_context(
                Terminal(
                    argv or app_argv(bill_home),
                    columns=columns,
                    rows=rows,
                    env=clean_environment(bill_home, env),
                )
            )
            terminal.until(shows)
            terminal.until_quiet()
            return terminal

        yield start
