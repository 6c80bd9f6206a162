"""How far a load is: one line that is written over on a terminal, nothing elsewhere."""

import shutil
import sys
from types import TracebackType

from finops_tui.escape import printable
from finops_tui.worker.progress import Step


class ProgressLine:
    """A listener for worker.importer; clears its line when it is left."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._said = ""

    def __enter__(self) -> "ProgressLine":
        return self

    def __call__(self, step: Step) -> None:
        """Write the step over the one before."""
        if not self._on:
            return
        text = f"loading {printable(step.label)}: {step.done} of {step.of} files, {step.rows:,} lines"
        text = text[: shutil.get_terminal_size().columns - 1]
        if text != self._said:
            sys.stderr.write(f"\r{text.ljust(len(self._said))}")
            sys.stderr.flush()
            self._said = text

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._said:
            sys.stderr.write("\r" + " " * len(self._said) + "\r")
            sys.stderr.flush()
