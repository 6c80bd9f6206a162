"""What `doctor` finds in the stores: can they be written, are they private, what would be lost."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

from finops_tui.cli.context import Context
from finops_tui.errors import StoreError
from finops_tui.focus import Source
from finops_tui.store.reader import Cache

Finding = tuple[Literal["ok", "attention", "problem"], str, str]
LEAST_FREE = 500 * 1024**2


def cache_checks(context: Context) -> Iterator[Finding]:
    """Places, modes, filesystem, size, completeness, and what deleting the cache would lose."""
    from finops_tui.store.lock import holder
    from finops_tui.store.state import NETWORK_FILESYSTEMS, filesystem_of

    folder = context.paths.cache
    if not folder.exists():
        yield "ok", f"{folder}: nothing loaded yet", ""
        yield from _writable(folder)
        return
    yield from _writable(folder)
    yield from _private(folder)
    kind = filesystem_of(folder)
    if kind in NETWORK_FILESYSTEMS:
        yield (
            "attention",
            f"{folder} is on a network filesystem ({kind}): a rollback journal stands in for WAL",
            "Choose a local place with --home DIR: it is faster.",
        )
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield "attention", f"only {_size(free)} free at {folder}", "Free some space before the next load."
    if held := holder(context.paths.lock_file):
        yield "ok", f"process {held.pid} has been loading since {held.since} UTC", ""
    with closing(context.cache()) as cache:
        yield from _content(context, cache)


def _content(context: Context, cache: Cache) -> Iterator[Finding]:
    folder = context.paths.cache
    size = _size(sum(file.stat().st_size for file in _files(folder)))
    if not cache.generation():
        yield "ok", f"{folder}: {size}, nothing loaded yet", ""
        return
    status, files = cache.status(), cache.files()
    through = cache.calendar().complete_through
    rows = sum(item.rows for item in status)
    yield (
        "ok",
        f"{folder}: {size}, {rows:,} lines of {len(files):,} files, "
        f"complete through {through or 'no day yet'}",
        "",
    )
    rejected = sum(sum(file.rejected.values()) for file in files)
    if rejected:
        yield (
            "attention",
            f"{rejected:,} lines of the loaded files were rejected and are in no sum",
            "finops-tui show status --format json says which; correct the file and import it again.",
        )
    imported = [file for file in files if file.source is Source.IMPORT]
    gone = [file for file in imported if not Path(file.name).exists()]
    if gone:
        yield (
            "attention",
            f"deleting the cache would lose {len(gone):,} imported files that are no longer where they were "
            f"({gone[0].name}{', …' if len(gone) > 1 else ''})",
            "Keep the cache, or put the files back first.",
        )
    else:
        yield "ok", "deleting the cache would lose nothing that cannot be loaded again", ""


def history_checks(context: Context) -> Iterator[Finding]:
    """The history and the ledger: there, private, readable; never to be deleted."""
    from finops_tui.store.ledger import saved_views

    folder = context.paths.data
    if not folder.exists():
        yield "ok", f"{folder}: nothing kept yet", ""
        yield from _writable(folder)
        return
    yield from _writable(folder)
    yield from _private(folder)
    views = len(saved_views(context.paths))
    size = _size(sum(file.stat().st_size for file in _files(folder)))
    yield (
        "ok",
        f"{folder}: {size}, {_changes(context)} changed days, {views:,} saved views; nobody can load these "
        "again: back this folder up",
        "",
    )


def _changes(context: Context) -> str:
    """How many days changed; a cache that cannot be opened is told as the cache's own problem."""
    try:
        with closing(context.cache()) as cache:
            return f"{len(cache.changes()):,}"
    except StoreError as error:
        if str(context.paths.state_db) not in str(error):
            raise
        return "an unknown number of"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _writable(folder: Path) -> Iterator[Finding]:
    """Whether the folder, or the nearest one above that is there, can be written."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        yield "problem", f"{place} cannot be written", "Choose a writable place with --home DIR."


def _private(folder: Path) -> Iterator[Finding]:
    """Whether others can read what is in there."""
    opened = [
        p
        for p in (folder, *folder.rglob("*"))
        if stat.S_IMODE(p.lstat().st_mode) & 0o077 and not p.is_symlink()
    ]
    if opened:
        yield (
            "attention",
            f"others may read {opened[0]}" + (f" and {len(opened) - 1:,} more" if len(opened) > 1 else ""),
            f"chmod -R go= {folder}",
        )


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
