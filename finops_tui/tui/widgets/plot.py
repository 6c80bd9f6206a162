"""Costs per day as lines of text, drawn by plotext: stepped columns from 0, gaps where a day is unknown.

plotext is one global figure, so this runs on the UI thread only. Its plain theme is used and its escape
sequences are dropped; colours are put on by the chart widget.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise

from finops_tui import figures as fmt
from finops_tui.store.facts import DayCost

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_STEPS = (1, 2, 7, 14, 28)
_LABEL_ROOM = 9
_MONTH_ROOM = 11


@dataclass(frozen=True)
class Plot:
    """Lines of one width; the first `gutter` columns hold the amounts, the last line the days."""

    lines: tuple[str, ...]
    gutter: int
    days_per_column: int = 1
    """7 or 28: each column is the mean of so many days."""


@dataclass(frozen=True)
class _Ink:
    """What a column is drawn with: plotext's marker and how many pixels wide it makes one character."""

    complete: str
    provisional: str
    pixels: int


_UNICODE = _Ink("braille", fmt.PROVISIONAL, 2)
_ASCII = _Ink("#", ":", 1)


def plot(days: Sequence[DayCost], width: int, height: int, *, ascii_only: bool = False) -> Plot:
    """The days as columns in `width` x `height` characters, axes included; empty when there is no room."""
    values = _every_day(days)
    rows = height - 1
    known = [float(d.cost) for d in values if d.cost is not None]
    if not known or rows < 1:
        return Plot((), 0)
    low, high = min(0.0, *known), max(0.0, *known)
    if low == high:
        high = 1.0
    ticks = _ticks(low, high, rows)
    gutter = max(len(fmt.axis(t)) for t in ticks) + 2
    columns = width - gutter
    if columns < 8:
        return Plot((), 0)
    ink = _ASCII if ascii_only else _UNICODE
    buckets = _buckets(values, columns * ink.pixels)
    spans = _spans(len(buckets), columns * ink.pixels)
    lines = _draw(buckets, spans, (width, rows), (low, high), ticks, ink)
    starts = [(b.day, gutter + s.start // ink.pixels) for b, s in zip(buckets, spans, strict=True)]
    lines.append(_day_labels(starts, width))
    plain = tuple(t.translate(fmt.ASCII) for t in lines) if ascii_only else tuple(lines)
    return Plot(plain, gutter, _bucket_size(len(values), columns * ink.pixels))


def _draw(
    buckets: Sequence[DayCost],
    spans: Sequence[range],
    size: tuple[int, int],
    limits: tuple[float, float],
    ticks: Sequence[float],
    ink: _Ink,
) -> list[str]:
    import plotext

    width, rows = size
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.theme("clear")
    plotext.plot_size(width, rows)
    plotext.frame(False)
    for provisional, marker in ((False, ink.complete), (True, ink.provisional)):
        points = [
            (pixel, float(b.cost))
            for b, span in zip(buckets, spans, strict=True)
            if b.cost is not None and b.provisional is provisional
            for pixel in span
        ]
        if points:
            plotext.scatter([x for x, _ in points], [y for _, y in points], marker=marker, fillx=True)
    labels = [fmt.axis(t) for t in ticks]
    room = max(len(text) for text in labels)
    plotext.xlim(0, (width - room - 2) * ink.pixels - 1)
    plotext.ylim(*limits)
    plotext.xticks([], [])
    plotext.yticks(list(ticks), [f"{text.rjust(room)} ┤" for text in labels])
    text = _ESCAPES.sub("", plotext.build())
    return [line.ljust(width)[:width] for line in text.split("\n")[:rows]]


def _every_day(days: Sequence[DayCost]) -> list[DayCost]:
    """Each day from the first to the last once; days that are not there are unknown."""
    if not days:
        return []
    found = {d.day: d for d in days}
    first, last = min(found), max(found)
    every = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [found.get(day) or DayCost(day, None, None, False) for day in every]


def _buckets(days: list[DayCost], pixels: int) -> list[DayCost]:
    """The days, or the means of 7 or 28 of them (still a cost per day) where they are more than the pixels.

    Complete and provisional days are not mixed.
    """
    size = _bucket_size(len(days), pixels)
    if size == 1:
        return days
    alike = (list(run) for _, run in groupby(days, lambda d: d.provisional))
    return [_mean(run[a : a + size]) for run in alike for a in range(0, len(run), size)]


def _bucket_size(days: int, pixels: int) -> int:
    return next((n for n in (1, 7) if days <= pixels * n), 28)


def _mean(run: list[DayCost]) -> DayCost:
    return DayCost(run[0].day, None, fmt.averaged([d.cost for d in run], 1)[0], run[0].provisional)


def _spans(count: int, pixels: int) -> list[range]:
    """The pixels of each column: all in use, or equal ones with a gap where there is room for bars."""
    each = pixels // count
    if each >= 6:
        gap = 1 if each < 12 else 2
        return [range(i * each, (i + 1) * each - gap) for i in range(count)]
    edges = [i * pixels // count for i in range(count + 1)]
    return [range(a, b) for a, b in pairwise(edges)]


def _ticks(low: float, high: float, rows: int) -> list[float]:
    """Round amounts from `low` to `high`, 0 among them, about two rows apart."""
    raw = (high - low) / min(rows, max(2.5, rows / 2))
    power = 10.0 ** Decimal(repr(raw)).adjusted()
    step = next(m * power for m in (1, 2, 3, 4, 5, 6, 8, 10) if m * power >= raw * 0.999)
    first, last = -int(-low / step), int(high / step)
    ticks = [i * step for i in range(first, last + 1)]
    return ticks if len(ticks) > 1 else [0.0, high if high > 0 else low]


def _day_labels(starts: Sequence[tuple[date, int]], width: int) -> str:
    """The line under the columns: as many days by name as fit, each where its column begins."""
    row = ""
    for column, text in _chosen(starts):
        if column >= len(row) + (2 if row else 0) and column + len(text) <= width:
            row = row.ljust(column) + text
    return row.ljust(width)


def _chosen(starts: Sequence[tuple[date, int]]) -> Iterator[tuple[int, str]]:
    days = (starts[-1][0] - starts[0][0]).days
    per_day = (starts[-1][1] - starts[0][1]) / days if days else _LABEL_ROOM
    step = next((s for s in _STEPS if s * per_day >= _LABEL_ROOM), None)
    if step is None:
        months = max(1, -int(-_MONTH_ROOM // (per_day * 30.4)))
        return (
            (column, f"{fmt.MONTHS[day.month - 1]} {day.year}")
            for (before, _), (day, column) in pairwise(starts)
            if before.month != day.month and (day.month - 1) % months == 0
        )
    first = starts[0][0]
    return ((column, fmt.day(day)) for day, column in starts if (day - first).days % step == 0)
