"""The cache under kill -9, full disks, damage, other versions: as it was or as it will be."""

import os
import random
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from finops_tui.errors import LockedError, StoreError
from finops_tui.paths import Paths
from finops_tui.store import schema
from finops_tui.store.lock import holder
from finops_tui.store.refresh import Refresh
from finops_tui.store.state import open_state, version
from tests.store.write_bills import File, Held, Line, home, load

DAY = date(2026, 10, 5)


def edition(number: int) -> File:
    """The same file with other contents each time: each edition replaces the one before."""
    lines = (Line(DAY + timedelta(days=n), Decimal(n) + Decimal(number) / 8) for n in range(20 + number))
    return File("bill", tuple(lines))


OLD, NEW = edition(0), edition(40)

LOADER = """
import os, sys
from pathlib import Path
from tests.store.test_write_safety import edition
from tests.store.write_bills import home, stage
from finops_tui.store.refresh import Refresh
bill = edition(int(sys.argv[2]))
with Refresh(home(Path(sys.argv[1]))) as refresh:
    refresh.add(stage(refresh.stage, [bill]), [bill.loaded()])
    print("staged", flush=True)
    refresh.commit()
"""


def program(script: str, folder: Path, number: int) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder), str(number)],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def total(paths: Paths) -> Decimal | None:
    """The bill, the same by every table."""
    held = Held(paths)
    answers = {tuple(held.totals(kind).values()) for kind in ("lines", "daily", "rollup")}
    assert len(answers) == 1
    return answers.pop()[0]


def bill(file: File) -> Decimal:
    return sum((line.cost for line in file.lines if line.cost is not None), Decimal(0))


def test_killed_at_any_moment_it_leaves_the_old_or_the_new_bill(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    standing, moments = bill(OLD), random.Random(7)
    for number in range(1, 9):
        with program(LOADER, tmp_path, number) as loading:
            assert loading.stdout is not None
            assert loading.stdout.readline() == "staged\n"
            with suppress(subprocess.TimeoutExpired):
                loading.wait(timeout=moments.uniform(0, 0.3))
            loading.send_signal(signal.SIGKILL)
        assert total(paths) in (standing, bill(edition(number)))
        standing = total(paths) or Decimal(0)
    load(paths, NEW)
    assert total(paths) == bill(NEW)
    with Refresh(paths) as refresh:
        assert list(refresh.stage.iterdir()) == []


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_a_full_disk_is_one_clear_error_and_the_cache_is_as_it_was(size: int, tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    files = sorted((paths.cache / schema.LAKE).iterdir())
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    script = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + LOADER.replace(
        'print("staged", flush=True)', limit
    )
    with program(script, tmp_path, 40) as loading:
        _, errors = loading.communicate()
    assert loading.returncode == 1
    assert re.search("StoreError: (the disk of .* is full|cannot read or write)", errors.splitlines()[-1])
    assert total(paths) == bill(OLD)
    assert sorted((paths.cache / schema.LAKE).iterdir()) == files
    load(paths, NEW)
    assert total(paths) == bill(NEW)


def test_a_home_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StoreError, match="cannot create") as raised,
        Refresh(home(tmp_path / "file" / "home")),
    ):
        pass
    assert "--home" in raised.value.hint


@pytest.mark.parametrize("kind", ["daily", "lines", "resources"])
def test_a_damaged_parquet_file_is_one_clear_error(kind: str, tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    before = Held(paths)
    part = next(part for part in before.parts if part.kind == kind)
    (paths.cache / part.path).write_bytes(b"PAR1 this is not what it was PAR1")
    with pytest.raises(StoreError, match="damaged"):
        load(paths, NEW)
    assert [p.path for p in Held(paths).parts] == [p.path for p in before.parts]


def test_a_damaged_state_is_one_clear_error(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    paths.state_db.write_bytes(b"this is no database, but it is long enough to look like one" * 20)
    with pytest.raises(StoreError, match="damaged"), Refresh(paths):
        pass


def set_version(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")


@pytest.mark.parametrize("name", ["state_db", "history_db", "ledger_db"])
def test_what_a_newer_program_wrote_is_refused_untouched(name: str, tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    path = Path(getattr(paths, name))
    set_version(path, 99)
    before = {file: file.stat().st_mtime_ns for file in (paths.cache / schema.LAKE).iterdir()}
    with pytest.raises(StoreError, match="newer finops-tui"), Refresh(paths):
        pass
    assert before == {file: file.stat().st_mtime_ns for file in (paths.cache / schema.LAKE).iterdir()}


def test_an_older_cache_is_dropped_and_history_stays(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    load(paths, replace(OLD, name="more"))
    set_version(paths.state_db, schema.STATE_VERSION - 1)
    assert open_state(paths) is None
    with Refresh(paths):
        assert version(paths.state_db) == schema.STATE_VERSION
        assert list((paths.cache / schema.LAKE).iterdir()) == []
    load(paths, OLD)
    assert total(paths) == bill(OLD)
    assert len(changes(paths)) == 19


def test_a_second_refresh_says_who_holds_the_cache(tmp_path: Path) -> None:
    paths = home(tmp_path)
    with Refresh(paths):
        with pytest.raises(LockedError, match=f"process {os.getpid()} since 20"), Refresh(paths):
            pass
        held = holder(paths.lock_file)
        assert held is not None and held.pid == os.getpid()
    assert holder(paths.lock_file) is None


def test_everything_is_private_whatever_the_umask(tmp_path: Path) -> None:
    paths = home(tmp_path)
    paths.cache.mkdir(parents=True, mode=0o755)
    old = os.umask(0o002)
    try:
        load(paths, OLD)
    finally:
        os.umask(old)
    for path in [paths.cache, paths.data, *paths.cache.rglob("*"), *paths.data.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_retired_and_orphaned_files_go_after_an_hour(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(paths, OLD)
    first = set((paths.cache / schema.LAKE).iterdir())
    orphan = paths.cache / schema.LAKE / "daily-2026-10-00000000.parquet"
    orphan.write_bytes(b"")
    load(paths, NEW)
    assert first < set((paths.cache / schema.LAKE).iterdir())
    with closing(sqlite3.connect(paths.state_db)) as state, state:
        state.execute(
            "UPDATE parquet_file SET retired_at = '2026-01-01 00:00:00' WHERE retired_at IS NOT NULL"
        )
    os.utime(orphan, (0, 0))
    with Refresh(paths):
        pass
    live = {paths.cache / part.path for part in Held(paths).parts}
    assert set((paths.cache / schema.LAKE).iterdir()) == live
    assert not first & live


def test_the_spill_of_dead_processes_goes(tmp_path: Path) -> None:
    paths = home(tmp_path)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    dead, alive = (paths.temp / f"{pid}-0a1b2c3d" for pid in (ended.pid, os.getpid()))
    for folder in (dead, alive):
        folder.mkdir(parents=True)
    with Refresh(paths):
        assert alive.exists()
        assert not dead.exists()


def changes(paths: Paths) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(paths.history_db)) as history:
        return history.execute(
            "SELECT day, service, old, new, reason FROM day_change ORDER BY 1, 2"
        ).fetchall()
