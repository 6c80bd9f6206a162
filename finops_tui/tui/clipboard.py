"""Copying: which way the text leaves, and what to say. Nothing acknowledges OSC 52: words say so."""

import base64
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OSC52_LIMIT = 74_994
"""Bytes of text that xterm and most others take in one OSC 52 sequence (100,000 of base64)."""
FILE = "copied.txt"

Way = Literal["tmux", "osc52", "file"]


@dataclass(frozen=True)
class Copied:
    """Which way the text went, and that in words."""

    way: Way
    words: str


def way(size: int, *, tmux: bool) -> Way:
    """How `size` bytes leave: tmux's own buffer, the terminal's clipboard, or a file where it is too much.

    tmux drops a program's OSC 52 in its default setting; `load-buffer -w` passes it on itself.
    """
    if tmux:
        return "tmux"
    return "osc52" if size <= OSC52_LIMIT else "file"


def copy(text: str, *, tmux: bool, write: Callable[[str], None], folder: Path) -> Copied:
    """Send `text` away; `write` puts an escape sequence on the terminal, `folder` is for what is too long."""
    data = text.encode()
    chosen = way(len(data), tmux=tmux)
    if chosen == "tmux" and _tmux(data):
        return Copied("tmux", "copied to tmux and its terminal")
    if len(data) <= OSC52_LIMIT:
        write(f"\x1b]52;c;{base64.b64encode(data).decode()}\x07")
        return Copied("osc52", "sent to the terminal's clipboard")
    path = folder / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return Copied("file", f"too long for a clipboard: written to {path}")


def _tmux(data: bytes) -> bool:
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"], input=data, capture_output=True, timeout=2, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
