"""One refresh per profile: an operating-system file lock, which the kernel frees when its holder dies."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from finops_tui.errors import LockedError
from finops_tui.store.state import explained


@dataclass(frozen=True)
class Holder:
    """Who refreshes: process number, since when (UTC), and its command."""

    pid: int
    since: str
    command: str


def _read(descriptor: int) -> Holder | None:
    try:
        body = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(body["pid"]), str(body["since"]), str(body["command"]))
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def refresh_lock(path: Path) -> Iterator[None]:
    """Hold the lock; LockedError (exit 4) says who has it otherwise."""
    with explained(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with explained(path):
            _take(descriptor)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held = _read(descriptor)
        who = f"process {held.pid} since {held.since} UTC ({held.command})" if held else "another process"
        raise LockedError(
            f"the cache is being refreshed by {who}", "Wait until it is done, then run it again."
        ) from None
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    me = Holder(os.getpid(), now, " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200])
    body = json.dumps(asdict(me)).encode()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, body, 0)


def holder(path: Path) -> Holder | None:
    """Who holds the lock right now; None when nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with explained(path):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(descriptor)
        finally:
            os.close(descriptor)
    return None
