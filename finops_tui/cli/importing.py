"""`finops-tui import`, and what every load says and leaves behind."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from finops_tui.cli.context import Context, resolve
from finops_tui.errors import FinopsError, StoreError, UsageError
from finops_tui.escape import printable


def import_files(options: argparse.Namespace) -> int:
    """Load the files; a summary on standard output, what is wrong with them on standard error."""
    from finops_tui.cli.output import write
    from finops_tui.cli.progress import ProgressLine
    from finops_tui.report.formats import dumps
    from finops_tui.worker.importer import import_paths

    context = resolve(options)
    if context.demo:
        raise UsageError("the sample tenancy takes no files", "Import without --demo, into your own profile.")
    context.paths.create()
    again = older_files(context)
    with ProgressLine() as line:
        report = import_paths(context.paths, [*again, *options.paths], line, lambda: keep_overview(context))
    said(report.problems())
    if options.format == "json":
        files = [
            {
                "name": file.name,
                "outcome": str(file.outcome),
                "rows": file.rows,
                "rejected": dict(file.rejected),
                "unknown": dict(file.unknown),
                "rounded": file.rounded,
                "ignored": list(file.ignored),
                "reason": file.reason or None,
                "lacking": list(file.lacking),
            }
            for file in report.files
        ]
        write(dumps({"rows": report.rows, "rejected": report.rejected, "files": files}), None)
    else:
        write(report.summary() + "\n", None)
    return report.exit_status


def older_files(context: Context) -> tuple[str, ...]:
    """The files of a cache that an older program wrote; () where it is this program's.

    StoreError when one is no longer where it was: loading again would lose its lines.
    """
    from finops_tui.store.outdated import outdated_files

    names = outdated_files(context.paths) or ()
    gone = [name for name in names if not Path(name).is_file()]
    if gone:
        more = f" and {len(gone) - 1:,} more" if len(gone) > 1 else ""
        raise StoreError(
            f"the cache is of an older version, to be loaded again, but {gone[0]}{more} is no longer there",
            f"Put it back, or give it up by deleting {context.paths.cache}.",
        )
    return names


def rebuild(context: Context) -> None:
    """Load an older program's cache again, in the foreground; nothing where it is this program's."""
    from finops_tui.cli.progress import ProgressLine
    from finops_tui.worker.importer import import_paths

    names = older_files(context)
    if names:
        with ProgressLine() as line:
            report = import_paths(context.paths, names, line, lambda: keep_overview(context))
        said(["the cache was of an older version and was loaded again", *report.problems()])


def keep_overview(context: Context) -> None:
    """Answer the overview once, so that the next start of the app can paint it at once."""
    from finops_tui.store.overview import overview

    try:
        with closing(context.cache()) as cache:
            overview(cache)
    except FinopsError:
        pass  # the load is what was asked for; the app will answer the overview itself


def said(lines: Iterable[str]) -> None:
    """Data notes, one a line, on standard error."""
    for line in lines:
        print(printable(line, 2000), file=sys.stderr)
