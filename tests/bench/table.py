"""The table of a benchmark run: what was measured, against what, and whether the budget is kept."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Measured:
    """One row, held against a baseline of the same run; a budget is stated only where there is one."""

    what: str
    measured: str
    baseline: str = ""
    ratio: str = ""
    budget: str = ""
    ok: bool | None = None
    """Whether the budget is kept; None: reported only."""


@dataclass(frozen=True)
class Section:
    """Rows that share a setting, which is told above them."""

    title: str
    setting: str
    rows: Sequence[Measured]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"


def size(count: float) -> str:
    return f"{count:,.0f} B" if count < 2000 else f"{count / 1000:,.1f} KB"


def times(value: float) -> str:
    return f"{value:.2f} ×"


def markdown(sections: Iterable[Section]) -> str:
    """The whole run as Markdown."""
    lines = [
        "# Benchmark",
        "",
        f"{datetime.now():%Y-%m-%d}, {platform.python_implementation()} {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors. Made by `make bench`.",
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.setting, ""]
        lines += ["| what | measured | baseline | ratio | budget | |", "|---|---:|---:|---:|---|---|"]
        for row in section.rows:
            verdict = {True: "ok", False: "**over**", None: ""}[row.ok]
            cells = (row.what, row.measured, row.baseline, row.ratio, row.budget, verdict)
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
