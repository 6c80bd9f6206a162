"""A program on a real pseudo-terminal: what it paints, what it costs, how it leaves the terminal.

The terminal answers the queries that a real one answers. Nothing here sleeps: it reads until the screen shows
what is asked for, until the program has been quiet for a while, or until it has ended.
"""

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

KEYS = {
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "enter": b"\r", "esc": b"\x1b",
    "tab": b"\t", "pgdn": b"\x1b[6~", "pgup": b"\x1b[5~", "home": b"\x1b[H", "end": b"\x1b[F", "space": b" ",
    "backspace": b"\x7f", "ctrl+c": b"\x03", "ctrl+z": b"\x1a", "ctrl+d": b"\x04", "ctrl+u": b"\x15",
}  # fmt: skip

SSH = {"SSH_CONNECTION": "192.0.2.1 40000 192.0.2.2 22", "SSH_TTY": "/dev/pts/0"}
XTERM = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}

ALTERNATE_SCREEN, CURSOR, MOUSE = 1049, 25, 1000

MONTH_TO_DATE = r"Month to date[^\n]*\n?[^\n]*\d\.\d\d"
"""The app's first meaningful paint: the figure under or beside its title."""

_PRIVATE_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_MODE_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?\d+\$p|\x1b\[[0-9;]*[ $!\"'][a-zA-Z]")
_UNFINISHED = re.compile(rb"\x1b(\[[<>=?0-9;]*)?$")
_TAKE_TERMINAL = 'exec "$@" <>"$0" >&0 2>&1'
"""A session leader that opens a terminal gets it as its controlling one."""


class Terminal:
    """A program that runs on a pseudo-terminal of its own."""

    def __init__(
        self, argv: Sequence[str | Path], *, columns: int = 120, rows: int = 36, env: Mapping[str, str]
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.modes: set[int] = {CURSOR}
        """Private modes (DECSET) that are on now."""
        self.started = time.perf_counter()
        self._held = b""
        self.fd, slave = os.openpty()
        self._size(columns, rows)
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", _TAKE_TERMINAL, os.ttyname(slave), *map(str, argv)],
            env={**XTERM, **env},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._slave: int | None = slave  # kept until the program has opened its own, or reading would fail

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.hang_up()

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def echoes(self) -> bool:
        """Whether the terminal echoes what is typed, as a shell expects it."""
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def reversed_rows(self) -> list[str]:
        """The texts that are shown in reverse or on a background of their own: the cursor row is one."""
        found = []
        for number in range(self.screen.lines):
            cells = self.screen.buffer[number]
            row = "".join(cells[x].data for x in range(self.screen.columns) if cells[x].reverse)
            if row.strip():
                found.append(row.strip())
        return found

    def pump(self, timeout: float) -> bytes:
        """What the program writes within the timeout, b"" when nothing; EOFError when it is gone."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        if self._slave is not None:
            os.close(self._slave)
            self._slave = None
        self._take(data)
        return data

    def until(self, wanted: str | Callable[["Terminal"], bool], deadline: float = 30) -> float:
        """Read until the screen shows the pattern (or the condition holds); seconds since the start."""
        end = time.perf_counter() + deadline
        holds = wanted if callable(wanted) else lambda t: bool(re.search(wanted, t.text))
        while not holds(self):
            if time.perf_counter() > end:
                raise AssertionError(f"{wanted!r} did not come:\n{self.text}")
            try:
                self.pump(0.05)
            except EOFError:
                raise AssertionError(f"{wanted!r} did not come, the program ended:\n{self.text}") from None
        return time.perf_counter() - self.started

    def until_quiet(self, quiet: float = 0.4, deadline: float = 30) -> float | None:
        """Read until nothing was written for `quiet` seconds; when the last byte came, None if none did."""
        end, last = time.perf_counter() + deadline, None
        while time.perf_counter() < end:
            try:
                if not self.pump(quiet):
                    return last
            except EOFError:
                return last
            last = time.perf_counter()
        raise AssertionError(f"the program did not fall silent:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Send keys by name, anything else as the text it is."""
        for key in keys:
            os.write(self.fd, KEYS.get(key, key.encode()))

    def cost_of(self, *keys: str, quiet: float = 0.4) -> tuple[int, float]:
        """Bytes that the keys make the program write, and seconds until the last of them."""
        before, start = len(self.raw), time.perf_counter()
        self.press(*keys)
        end = start + 5
        while not self.pump(0.05) and time.perf_counter() < end:
            pass
        first = time.perf_counter()
        last = self.until_quiet(quiet) or first
        return len(self.raw) - before, last - start

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away, as a lost connection does."""
        for fd in (self._slave, self.fd):
            if fd is not None and fd >= 0:
                os.close(fd)
        self._slave, self.fd = None, -1

    def ended(self, deadline: float = 20) -> int:
        """Read until the program has ended; its exit status."""
        end = time.perf_counter() + deadline
        while self.process.poll() is None and self.fd >= 0 and time.perf_counter() < end:
            try:
                self.pump(0.05)
            except EOFError:
                break
        status = self.process.wait(max(0.1, end - time.perf_counter()))
        with contextlib.suppress(EOFError):
            while self.fd >= 0 and self.pump(0):
                pass
        return status

    def _take(self, data: bytes) -> None:
        self.raw += data
        data = self._held + data
        unfinished = _UNFINISHED.search(data)
        self._held = data[unfinished.start() :] if unfinished else b""
        data = data[: unfinished.start()] if unfinished else data
        self._answer(data)
        for match in _PRIVATE_MODE.finditer(data):
            numbers = {int(number) for number in match[1].split(b";")}
            self.modes = self.modes | numbers if match[2] == b"h" else self.modes - numbers
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))

    def _answer(self, data: bytes) -> None:
        answers = b""
        if b"\x1b[c" in data or b"\x1b[0c" in data:
            answers += b"\x1b[?62;22c"
        if b"\x1b[6n" in data:
            answers += b"\x1b[1;1R"
        if b"\x1b]11;?" in data:
            answers += b"\x1b]11;rgb:0000/0000/0000\x1b\\"
        for match in _MODE_QUERY.finditer(data):
            # synchronized output yes; resizing is told by SIGWINCH, not in the stream
            answers += b"\x1b[?" + match[1] + (b";0$y" if match[1] == b"2048" else b";2$y")
        if answers:
            os.write(self.fd, answers)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
