"""Where an answer goes: standard output, or a file that is either whole or not there."""

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from finops_tui.errors import StoreError


def write(text: str, file: Path | None) -> None:
    """Print `text`, or put it in `file` in one step: who reads meanwhile sees the old text or the new.

    Standard output in a locale that lacks a character prints it as `?`, as a file it is UTF-8.
    """
    if file is None or str(file) == "-":
        _print(text)
        return
    try:
        if file.exists() and not file.is_file():  # a pipe or a device: there is nothing to replace
            file.write_text(text, encoding="utf-8")
            return
        file = file.resolve()
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            Path(name).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror}", "Choose another with -o FILE.") from error


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def width() -> int | None:
    """Columns of the terminal that standard output is; None: it is none, nothing needs to fit."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
