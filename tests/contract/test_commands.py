"""Every command of the contract answers --help, and what is not built says so with exit status 2."""

import pytest

from finops_tui import __version__
from tests.conftest import Cli

COMMANDS = (
    "", "sync", "import", "show", "report", "anomalies", "recommendations", "actions", "check", "estimate",
    "doctor", "sandbox", "sandbox serve", "sandbox truth",
)  # fmt: skip
GLOBAL = ("--profile", "--config", "--home", "--as-of", "--known", "--demo", "--seed", "--offline", "--debug")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_help_with_the_global_options(run_cli: Cli, command: str) -> None:
    ran = run_cli(*command.split(), "--help")
    assert (ran.status, ran.err) == (0, "")
    assert [option for option in GLOBAL if option not in ran.out] == []


def test_version(run_cli: Cli) -> None:
    assert run_cli("--version").out == f"finops-tui {__version__}\n"


@pytest.mark.parametrize(
    "command", ["anomalies ack X", "estimate plan.json", "check", "actions", "sandbox serve"]
)
def test_what_is_not_there_yet_says_so(run_cli: Cli, command: str) -> None:
    ran = run_cli(*command.split())
    assert ran.status == 2
    assert "not there yet" in ran.err
    assert len(ran.err.splitlines()) <= 2


@pytest.mark.parametrize(
    "words", ["shwo", "show nonsense", "--frobnicate", "import", "--as-of yesterday sync"]
)
def test_wrong_usage_is_two_lines_and_exit_2(run_cli: Cli, words: str) -> None:
    ran = run_cli(*words.split())
    assert (ran.status, ran.out) == (2, "")
    assert 1 <= len(ran.err.splitlines()) <= 2
