"""Files into the cache, end to end: once, replaced, refused, and never half."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from finops_tui.errors import INCOMPLETE, LockedError, StoreError, UsageError
from finops_tui.focus import Source
from finops_tui.store.reader import Cache
from finops_tui.store.refresh import Refresh
from finops_tui.worker.batch import Batch, BatchFile
from finops_tui.worker.importer import import_paths, load
from finops_tui.worker.progress import Step, running
from finops_tui.worker.report import Outcome
from tests.sources.bills import csv_text, rows_of, write
from tests.worker.homes import bill, home, told, total


@pytest.mark.parametrize("name", ["o'brien", 'a "b" c', "b[1]*?", "50%20%s;x", "two\nlines", "ünï"])
def test_any_name_of_a_home_and_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    paths = home(folder)
    bill(folder / f"{name}.csv", "1", "2.5", "wrong")
    assert import_paths(paths, [folder / f"{name}.csv"]).rejected == 1
    assert total(paths) == Decimal("3.5")


def test_the_same_bytes_twice_change_nothing_under_any_name(tmp_path: Path) -> None:
    paths, bills = home(tmp_path), tmp_path / "bills"
    bills.mkdir()
    bill(bills / "a.csv", "1", "2.5")
    first = import_paths(paths, [bills])
    bill(bills / "copy of a.csv", "1", "2.5")
    second = import_paths(paths, [bills])
    assert total(paths) == Decimal("3.5")
    assert second.generation == first.generation
    assert second.count(Outcome.KNOWN) == 2
    assert (first.exit_status, second.exit_status) == (0, 0)


def test_two_files_of_the_same_bytes_in_one_import_count_once(tmp_path: Path) -> None:
    paths = home(tmp_path)
    report = import_paths(paths, [bill(tmp_path / "a.csv", "1"), bill(tmp_path / "b.csv", "1")])
    assert total(paths) == 1
    assert [file.outcome for file in report.files].count(Outcome.KNOWN) == 1


def test_a_changed_file_of_the_same_name_replaces_itself(tmp_path: Path) -> None:
    paths = home(tmp_path)
    import_paths(paths, [bill(tmp_path / "a.csv", "1"), bill(tmp_path / "b.csv", "10")])
    report = import_paths(paths, [bill(tmp_path / "a.csv", "2", "3")])
    assert [file.outcome for file in report.files] == [Outcome.REPLACED]
    assert total(paths) == 15


@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))
@example(rounds=[{"a": "1", "b": "10"}, {"a": "10"}, {"b": "100"}])
@example(rounds=[{"a": "1", "b": "10"}, {"a": "10", "b": "100"}, {"a": "100", "b": "10"}])
@given(
    rounds=st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from(("1", "10", "100")), min_size=1),
        min_size=2,
        max_size=4,
    )
)
def test_each_content_that_a_name_last_had_counts_once(
    rounds: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bills")
    paths = home(folder)
    held: dict[str, str] = {}
    for files in rounds:
        import_paths(paths, [bill(folder / f"{name}.csv", cost) for name, cost in files.items()])
        held |= files
        assert total(paths) == sum(map(Decimal, set(held.values())))
        assert {Path(file.name).stem for file in told(paths, Cache.files)} <= held.keys()


def test_what_was_not_read_is_remembered_until_the_file_is_in(tmp_path: Path) -> None:
    paths, path = home(tmp_path), tmp_path / "a.csv"
    write(path, "date,amount\n2026-01-01,5\n")
    import_paths(paths, [path])
    (refused,) = told(paths, Cache.refusals)
    assert refused.name == str(path)
    assert "lacks the columns BilledCost" in refused.reason
    import_paths(paths, [write(path, csv_text(rows_of({"BilledCost": "1", "ListCost": "much"})))])
    assert told(paths, Cache.refusals) == ()
    (file,) = told(paths, Cache.files)
    assert dict(file.unread) == {"list_cost": 1}
    known = path.read_bytes()
    path.write_bytes(b"")
    import_paths(paths, [path])
    assert [refusal.reason for refusal in told(paths, Cache.refusals)] == ["is empty"]
    path.write_bytes(known)
    import_paths(paths, [path])
    assert told(paths, Cache.refusals) == ()


def test_bad_files_are_refused_by_name_and_the_rest_is_loaded(tmp_path: Path) -> None:
    paths = home(tmp_path)
    good = bill(tmp_path / "good.csv.gz", "4", "NaN")
    torn = write(tmp_path / "torn.csv.gz", good.read_bytes())
    torn.write_bytes(good.read_bytes()[:-9])
    write(tmp_path / "no bill.csv", "date,amount\n2026-01-01,5\n")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    report = import_paths(paths, [tmp_path / "*.gz", tmp_path / "no bill.csv", tmp_path / "loop"])
    assert report.exit_status == INCOMPLETE
    assert total(paths) == 4
    said = "\n".join(report.problems())
    assert "torn.csv.gz: is truncated" in said
    assert (
        "no bill.csv: is no bill: it lacks the columns BilledCost, BillingCurrency, ChargePeriodStart" in said
    )
    assert "good.csv.gz: 1 line rejected: billed cost is no amount" in said
    assert "NaN" in said
    assert report.summary().startswith("1 line loaded from 1 file; ")


def test_a_refused_change_leaves_what_was_loaded(tmp_path: Path) -> None:
    paths = home(tmp_path)
    import_paths(paths, [bill(tmp_path / "a.csv.gz", "7")])
    whole = bill(tmp_path / "a.csv.gz", "8").read_bytes()
    (tmp_path / "a.csv.gz").write_bytes(whole[:-4])
    assert import_paths(paths, [tmp_path / "a.csv.gz"]).exit_status == INCOMPLETE
    assert total(paths) == 7


def test_batches_become_visible_one_by_one_with_progress(tmp_path: Path) -> None:
    paths = home(tmp_path)
    batches = [
        Batch(
            f"reports, {month}",
            tuple(
                BatchFile(
                    bill(tmp_path / f"{month}-{n}.csv.gz", f"{month}{n}"),
                    f"FOCUS Reports/{month}/{n}.csv.gz",
                    Source.FOCUS_REPORT,
                    datetime(2026, 11, 20),
                )
                for n in range(3)
            ),
        )
        for month in (11, 10)
    ]
    steps: list[Step] = []
    totals: list[Decimal] = []
    report = load(paths, batches, {}, steps.append, lambda: totals.append(total(paths)))
    assert totals == [333, 636]
    assert report.rows == 6
    assert [step.done for step in steps if step.label == "reports, 10"] == [0, 1, 2, 3]
    assert steps[-1].rows == 6
    assert running(paths) is None
    assert load(paths, batches, {}).count(Outcome.KNOWN) == 6


def test_names_that_name_nothing_and_homes_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gone"):
        import_paths(home(tmp_path), [tmp_path / "gone"])
    (tmp_path / "home").write_text("a file where the home should be")
    with pytest.raises(StoreError):
        import_paths(home(tmp_path), [bill(tmp_path / "a.csv", "1")])


def test_a_second_import_says_who_holds_the_cache(tmp_path: Path) -> None:
    paths = home(tmp_path)
    with Refresh(paths), pytest.raises(LockedError, match=str(os.getpid())):
        import_paths(paths, [bill(tmp_path / "a.csv", "1")])


_CHILD = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from finops_tui.paths import locate
    from finops_tui.worker.importer import import_paths
    print("ready", flush=True)
    paths = locate("default", home=Path(sys.argv[1]))
    import_paths(paths, sys.argv[2:], lambda step: print(step.done, flush=True))
    """
)


