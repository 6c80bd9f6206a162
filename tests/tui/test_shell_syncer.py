"""The process that loads data, as a real process: started once, followed by its progress, its end told."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from finops_tui.config import Settings
from finops_tui.paths import locate
from finops_tui.store.reader import Cache
from finops_tui.tui.session import Session
from finops_tui.tui.syncer import LOG, Syncer
from finops_tui.tui.terminal import detect
from finops_tui.worker.progress import ProgressFile, Step

WAITS = "import sys; print('begun', flush=True); open(sys.argv[1]).read(); sys.exit(int(sys.argv[2]))"
"""Says that it began, waits until the named pipe is opened and closed, ends with the status."""


def syncer(home: Path, *argv: str) -> Syncer:
    paths = locate("default", home=home)
    settings = Settings()
    as_of = date(2026, 10, 20)
    terminal = detect({"TERM": "xterm"}, settings)
    return Syncer(Session(settings, paths, as_of, False, "t", terminal, Cache(paths, as_of), argv or None))


def test_nothing_to_start_says_what_to_do(home: Path) -> None:
    found = syncer(home)
    assert "finops-tui import" in found.start() and found.status() == "" and not found.running


@pytest.mark.parametrize(("status", "said"), [(0, ""), (4, ""), (3, "loading failed (3)")])
def test_it_runs_once_and_its_end_is_told(home: Path, status: int, said: str) -> None:
    gate = home / "gate"
    os.mkfifo(gate)
    found = syncer(home, sys.executable, "-c", WAITS, str(gate), str(status))
    assert found.start() == "loading …" and found.start() == "already loading"
    assert found.status() == "loading …"
    gate.write_text("go")
    assert found._process is not None and found._process.wait(20) == status
    assert found.status().startswith(said) and bool(found.status()) == bool(said)
    log = locate("default", home=home).cache / LOG
    assert log.read_text() == "begun\n" and log.stat().st_mode & 0o777 == 0o600


def test_progress_is_read_whoever_loads(home: Path) -> None:
    found = syncer(home, sys.executable, "-c", "")
    progress = ProgressFile(locate("default", home=home).create())
    progress(Step("reports, November 2026", 7, 12, 48_211))
    assert found.status() == "loading reports, November 2026 7/12 · 48,211 lines"
    assert found.start() == "already loading", "another process of ours holds the cache"
    progress.finish()
    assert found.status() == ""


DIES = (
    "import os, sys; sys.path[:] = sys.argv[2:]; from pathlib import Path;"
    "from finops_tui.paths import locate;"
    "from finops_tui.worker.progress import ProgressFile, Step;"
    "ProgressFile(locate('default', home=Path(sys.argv[1])).create())(Step('reports', 1, 2, 3));"
    "os.kill(os.getpid(), 9)"
)
"""Writes its progress down and is killed."""


def test_a_killed_load_is_told_and_no_longer_shown_as_running(home: Path) -> None:
    found = syncer(home, sys.executable, "-c", DIES, str(home), *sys.path)
    found.start()
    assert found._process is not None
    os.waitid(os.P_PID, found._process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, nobody has asked yet
    assert found.status().startswith("loading failed (-9)")
    assert found.start() == "loading …", "r starts it again"
    found._process.wait(20)
