"""Homes that cost seconds to make: made once per test run, whichever process of it comes first."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """The folder `name` of this test run, filled by `build` in exactly one of the test processes."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, ready = root / f"home-{name}", root / f"home-{name}.ready"
    with (root / f"home-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            folder.mkdir(mode=0o700)
            build(folder)
            ready.touch()
    return folder