def _start(tmp_path: Path, *targets: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _CHILD, str(tmp_path / "home"), *map(str, targets)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def _big(path: Path, cost: str) -> Path:
    return write(
        path, csv_text(rows_of(*[{"BilledCost": cost, "ResourceId": f"i-{n}"} for n in range(20_000)]))
    )


def test_killed_at_any_moment_the_cache_holds_the_old_or_the_new(tmp_path: Path) -> None:
    old = bill(tmp_path / "old.csv", "5")
    import_paths(home(tmp_path), [old])
    new = [_big(tmp_path / f"new{n}.csv.gz", f"0.0{n}") for n in (1, 2, 3)]
    began = time.monotonic()
    import_paths(home(tmp_path / "measure"), new)
    whole = time.monotonic() - began
    for moment in (0.1, 0.35, 0.6, 0.8, 0.95):
        with _start(tmp_path, *new) as child:
            try:
                child.wait(timeout=whole * moment)
            except subprocess.TimeoutExpired:
                child.kill()
        assert total(home(tmp_path)) in (5, 1205)
    assert import_paths(home(tmp_path), new).exit_status == 0
    assert total(home(tmp_path)) == 1205


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_stops_and_leaves_no_scratch(tmp_path: Path, number: signal.Signals) -> None:
    paths = home(tmp_path)
    import_paths(paths, [bill(tmp_path / "old.csv", "5")])
    with _start(tmp_path, *[_big(tmp_path / f"{n}.csv.gz", "0.01") for n in range(3)]) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(number)
        child.wait()
        assert child.stderr is not None
        assert child.stderr.read().splitlines()[-1] == "KeyboardInterrupt"
    assert total(paths) == 5
    assert not paths.scratch.exists() or not any(paths.scratch.iterdir())
    assert running(paths) is None
