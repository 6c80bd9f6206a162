"""The sample tenancy behind --demo: its anchor, what was loaded of it, and what it knows."""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from finops_tui.cli.context import DEFAULT_SEED, Context, anchor_file, written_anchor
from finops_tui.errors import DONE, StoreError
from finops_tui.paths import HOME_VARIABLE, Paths

LOADED: Final = "demo-loaded.json"
"""In the cache folder: which world is in it, and as of which day; gone with the cache."""
_SCRATCH: Final = "demo-files-"
FORGOTTEN: Final = 60 * 24 * 3600
"""Seconds after which another month's cache of the same world is dropped; it can be loaded again."""


def anchor(context: Context) -> date:
    """The world's anchor: what was written down, else the as-of day, which is then written down."""
    context.paths.create()
    file = anchor_file(context.seed, context.home)
    try:
        with file.open("x", encoding="ascii") as stream:
            stream.write(f"{context.as_of}\n")
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(
            f"cannot write {file}: {error.strerror}", "Choose another place with --home DIR."
        ) from error
    return written_anchor(context.seed, context.home) or context.as_of


def ensure_loaded(context: Context) -> None:
    """Load in the foreground what is missing: of the sample tenancy, else of a cache of an older version."""
    if not context.demo:
        from finops_tui.cli.importing import rebuild

        rebuild(context)
    elif not context.offline:
        load(context)


def load(context: Context) -> int:
    """Load the world's files as of the context's day; the exit status. At once when that was done before."""
    hung_on = anchor(context)
    world = {"seed": context.seed, "anchor": hung_on.isoformat()}
    if _loaded_through(context.paths, world) >= context.as_of:
        return DONE
    from finops_tui.cli.importing import keep_overview, said
    from finops_tui.cli.progress import ProgressLine
    from finops_tui.sandbox import demo
    from finops_tui.worker.importer import load as load_batches

    (context.paths.cache / LOADED).unlink(missing_ok=True)  # it may speak of a cache that was rebuilt
    _sweep(context.paths)
    with (
        tempfile.TemporaryDirectory(dir=context.paths.cache, prefix=_SCRATCH) as folder,
        ProgressLine() as line,
    ):
        report = load_batches(
            context.paths,
            demo.batches(context.seed, hung_on, context.as_of, Path(folder)),
            demo.compartment_paths(context.seed, hung_on),
            line,
            _first_only(lambda: keep_overview(context)),
        )
    keep_overview(context)
    if report.exit_status == DONE:
        _remember(context, world)
    said(report.problems())
    return report.exit_status


def _first_only(action: Callable[[], None]) -> Callable[[], None]:
    """The action, the first time only: who waits sees the newest month, and the others load faster."""
    actions = [action]

    def act() -> None:
        if actions:
            actions.pop()()

    return act


def _loaded_through(paths: Paths, world: dict[str, Any]) -> date:
    """As of which day this very world is in the cache; date.min: it is not."""
    from finops_tui.store.reader import Cache

    try:
        found = json.loads((paths.cache / LOADED).read_text(encoding="ascii"))
        if {name: found[name] for name in world} != world:
            return date.min
        with closing(Cache(paths, date.max)) as cache:
            return date.fromisoformat(found["as_of"]) if cache.generation() else date.min
    except (OSError, ValueError, KeyError, TypeError):
        return date.min


def _remember(context: Context, world: dict[str, Any]) -> None:
    """Only saves time: what cannot be written is loaded again."""
    with suppress(OSError):
        new = context.paths.cache / f"{LOADED}.{os.getpid()}"
        new.write_text(json.dumps({**world, "as_of": context.as_of.isoformat()}), encoding="ascii")
        new.replace(context.paths.cache / LOADED)


def _sweep(paths: Paths) -> None:
    """Remove what a killed load left an hour ago or earlier, and caches of months nobody opens any more."""
    for other in paths.cache.parent.glob(f"{paths.data.name}-*"):
        with suppress(OSError):
            if other != paths.cache and time.time() - (other / "state.db").stat().st_mtime > FORGOTTEN:
                shutil.rmtree(other, ignore_errors=True)
    for folder in paths.cache.glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > 3600:
                shutil.rmtree(folder, ignore_errors=True)


def truth(options: argparse.Namespace) -> int:
    """`sandbox truth`: anchor as given, else the one written down in the given home, else the as-of day."""
    from finops_tui.cli.output import write
    from finops_tui.report.formats import dumps
    from finops_tui.sandbox.truth import truth as known

    given = vars(options)
    seed = given.get("seed", DEFAULT_SEED)
    as_of = given.get("as_of") or datetime.now(UTC).date()
    home = given.get("home") or os.environ.get(HOME_VARIABLE)
    hung_on = given.get("anchor")
    if hung_on is None and home:
        hung_on = written_anchor(seed, Path(home))
    write(dumps(known(seed, hung_on or as_of, as_of)), options.output)
    return DONE
