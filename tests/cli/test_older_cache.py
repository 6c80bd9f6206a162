"""A cache of an older version is loaded again by whatever is asked first, and never given up silently."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from finops_tui.cli import main
from finops_tui.paths import locate

ASKED = (
    "--as-of",
    "2026-10-20",
    "show",
    "costs",
    "--period",
    "all",
    "--group-by",
    "currency",
    "--format",
    "csv",
)


@pytest.fixture
def older(home: Path, bill: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A home whose cache says that an older version wrote it."""
    assert main(["--home", str(home), "import", str(bill)]) == 0
    with closing(sqlite3.connect(locate("default", home=home).state_db)) as connection:
        connection.execute("PRAGMA user_version = 1")
    capsys.readouterr()
    return home


def test_it_is_loaded_again_before_anything_is_answered(
    older: Path, imported_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(imported_home), *ASKED]) == 0
    expected = capsys.readouterr().out
    assert main(["--home", str(older), *ASKED]) == 0
    first = capsys.readouterr()
    assert first.out == expected and "older version" in first.err
    assert main(["--home", str(older), *ASKED]) == 0
    second = capsys.readouterr()
    assert second.out == expected and second.err == "", "once"


def test_an_import_keeps_what_was_in_it(older: Path, bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = bill.with_name("other.csv")
    other.write_text(bill.read_text().replace("COMPUTE", "OTHER"))
    assert main(["--home", str(older), "import", str(other)]) == 0
    assert "loaded from 2 files" in capsys.readouterr().out


@pytest.mark.parametrize("command", [ASKED, ("report",), ("import", "other.csv")])
def test_a_file_that_is_gone_stops_everything_and_nothing_is_lost(
    older: Path, bill: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    kept = bill.rename(bill.with_suffix(".away"))
    lake = sorted(locate("default", home=older).cache.rglob("*.parquet"))
    assert main(["--home", str(older), *command]) == 3
    assert str(bill) in capsys.readouterr().err
    assert sorted(locate("default", home=older).cache.rglob("*.parquet")) == lake
    kept.rename(bill)
    assert main(["--home", str(older), *ASKED]) == 0
