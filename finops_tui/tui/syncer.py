"""The process that loads data: started when needed, watched through its progress file, never waited for."""

import os
import subprocess
from contextlib import suppress

from finops_tui.errors import DONE, LOCKED
from finops_tui.figures import count
from finops_tui.tui.session import Session
from finops_tui.worker.progress import running

LOG = "refresh.log"


class Syncer:
    """Starts the session's refresh process and tells how it goes; it may finish after the app was left."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start it unless it runs already; what happened, in words."""
        command = self._session.refresh
        if command is None:
            return "nothing to load from here: finops-tui import PATH… brings bills in"
        if self.running or running(self._session.paths) is not None:
            return "already loading"
        log = self._session.paths.cache / LOG
        with suppress(OSError):
            self._session.paths.create()
        try:
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=descriptor,
                    stderr=descriptor,
                    start_new_session=True,
                )
            finally:
                os.close(descriptor)
        except OSError as error:
            return f"cannot start loading: {error.strerror}"
        return "loading …"

    def status(self) -> str:
        """How far loading is, whoever does it; empty: nothing is loading and nothing failed."""
        code = (
            self._process.poll() if self._process is not None else 0
        )  # a killed child seems alive until asked
        now = running(self._session.paths)
        if now is not None:
            step = now.step
            return f"loading {step.label} {step.done}/{step.of} · {count(step.rows)} lines"
        if code is None:
            return "loading …"
        if code in (DONE, LOCKED):
            return ""
        return f"loading failed ({code}), see {self._session.paths.cache / LOG}"
