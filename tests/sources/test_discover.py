"""Which files a target names."""

import os
from pathlib import Path

import pytest

from finops_tui.errors import UsageError
from finops_tui.sources.discover import discover


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def test_a_folder_is_searched_all_the_way_down_in_natural_order(tmp_path: Path) -> None:
    wanted = [touch(tmp_path / name) for name in ("part-2.csv", "part-10.csv.gz", "sub/deep/X.PARQUET")]
    for unwanted in (".hidden.csv", "half.csv.tmp", "notes.txt", ".git/a.csv", "~lock", "old.csv~"):
        touch(tmp_path / unwanted)
    assert list(discover([tmp_path]).files) == wanted


def test_a_link_back_to_a_folder_above_is_said_and_not_followed(tmp_path: Path) -> None:
    bill = touch(tmp_path / "a" / "bill.csv")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "nowhere.csv").symlink_to(tmp_path / "gone")
    found = discover([tmp_path])
    assert bill in found.files
    assert [problem.path.name for problem in found.problems] == ["again"]


def test_folders_full_of_links_to_each_other_are_each_read_once(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(9)]
    for folder in folders:
        touch(folder / "bill.csv")
    for folder in folders:
        for other in folders:
            (folder / f"to-{other.name}").symlink_to(other, target_is_directory=True)
    assert len(discover([tmp_path]).files) == 9


def test_one_folder_reached_by_two_names_is_read_once_per_bill_name(tmp_path: Path) -> None:
    bill = touch(tmp_path / "real" / "bill.csv")
    assert discover([tmp_path / "real", bill, str(tmp_path / "r*" / "*.csv")]).files == (bill,)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_an_unreadable_folder_is_said_and_the_rest_found(tmp_path: Path) -> None:
    bill = touch(tmp_path / "bill.csv")
    closed = touch(tmp_path / "closed" / "x.csv").parent
    closed.chmod(0)
    try:
        found = discover([tmp_path])
    finally:
        closed.chmod(0o700)
    assert found.files == (bill,)
    assert "Permission" in found.problems[0].reason


def test_a_name_with_brackets_is_meant_literally(tmp_path: Path) -> None:
    bill = touch(tmp_path / "bill[1]*.csv")
    touch(tmp_path / "bill1.csv")
    assert discover([bill]).files == (bill,)


def test_a_target_that_names_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for target in ("gone.csv", "empty", "*.csv"):
        with pytest.raises(UsageError, match="no such file"):
            discover([tmp_path / target])


def test_a_name_that_is_no_text_is_refused_and_the_rest_is_found(tmp_path: Path) -> None:
    wanted = touch(tmp_path / "bill.csv")
    touch(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.csv")))
    found = discover([tmp_path])
    assert found.files == (wanted,)
    assert [problem.hint for problem in found.problems] == ["Rename it."]
