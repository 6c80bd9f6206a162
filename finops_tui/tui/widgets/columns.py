"""The columns of a table: which fit, how wide each is. The least important go first; no number is cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

GAP = 2
EDGE = 3
"""Cells left of the first column: the cursor, the mark, a blank."""


@dataclass(frozen=True)
class Column:
    """One column of a QueryTable. Its width follows what its cells hold, between `least` and `most`."""

    key: str
    title: str
    align: Literal["left", "right"] = "left"
    priority: int = 1
    """1 stays to the last; the largest number goes first when the terminal is narrow."""
    least: int = 0
    """A text column may be squeezed to this; 0: as wide as its cells (numbers)."""
    most: int = 60
    """A text column is never wider than this, unless it grows."""
    grows: bool = False
    """Takes the room that is left over, up to what its cells hold."""


@dataclass(frozen=True)
class Slot:
    """A column that is shown, and its width in cells."""

    column: Column
    width: int


def place(columns: Sequence[Column], natural: Mapping[str, int], cells: int) -> tuple[Slot, ...]:
    """The columns that fit into `cells`, in their order; `natural` is what each one's title and cells take.

    Text columns shrink towards `least` before a column of a higher priority number is dropped for them.
    """
    shown = list(columns)
    while shown and _least_total(shown, natural) > cells and len(shown) > 1:
        shown.remove(max(reversed(shown), key=lambda c: c.priority))
    widths = {c.key: _wanted(c, natural) for c in shown}
    over = EDGE + sum(widths.values()) + GAP * (len(shown) - 1) - cells
    for column in sorted((c for c in shown if c.least), key=lambda c: -widths[c.key]):
        given = min(max(over, 0), widths[column.key] - min(column.least, widths[column.key]))
        widths[column.key] -= given
        over -= given
    for column in (c for c in shown if c.grows):
        taken = min(max(-over, 0), max(natural.get(column.key, 0) - widths[column.key], 0))
        widths[column.key] += taken
        over += taken
    return tuple(Slot(c, widths[c.key]) for c in shown)


def _wanted(column: Column, natural: Mapping[str, int]) -> int:
    size = max(natural.get(column.key, 0), len(column.title))
    return min(size, max(column.most, column.least)) if column.least else size


def _least_total(columns: Sequence[Column], natural: Mapping[str, int]) -> int:
    least = (min(c.least, _wanted(c, natural)) if c.least else _wanted(c, natural) for c in columns)
    return EDGE + sum(least) + GAP * (len(columns) - 1)
