"""Progress is there for other processes, and only while somebody is at work."""

import subprocess
import sys
from pathlib import Path

from finops_tui.worker.progress import ProgressFile, Running, Step, running
from tests.worker.homes import home

_CHILD = """
import os, sys
from pathlib import Path
from finops_tui.paths import locate
from finops_tui.worker.progress import ProgressFile, Step
ProgressFile(locate("default", home=Path(sys.argv[1])))(Step("reports, November 2026", 3, 40, 1234))
print(os.getpid(), flush=True)
sys.stdin.read()
"""


def test_another_process_sees_how_far_it_is_until_it_dies(tmp_path: Path) -> None:
    paths = home(tmp_path)
    assert running(paths) is None
    command = [sys.executable, "-c", _CHILD, str(tmp_path / "home")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        assert running(paths) == Running(pid, Step("reports, November 2026", 3, 40, 1234))
        child.kill()
    assert running(paths) is None


def test_beginnings_and_ends_are_always_written_and_the_file_is_private(tmp_path: Path) -> None:
    paths = home(tmp_path)
    note = ProgressFile(paths)
    for done in (0, 1, 2):
        note(Step("files", done, 2, done * 10))
    seen = running(paths)
    assert seen is not None
    assert seen.step == Step("files", 2, 2, 20)
    assert paths.progress_db.stat().st_mode & 0o077 == 0
    note.finish()
    assert running(paths) is None


def test_progress_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    paths = home(tmp_path)
    paths.cache.parent.mkdir(parents=True)
    paths.cache.write_text("a file where the folder should be")
    note = ProgressFile(paths)
    note(Step("files", 0, 1, 0))
    note.finish()
    assert running(paths) is None
