"""Running the program as a user does: a process of its own, a clean environment, a home that is given."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simplejson

KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
"""Of the caller's environment: what a process needs to start. Nothing of clouds, colours or terminals."""


@dataclass(frozen=True)
class Ran:
    """A finished run."""

    arguments: tuple[str, ...]
    status: int
    out: str
    err: str

    def json(self) -> Any:
        """Standard output as JSON, numbers with a point as Decimal."""
        return simplejson.loads(self.out, use_decimal=True)

    def must_be_done(self) -> "Ran":
        """This run, provided it ended with 0."""
        if self.status:
            raise AssertionError(
                f"{' '.join(self.arguments)} ended with {self.status}:\n{self.err}{self.out}"
            )
        return self


def clean_environment(home: Path, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process under test; coverage and hypothesis variables do not leak into it."""
    kept = {name: value for name in KEPT if (value := os.environ.get(name))}
    return kept | {"HOME": str(home), "TZ": "UTC"} | dict(env or {})


def run_program(
    *arguments: str, home: Path, env: Mapping[str, str] | None = None, timeout: float = 300
) -> Ran:
    """Run `python -m finops_tui --home HOME arguments…` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "finops_tui", "--home", str(home), *arguments],
        env=clean_environment(home, env),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Ran(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())
