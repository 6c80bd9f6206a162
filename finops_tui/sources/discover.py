"""Which files a person means: files, folders (all the way down) and globs, in natural order, each once."""

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from finops_tui.errors import UsageError
from finops_tui.escape import not_text
from finops_tui.sources.reading import Refusal

SUFFIXES = (".csv", ".csv.gz", ".parquet")
"""What a folder or glob is searched for. A file that is named itself is looked at whatever it is called."""

_TEMPORARY = (".tmp", ".part", ".partial", ".crdownload", "~")


@dataclass(frozen=True)
class Discovery:
    """The files to load, and the places that could not be looked into."""

    files: tuple[Path, ...]
    problems: tuple[Refusal, ...]


def discover(targets: Sequence[str | Path]) -> Discovery:
    """The bills that `targets` name. A target that names nothing is a UsageError."""
    found: set[Path] = set()
    problems: list[Refusal] = []
    for target in targets:
        if not str(target).strip():
            raise UsageError(
                "an empty path names no file", "Name files or folders; `.` is the one you are in."
            )
        search = _Search()
        bills = set(search.expand(str(target)))
        if not bills and not search.problems:
            raise UsageError(
                f"{target}: no such file, or no csv, csv.gz or parquet file in it",
                "Name files, folders or globs: finops-tui import bills/ 'exports/*.csv.gz'",
            )
        found |= bills
        problems += search.problems
    unnamed = {path for path in found if not_text(str(path))}
    problems += [Refusal(path, "has a name that is not UTF-8", hint="Rename it.") for path in sorted(unnamed)]
    found -= unnamed
    return Discovery(tuple(sorted(found, key=natural)), tuple(problems))


def natural(path: Path) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts part-2 before part-10."""
    parts = re.split(r"(\d+)", str(path))
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)


class _Search:
    """One target's search. Each folder is looked into once, by whatever names links give it."""

    def __init__(self) -> None:
        self.problems: list[Refusal] = []
        self._seen: set[tuple[int, int]] = set()

    def expand(self, target: str) -> Iterator[Path]:
        path = Path(target).expanduser()
        # A name that exists is meant literally, even with a star or bracket in it.
        if path.is_dir():
            yield from self._walk(path.absolute(), frozenset())
        elif os.path.lexists(path):
            yield path.absolute()
        elif glob.has_magic(target):
            for match in sorted(glob.iglob(str(path), recursive=True)):  # noqa: PTH207 - absolute patterns too
                matched = Path(match).absolute()
                if matched.is_dir():
                    yield from self._walk(matched, frozenset())
                elif _is_bill_name(matched.name):
                    yield matched

    def _walk(self, folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path]:
        try:
            status = folder.stat()
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
        except OSError as error:
            self.problems.append(Refusal(folder, f"cannot be looked into: {error.strerror or error}"))
            return
        identity = (status.st_dev, status.st_ino)
        if identity in above:
            self.problems.append(Refusal(folder, "is a link back to a folder above it; not followed"))
        if identity in self._seen:
            return
        self._seen.add(identity)
        for path in (folder / name for name in names if not name.startswith(".")):
            if path.is_dir():
                yield from self._walk(path, above | {identity})
            elif _is_bill_name(path.name):
                yield path


def _is_bill_name(name: str) -> bool:
    lower = name.lower()
    return not lower.startswith(".") and lower.endswith(SUFFIXES) and not lower.endswith(_TEMPORARY)
