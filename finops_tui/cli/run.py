"""One function per command; each imports what it needs when it is called."""

import argparse
import os
import sys

from finops_tui.errors import DONE, USAGE, UsageError


def app(options: argparse.Namespace) -> int:
    """`finops-tui`: the terminal app."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "") in ("", "dumb"):
        raise UsageError(
            "the app needs a terminal, and this is none", f"Without one: {_plain_command(options)}"
        )
    from finops_tui.cli import demo
    from finops_tui.cli.context import resolve

    context = resolve(options)
    refresh: tuple[str, ...] | None = None
    if context.demo:
        demo.anchor(context)
        refresh = None if context.offline else context.refresh_command()
    else:
        demo.ensure_loaded(context)
    from finops_tui.tui.app import run

    return run(
        context.settings,
        context.paths,
        context.as_of,
        known=context.known,
        refresh=refresh,
        title=context.title,
    )


def _plain_command(options: argparse.Namespace) -> str:
    demo = " --demo" if getattr(options, "demo", False) else ""
    return f"finops-tui{demo} show overview (or show costs, report; see finops-tui --help)"


def sync(options: argparse.Namespace) -> int:
    """`sync`: for now, load the sample tenancy."""
    from finops_tui.cli import demo
    from finops_tui.cli.context import resolve

    context = resolve(options)
    if not context.demo:
        options.what = "sync (of a live tenancy)"
        return not_yet(options)
    return DONE if context.offline else demo.load(context)


def import_files(options: argparse.Namespace) -> int:
    """`import PATH...`."""
    from finops_tui.cli.importing import import_files as command

    return command(options)


def show(options: argparse.Namespace) -> int:
    """`show VIEW`."""
    from finops_tui.cli.parser import LATER_VIEWS

    if options.view in LATER_VIEWS:
        options.what = f"show {options.view}"
        return not_yet(options)
    from finops_tui.cli.show import show as command

    return command(options)


def report(options: argparse.Namespace) -> int:
    """`report`."""
    from finops_tui.cli.show import report as command

    return command(options)


def doctor(options: argparse.Namespace) -> int:
    """`doctor [--init]`."""
    from finops_tui.cli.doctor import doctor as command

    return command(options)


def sandbox(options: argparse.Namespace) -> int:
    """`sandbox` alone: argparse has refused it already."""
    raise UsageError("sandbox needs truth or serve", "See finops-tui sandbox --help.")


def truth(options: argparse.Namespace) -> int:
    """`sandbox truth`."""
    from finops_tui.cli.demo import truth as command

    return command(options)


def not_yet(options: argparse.Namespace) -> int:
    """A command that a later version brings."""
    from finops_tui.cli import complain

    complain([f"{options.what}: not there yet"])
    return USAGE
