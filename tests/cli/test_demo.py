"""The sample tenancy on the command line: which world, which profile, what the app tells its child."""

from datetime import date
from pathlib import Path

import pytest
import simplejson

from finops_tui.cli import demo, main
from finops_tui.cli.context import anchor_file, resolve
from finops_tui.cli.parser import parse


def test_the_first_demo_writes_its_anchor_down_and_later_days_keep_it(home: Path) -> None:
    first = resolve(parse(["--home", str(home), "--demo", "--seed", "7", "--as-of", "2026-10-20", "sync"]))
    assert demo.anchor(first) == date(2026, 10, 20)
    later = resolve(parse(["--home", str(home), "--demo", "--seed", "7", "--as-of", "2027-06-01", "sync"]))
    assert demo.anchor(later) == date(2026, 10, 20)
    assert later.paths.data == first.paths.data, "tomorrow's world begins with today's"
    assert later.paths.cache != first.paths.cache, "its bucket keeps reports of 60 days only"
    near = resolve(parse(["--home", str(home), "--demo", "--seed", "7", "--as-of", "2026-10-21", "sync"]))
    assert near.paths == first.paths
    assert first.known, "--known is implied"
    other = resolve(parse(["--home", str(home), "--demo", "--seed", "8", "--as-of", "2026-10-20", "sync"]))
    assert other.paths.cache != first.paths.cache, "seeds never mix"


def test_the_app_tells_its_child_the_same_world(home: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("")
    given = ["--home", str(home), "--config", str(config), "--demo", "--seed", "9", "--as-of", "2026-05-05"]
    context = resolve(parse(given))
    _, module, name, *arguments = context.refresh_command()
    assert (module, name) == ("-m", "finops_tui")
    assert resolve(parse(arguments)) == context


def test_truth_hangs_on_the_written_anchor_of_a_given_home_else_on_the_as_of_day(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor_file(7, home).parent.mkdir(parents=True)
    anchor_file(7, home).write_text("2026-09-30\n")

    def anchor(*arguments: str) -> str:
        assert main(["sandbox", "truth", "--seed", "7", "--as-of", "2025-08-05", *arguments]) == 0
        answer = simplejson.loads(capsys.readouterr().out, use_decimal=True)
        assert answer["as_of"] == "2025-08-05"
        return str(answer["anchor"])

    assert anchor("--home", str(home)) == "2026-09-30"
    assert anchor("--home", str(home), "--anchor", "2026-10-01") == "2026-10-01"
    assert anchor() == "2025-08-05"


def test_an_anchor_that_cannot_be_read_says_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor_file(7, home).parent.mkdir(parents=True)
    anchor_file(7, home).write_text("yesterday\n")
    assert main(["--home", str(home), "--demo", "--seed", "7", "show", "status"]) == 3
    assert str(anchor_file(7, home)) in capsys.readouterr().err
