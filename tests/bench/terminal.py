"""What the app costs over SSH: bytes and times through a pseudo-terminal, against a bare Textual table."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from finops_tui.tui.theme import ANSI
from tests.bench import bare
from tests.bench.table import Measured, Section, milliseconds, size, times
from tests.program import clean_environment
from tests.terminal.screen import MONTH_TO_DATE, SSH, Terminal

COLUMNS, ROWS = 120, 40
TABLE = r"\d[\d,]* rows"
"""Explore's totals line: its rows are there."""

CURSOR_KEYS = 8
STEPS = (
    "first visit of Explore",
    "drill down",
    "back",
    "Data, first visit",
    "Overview, revisit",
    "Explore, revisit",
)


@dataclass
class Costs:
    """Bytes and seconds by what was done, over all runs."""

    bytes: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, count: float, seconds: float) -> None:
        self.bytes[what].append(count)
        self.seconds[what].append(seconds)

    def press(self, what: str, terminal: Terminal, *keys: str) -> None:
        self.add(what, *terminal.cost_of(*keys))

    def size(self, what: str) -> float:
        return median(self.bytes[what])

    def time(self, what: str) -> float:
        return median(self.seconds[what])


def measure(home: Path, arguments: Iterable[str], *, runs: int, setting: str, idle: float = 10) -> Section:
    """Run app and yardstick in turns. `home` holds a warm cache; `arguments` open the app on it."""
    ours, theirs = Costs(), Costs()
    argv = [sys.executable, "-m", "finops_tui", "--home", str(home), *arguments]
    env = clean_environment(home, SSH)
    _with(argv, env, lambda t: t.until(MONTH_TO_DATE))  # compile, warm the disk cache
    for _ in range(runs):
        _with([sys.executable, "-m", "tests.bench.bare", ANSI], env, lambda t: _bare(t, theirs))
        _with(argv, env, lambda t: _app(t, ours))
    _with(argv, env, lambda t: _idle(t, ours, idle))
    return Section(
        "Terminal",
        f"{COLUMNS}×{ROWS}, SSH environment, median of {runs}, {setting}",
        list(_rows(ours, theirs, idle)),
    )


def _with(argv: list[str], env: dict[str, str], use: Callable[[Terminal], object]) -> None:
    repository = Path(__file__).parent.parent.parent
    with Terminal(argv, columns=COLUMNS, rows=ROWS, env=env | {"PYTHONPATH": str(repository)}) as terminal:
        use(terminal)


def _paint(terminal: Terminal, costs: Costs, pattern: str) -> None:
    seconds = terminal.until(pattern)
    costs.add("first paint", len(terminal.raw), seconds)
    terminal.until_quiet(1.0)
    costs.add("all of the first screen", len(terminal.raw), seconds)


def _bare(terminal: Terminal, costs: Costs) -> None:
    _paint(terminal, costs, bare.PAINTED)
    for _ in range(CURSOR_KEYS):
        costs.press("cursor", terminal, "down")
    costs.press("push", terminal, "p")
    terminal.until(bare.PUSHED)


def _app(terminal: Terminal, costs: Costs) -> None:
    _paint(terminal, costs, MONTH_TO_DATE)
    costs.press("first visit of Explore", terminal, "2")
    terminal.until(TABLE)
    for key in ("down", "up") * (CURSOR_KEYS // 2):
        costs.press("cursor", terminal, key)
    costs.press("drill down", terminal, "enter")
    costs.press("back", terminal, "backspace")  # Esc waits 100 ms for the rest of a key sequence
    terminal.press(":", "explore resource", "enter")
    terminal.until(r"by resource")
    terminal.until_quiet()
    costs.press("page", terminal, "pgdn")
    costs.press("Data, first visit", terminal, "9")
    costs.press("Overview, revisit", terminal, "1")
    costs.press("Explore, revisit", terminal, "2")
    costs.press("status", terminal, "ctrl+c")


def _idle(terminal: Terminal, costs: Costs, seconds: float) -> None:
    terminal.until(MONTH_TO_DATE)
    terminal.until_quiet(2.0)
    before, end = len(terminal.raw), time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        terminal.pump(left)
    costs.add("idle", len(terminal.raw) - before, seconds)


def _rows(ours: Costs, theirs: Costs, idle: float) -> Iterable[Measured]:
    yield _bytes("first meaningful paint", ours.size("first paint"), theirs.size("first paint"), 35_000, 1.5)
    yield _seconds("first meaningful paint", ours.time("first paint"), theirs.time("first paint"))
    all_of_it = ours.size("all of the first screen")
    yield Measured(
        "the first screen when all is there", size(all_of_it), size(theirs.size("all of the first screen"))
    )
    yield _bytes("cursor key", ours.size("cursor"), theirs.size("cursor"), 700, None)
    yield _seconds("cursor key, settled", ours.time("cursor"), theirs.time("cursor"), 0.030, 2.0)
    yield _bytes("next page", ours.size("page"), None, 9_000, None)
    for step in STEPS:
        yield _bytes(step, ours.size(step), theirs.size("push"), 20_000, 3.0)
        yield _seconds(f"{step}, settled", ours.time(step), theirs.time("push"), 0.100, None)
    yield _bytes("status change", ours.size("status"), None, 200, None)
    yield _bytes(f"idle {idle:.0f} s", ours.size("idle"), None, 0, None)


def _bytes(what: str, ours: float, theirs: float | None, most: float, ratio: float | None) -> Measured:
    return _held(what, (ours, theirs), (most, ratio), size)


def _seconds(
    what: str, ours: float, theirs: float | None, most: float | None = None, ratio: float | None = None
) -> Measured:
    return _held(what, (ours, theirs), (most, ratio), milliseconds)


def _held(
    what: str,
    values: tuple[float, float | None],
    limits: tuple[float | None, float | None],
    show: Callable[[float], str],
) -> Measured:
    (ours, theirs), (most, ratio) = values, limits
    kept = [ours <= most] if most is not None else []
    if ratio is not None and theirs:
        kept.append(ours / theirs <= ratio)
    budget = [f"≤ {show(most)}"] if most is not None else []
    budget += [f"≤ {ratio:g} ×"] if ratio is not None else []
    return Measured(
        what,
        show(ours),
        show(theirs) if theirs is not None else "",
        times(ours / theirs) if theirs else "",
        ", ".join(budget),
        all(kept) if kept else None,
    )
