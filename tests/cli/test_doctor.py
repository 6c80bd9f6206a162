"""`doctor`: what it finds wrong, what it says deleting the cache would lose, and its exit status."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import simplejson

from finops_tui.cli import main
from tests.bills import BillLine, write_focus


def checks(home: Path, capsys: pytest.CaptureFixture[str], status: int = 0) -> list[dict[str, Any]]:
    """The checks of a home."""
    capsys.readouterr()
    assert main(["--home", str(home), "doctor", "--format", "json"]) == status
    found = simplejson.loads(capsys.readouterr().out)["checks"]
    assert isinstance(found, list)
    assert {check["level"] for check in found} <= {"ok", "attention", "problem"}
    return found


def told(found: list[dict[str, Any]], level: str) -> str:
    return "\n".join(f"{c['topic']}: {c['message']} {c['hint']}" for c in found if c["level"] == level)


def test_a_fresh_home_is_in_order(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = checks(home, capsys)
    assert {check["topic"] for check in found} >= {"program", "config", "cache", "history", "terminal"}
    assert told(found, "attention") == told(found, "problem") == ""


def test_a_file_that_is_gone_would_be_lost_with_the_cache(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bill = write_focus(tmp_path / "bill.csv", list(BillLine.sample(days=3)))
    assert main(["--home", str(home), "import", str(bill)]) == 0
    assert "lose nothing" in told(checks(home, capsys), "ok")
    bill.unlink()
    found = checks(home, capsys)
    assert "would lose 1 imported files" in told(found, "attention")
    assert str(bill) in told(found, "attention")


def test_what_others_may_read_is_named(home: Path, bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home), "import", str(bill)]) == 0
    (home / "cache" / "default" / "state.db").chmod(0o644)
    found = checks(home, capsys)
    assert "others may read" in told(found, "attention")
    assert "chmod" in told(found, "attention")


def test_a_newer_cache_is_a_problem_with_advice_and_exit_1(
    home: Path, bill: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home), "import", str(bill)]) == 0
    with closing(sqlite3.connect(home / "cache" / "default" / "state.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    found = checks(home, capsys, status=1)
    assert "newer" in told(found, "problem")
    assert "Upgrade" in told(found, "problem")
    assert any(check["topic"] == "terminal" for check in found), "the other checks go on"


def test_an_unknown_variable_is_noticed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINOPS_TUI_CURENCY", "EUR")
    assert "$FINOPS_TUI_CURENCY" in told(checks(home, capsys), "attention")


def test_for_people_it_is_a_line_a_check(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home), "doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 5
    assert all(line.startswith(("ok ", "attention ", "problem ")) for line in lines)
