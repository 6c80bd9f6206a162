"""The command line: parses, then calls one function. The command that needs something heavy imports it."""

import os
import sys
from collections.abc import Sequence

from finops_tui.errors import FinopsError, UsageError

INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""
PIPE_CLOSED = 141
"""128 + SIGPIPE: whoever read our output had enough."""


def entry() -> None:
    """The console script."""
    os.umask(0o077)
    _stand_in_for_closed_streams()
    sys.exit(main(sys.argv[1:]))


def _stand_in_for_closed_streams() -> None:
    """Occupy descriptors 0 to 2, or the next file opened would be one of them; printing to one fails."""
    for name, flags, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_RDONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))


def main(argv: Sequence[str]) -> int:
    """Run one command line; the exit status of CONTRACT. Never a traceback without --debug."""
    debug = "--debug" in argv
    try:
        try:
            status = _run(argv)
        except SystemExit as leave:  # argparse: --help and --version
            status = leave.code if isinstance(leave.code, int) else 0
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        complain(["interrupted"])
        return INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return PIPE_CLOSED
    except Exception as error:
        if debug:
            import traceback

            traceback.print_exc()
        return _failed(error)


def _run(argv: Sequence[str]) -> int:
    from finops_tui.cli.parser import parse

    options = parse(argv)
    return int(options.run(options))


def _failed(error: Exception) -> int:
    if isinstance(error, FinopsError):
        complain(error.lines())
        return error.exit_status
    if isinstance(error, OSError):
        _silence_stdout()
        name = f" {error.filename}" if error.filename else ""
        complain([f"input or output failed{name}: {error.strerror or error}", _advice(error)])
    else:
        complain(
            [
                f"unexpected {type(error).__name__}: {error}",
                "Run it again with --debug to see where, and report it.",
            ]
        )
    return FinopsError.exit_status if isinstance(error, UsageError) else 3


def _advice(error: OSError) -> str:
    import errno

    return {
        errno.ENOSPC: "The disk is full: free some space, nothing in the cache was changed.",
        errno.EDQUOT: "The quota is used up: free some space, nothing in the cache was changed.",
        errno.EROFS: "The file system is read-only: choose a writable place with --home DIR.",
        errno.EACCES: "Permission is missing: choose another place with --home DIR.",
    }.get(error.errno or 0, "Run it again with --debug to see where.")


def complain(lines: Sequence[str]) -> None:
    """One or two lines on standard error, escaped; silent when nobody can read them."""
    from finops_tui.escape import printable

    texts = [printable(line, 600) for line in lines if line][:2]
    try:
        for number, text in enumerate(texts):
            print(text if number else f"finops-tui: {text}", file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        pass


def _silence_stdout() -> None:
    """Nothing more can be written: keep the interpreter from trying again, and complaining, at exit."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        pass
