"""Ending well: signals, a terminal that goes away, and coming back after Ctrl+Z."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

ENDING = (signal.SIGTERM, signal.SIGHUP)


def end_on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave(128 + signal)` on SIGTERM and SIGHUP: Textual itself dies and leaves the terminal raw.

    A SIGHUP that is ignored (nohup) stays ignored.
    """
    loop = asyncio.get_running_loop()
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, leave, 128 + number)


def terminal_is_gone() -> bool:
    """Whether the terminal that was there at the start has vanished: asking for its owner fails then.

    Textual does not notice where SIGHUP is ignored, and would spin for ever.
    """
    try:
        os.tcgetpgrp(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    except (OSError, ValueError):
        return True
    return False


def has_shell() -> bool:
    """Whether a shell with job control started us: without one (`ssh -t host finops-tui`) nobody says fg."""
    return os.getpgrp() != os.getsid(0)


def stop_job() -> None:
    """Stop the whole job, as the terminal's own Ctrl+Z does: a `make` around us must stop too."""
    # Textual would answer SIGCONT too, and take the terminal twice.
    before = signal.signal(signal.SIGCONT, signal.SIG_DFL)
    os.killpg(0, signal.SIGSTOP)
    signal.signal(signal.SIGCONT, before)
