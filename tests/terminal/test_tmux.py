"""Copying inside tmux: OSC 52 is dropped there by default, so the app hands the text to tmux itself."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import clean_environment
from tests.terminal.conftest import app_argv

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Tmux:
    """A tmux server of this test alone."""

    def __init__(self, socket: Path, home: Path) -> None:
        self._base = ["tmux", "-f", "/dev/null", "-S", str(socket)]
        self._env = clean_environment(home, {"TERM": "xterm-256color", "LANG": "C.UTF-8"})
        self._env.pop("TMUX", None)

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._base, *arguments], env=self._env, capture_output=True, check=False, timeout=20
        )
        return done.stdout.decode()

    def until(self, wanted: str, *command: str) -> str:
        end = time.monotonic() + 30
        while wanted not in (text := self(*command)):
            assert time.monotonic() < end, f"{wanted!r} did not come:\n{text}"
        return text


@pytest.fixture
def tmux(bill_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    server = Tmux(tmp_path_factory.mktemp("t") / "s", bill_home)
    yield server
    server("kill-server")


def test_y_copies_the_row_into_tmux(tmux: Tmux, bill_home: Path) -> None:
    tmux("new-session", "-d", "-x", "120", "-y", "36", " ".join(app_argv(bill_home)))
    screen = ("capture-pane", "-p")
    tmux.until("Month to date", *screen)
    tmux("send-keys", ":")
    tmux("send-keys", "explore resource", "Enter")
    tmux.until("machine", *screen)
    tmux.until("rows", *screen)
    tmux("send-keys", "y")
    assert tmux.until("ocid1.instance", "show-buffer").startswith("ocid1.instance.oc1.iad.machine")
