"""Which files a person means: files, folders (all the way down) and globs, in natural order, each once."""

import glob
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from finops_tui.errors import UsageError
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
    found: dict[Path, None] = {}
    problems: list[Refusal] = []
    for target in targets:
        before = len(found) + len(problems)
        for path in _expand(str(target), problems):
            found.setdefault(path, None)
        if len(found) + len(problems) == before and not _named_before(str(target), found):
            raise UsageError(
                f"{target}: no such file, or no csv, csv.gz or parquet file in it",
                "Name files, folders or globs: finops-tui import bills/ 'exports/*.csv.gz'",
            )
    return Discovery(tuple(sorted(found, key=natural)), tuple(problems))


def natural(path: Path) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts part-2 before part-10."""
    parts = re.split(r"(\d+)", str(path))
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)


def _expand(target: str, problems: list[Refusal]) -> Iterator[Path]:
    path = Path(target).expanduser()
    # A name that exists is meant literally, even with a star or bracket in it.
    if path.is_dir():
        yield from _walk(path.absolute(), problems)
    elif os.path.lexists(path):
        yield path.absolute()
    elif glob.has_magic(target):
        for match in sorted(glob.iglob(str(path), recursive=True)):  # noqa: PTH207 - absolute patterns too
            matched = Path(match).absolute()
            if matched.is_dir():
                yield from _walk(matched, problems)
            elif _is_bill_name(matched.name):
                yield matched


def _walk(
    folder: Path, problems: list[Refusal], seen: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Path]:
    """Every bill under `folder`. A link back to a folder we are inside of is said and not followed."""
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
    except OSError as error:
        problems.append(Refusal(folder, f"cannot look into the folder: {error.strerror or error}"))
        return
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        problems.append(Refusal(folder, "a link leads back to a folder above it; not followed"))
        return
    for path in (folder / name for name in names if not name.startswith(".")):
        if path.is_dir():
            yield from _walk(path, problems, seen | {identity})
        elif _is_bill_name(path.name):
            yield path


def _is_bill_name(name: str) -> bool:
    lower = name.lower()
    return not lower.startswith(".") and lower.endswith(SUFFIXES) and not lower.endswith(_TEMPORARY)


def _named_before(target: str, found: Iterable[Path]) -> bool:
    """Whether the target's files are all in already (the same path given twice)."""
    return any(_expand(target, []) if found else ())
