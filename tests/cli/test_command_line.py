"""The command line by itself: where options stand, what is refused and how, what is imported for it."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui.cli import main
from finops_tui.cli.parser import LATER_VIEWS, VIEWS, build, parse
from finops_tui.errors import UsageError
from tests.conftest import Cli
from tests.program import clean_environment

Capture = pytest.CaptureFixture[str]

GLOBAL = (
    ("--home", "/h"),
    ("--as-of", "2026-10-20"),
    ("--config", "/c.toml"),
    ("--profile", "p"),
    ("--seed", "3"),
    ("--demo",),
    ("--known",),
    ("--offline",),
    ("--debug",),
)


@given(st.lists(st.tuples(st.sampled_from(GLOBAL), st.booleans()), unique_by=lambda item: item[0]))
def test_global_options_mean_the_same_before_and_after_the_command(
    given_options: list[tuple[tuple[str, ...], bool]],
) -> None:
    before = [word for option, first in given_options if first for word in option]
    after = [word for option, first in given_options if not first for word in option]
    everything = [word for option, _ in given_options for word in option]
    mixed = vars(parse([*before, "show", "costs", *after]))
    assert mixed == vars(parse([*everything, "show", "costs"])) == vars(parse(["show", "costs", *everything]))
    assert {name: mixed[name] for name in mixed if name == "seed"} == (
        {"seed": 3} if "--seed" in everything else {}
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show"], "VIEW"),
        (["show", "nonsense"], "nonsense"),
        (["show", "costs", "--as-of", "2026-13-01"], "2026-13-01"),
        (["show", "costs", "--as-of", "20261001"], "YYYY-MM-DD"),
        (["show", "overview", "--as-of", "0001-01-01"], "0001-01-01"),
        (["show", "overview", "--as-of", "9999-12-31"], "9999-12-31"),
        (["show", "costs", "--seed", "-1", "--demo"], "--seed"),
        (["show", "costs", "--seed", "7"], "--demo"),
        (["show", "costs", "--limit", "0"], "--limit"),
        (["show", "costs", "--group-by", "nonsense"], "nonsense"),
        (["show", "costs", "--where", "service"], "service"),
        (["show", "costs", "--where", "charge_category=nonsense"], "nonsense"),
        (["show", "costs", "--period", "30x"], "30x"),
        (["show", "costs", "--compare", "sometimes"], "sometimes"),
        (["show", "costs", "--sort", "nonsense"], "nonsense"),
        (["show", "costs", "--period", "7d", "--from", "2026-01-01"], "--from"),
        (["show", "costs", "--from", "2026-02-01", "--to", "2026-02-01"], "2026-02-01"),
        (["show", "overview", "--where", "service=X"], "--where"),
        (["show", "status", "--group-by", "service"], "--group-by"),
        (["show", "movers", "--compare", "none"], "compare"),
        (["show", "movers", "--metric", "quantity"], "metric"),
        (["show", "costs", "--profile", "../other"], "../other"),
        (["show", "costs", "--demo", "--profile", "p"], "--profile"),
        (["show", "costs", "--config", "/nowhere/c.toml"], "/nowhere/c.toml"),
        (["show", "costs", "--where", "service=\udcff"], "UTF-8"),
        (["import"], "PATH"),
        (["import", ""], "empty path"),
        (["import", "--demo", "bill.csv"], "--demo"),
        (["sandbox"], "truth"),
        (["nonsense"], "nonsense"),
        (["report", "--metric", "quantity"], "money"),
    ],
)
def test_wrong_usage_is_two_lines_at_most_and_exit_2(
    arguments: list[str], told: str, home: Path, capsys: Capture
) -> None:
    assert main(["--home", str(home), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert len(captured.err.splitlines()) <= 2


@pytest.mark.parametrize(
    "arguments",
    [
        *(["show", view] for view in LATER_VIEWS),
        ["sync"],
        ["check"],
        ["estimate", "plan.json"],
        ["anomalies", "ack", "a1", "--reason", "because"],
        ["recommendations", "postpone", "r1", "--until", "2027-01-01"],
        ["actions", "list"],
        ["sandbox", "serve", "--port", "0"],
    ],
)
def test_what_a_later_version_brings_says_so_in_one_line(
    arguments: list[str], home: Path, capsys: Capture
) -> None:
    assert main(["--home", str(home), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "not there yet" in captured.err
    assert captured.out == ""


def test_help_names_every_command_view_and_global_option(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for word in ("sync", "import", "show", "report", "doctor", "check", "estimate", "sandbox", "actions"):
        assert word in text
    for option, *_ in GLOBAL:
        assert option in text
    assert main(["show", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(view in text for view in VIEWS)
    for option in (
        "--group-by",
        "--where",
        "--from",
        "--to",
        "--compare",
        "--fail-on",
        "--granularity",
        "--sort",
    ):
        assert option in text


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_hostile_arguments_reach_standard_error_escaped(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(["show", "costs", "--as-of", f"\x1b[2J{text}"])
    from finops_tui.escape import printable

    for line in caught.value.lines():
        assert printable(line).isprintable()


def test_control_characters_in_an_argument_are_escaped(home: Path, capsys: Capture) -> None:
    assert main(["--home", str(home), "show", "costs", "--where", "service\x1b[31m\u202e"]) == 2
    error = capsys.readouterr().err
    assert "\x1b" not in error
    assert "\u202e" not in error
    assert "\\x1b[31m" in error


def test_version_and_help_import_nothing_heavy(home: Path) -> None:
    code = (
        "import sys; from finops_tui.cli import main; main(['--version']); main(['show', '--help']);"
        "heavy = {'textual', 'duckdb', 'pandas', 'numpy', 'jinja2', 'simplejson'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("finops-tui ")


def test_the_app_refuses_what_is_no_terminal_and_names_a_plain_command(run_cli: Cli) -> None:
    ran = run_cli()
    assert ran.status == 2
    assert "terminal" in ran.err
    assert "finops-tui show overview" in ran.err
    assert "--demo" in run_cli("--demo").err


def test_a_reader_that_leaves_ends_the_program_quietly(imported_home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "finops_tui", "--home", str(imported_home), *LONG],
        env=clean_environment(imported_home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


LONG = (
    *("show", "costs", "--group-by", "resource", "--granularity", "day"),
    *("--period", "all", "--format", "json", "--as-of", "2026-10-20"),
)
"""More than a pipe holds."""


def test_ctrl_c_says_so_in_one_line(imported_home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "finops_tui", "--home", str(imported_home), *LONG],
        env=clean_environment(imported_home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        select.select([process.stdout], [], [])  # it writes, and blocks: the pipe is full
        process.send_signal(signal.SIGINT)
        os.read(process.stdout.fileno(), 1)
        error = process.stderr.read()
    assert process.returncode == 130
    assert error == b"finops-tui: interrupted\n"


@pytest.mark.parametrize(
    ("closed", "arguments", "status", "told"),
    [
        (">&-", "show costs", 3, "output failed"),
        ("2>&-", "show nonsense", 2, ""),
        ("<&-", "", 2, "terminal"),
        ("<&- >&- 2>&-", "import bill.csv", 2, ""),
    ],
)
def test_a_stream_that_is_closed_is_no_surprise(
    home: Path, closed: str, arguments: str, status: int, told: str
) -> None:
    command = f'"$0" -m finops_tui --home "$1" {arguments} {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, str(home)],
        env=clean_environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert done.stdout == "" and told in done.stderr and "unexpected" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_under_standard_output_is_said(imported_home: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "finops_tui", "--home", str(imported_home), *LONG],
            env=clean_environment(imported_home),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_an_answer_is_written_whole_private_and_in_one_step(imported_home: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    target.write_text("old")
    assert (
        main(["--home", str(imported_home), "--as-of", "2026-10-20", "show", "costs", "-o", str(target)]) == 0
    )
    assert target.read_text().startswith("service,cost,currency")
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]


def test_a_place_that_cannot_be_written_is_named(home: Path, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "no" / "such" / "folder.json"
    assert main(["--home", str(home), "show", "status", "-o", str(target)]) == 3
    assert str(target) in capsys.readouterr().err


def test_debug_prints_the_traceback_and_nothing_else_does(
    home: Path, tmp_path: Path, capsys: Capture
) -> None:
    wrong = ["--home", str(home), "show", "costs", "--period", "nonsense"]
    main(wrong)
    assert "Traceback" not in capsys.readouterr().err
    assert main([*wrong, "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_every_parser_takes_the_global_options() -> None:
    """`build` is walked, so that a command added without them is found."""
    import argparse

    parsers = [build()]
    for parser in parsers:
        names = {option for action in parser._actions for option in action.option_strings}
        assert {"--home", "--demo", "--as-of", "--debug", "--offline", "--known"} <= names, parser.prog
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                parsers += action.choices.values()
    assert len(parsers) > 10
