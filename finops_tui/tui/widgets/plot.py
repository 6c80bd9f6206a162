"""Costs per day as lines of text, drawn by plotext: a stepped line over a light body, gaps where unknown.

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
BODY = "⠂"
"""Fills what lies between the line and 0."""
MONTH = "┊"
"""Stands where a month begins."""
_LABEL_ROOM = 8
_MONTH_ROOM = 11
_MOST_MONTHS = 13
_WIDEST = 12
"""Characters of a day at most: three days do not need a whole screen."""
_BEGINNINGS = ((1, 8, 15, 22), (1, 15), (1,))
"""Days of the month that are named below the columns: as many as there is room for."""


@dataclass(frozen=True)
class Plot:
    """Lines of one width; the first `gutter` columns hold the amounts, the last line the days."""

    lines: tuple[str, ...]
    gutter: int
    days_per_column: int = 1
    """7 or 28: each column is the mean of so many days."""


@dataclass(frozen=True)
class _Ink:
    """plotext's markers; `pixels`: how many of the line's make the width of a character."""

    line: str
    body: str
    provisional: str
    pixels: int


_UNICODE = _Ink("braille", BODY, fmt.PROVISIONAL, 2)
_ASCII = _Ink("#", ".", ":", 1)


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
    spans = _spans(len(buckets), min(columns, len(buckets) * _WIDEST) * ink.pixels)
    lines = _draw(buckets, spans, (width, rows), (low, high), ticks, ink)
    starts = [(b.day, gutter + s.start // ink.pixels) for b, s in zip(buckets, spans, strict=True)]
    lines = _with_months(lines, starts)
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
    for provisional, marker in ((False, ink.body), (True, ink.provisional)):
        _scatter(_points(buckets, spans, provisional), marker, filled=True)
    for known, run in groupby(zip(buckets, spans, strict=True), lambda pair: _drawn(pair[0])):
        if known:
            alike = list(run)
            line = _points([b for b, _ in alike], [s for _, s in alike], provisional=False)
            plotext.plot([x for x, _ in line], [y for _, y in line], marker=ink.line)
    labels = [fmt.axis(t) for t in ticks]
    room = max(len(text) for text in labels)
    plotext.xlim(0, (width - room - 2) * ink.pixels - 1)
    plotext.ylim(*limits)
    plotext.xticks([], [])
    plotext.yticks(list(ticks), [f"{text.rjust(room)} ┤" for text in labels])
    text = _ESCAPES.sub("", plotext.build())
    return [line.ljust(width)[:width] for line in text.split("\n")[:rows]]


def _drawn(day: DayCost) -> bool:
    """The line goes through it."""
    return day.cost is not None and not day.provisional


def _points(buckets: Sequence[DayCost], spans: Sequence[range], provisional: bool) -> list[tuple[int, float]]:
    return [
        (pixel, float(b.cost))
        for b, span in zip(buckets, spans, strict=True)
        if b.cost is not None and b.provisional is provisional
        for pixel in span
    ]


def _scatter(points: Sequence[tuple[int, float]], marker: str, *, filled: bool) -> None:
    import plotext

    if points:
        plotext.scatter([x for x, _ in points], [y for _, y in points], marker=marker, fillx=filled)


def _with_months(lines: Sequence[str], starts: Sequence[tuple[date, int]]) -> list[str]:
    """A light line where each month but the first begins, behind what is drawn there."""
    first = {column for _, column in _on(starts[1:], (1,))}
    if len(first) > _MOST_MONTHS:
        return list(lines)
    return [
        "".join(MONTH if x in first and c in f" {BODY}." else c for x, c in enumerate(line)) for line in lines
    ]


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
    """The pixels of each column, one beside the other."""
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
    if per_day >= _LABEL_ROOM:
        return ((column, fmt.day(day)) for day, column in starts)
    for named in _BEGINNINGS:
        if per_day * (31 / len(named) - 1) >= _LABEL_ROOM and days < 366:
            return _named(starts, [(column, fmt.day(day)) for day, column in _on(starts, named)])
    months = max(1, -int(-_MONTH_ROOM // (per_day * 30.4)))
    return (
        (column, f"{fmt.MONTHS[day.month - 1]} {day.year}")
        for (before, _), (day, column) in pairwise(starts)
        if before.month != day.month and (day.month - 1) % months == 0
    )


def _on(starts: Sequence[tuple[date, int]], named: Sequence[int]) -> Iterator[tuple[date, int]]:
    """The columns that hold one of these days of a month, and the day."""
    after = [day for day, _ in starts[1:]] + [starts[-1][0] + timedelta(days=1)] if starts else []
    for (day, column), end in zip(starts, after, strict=True):
        within = (day + timedelta(days=n) for n in range((end - day).days))
        found = next((d for d in within if d.day in named), None)
        if found is not None:
            yield found, column


def _named(starts: Sequence[tuple[date, int]], labels: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The first column as well, where its day does not stand in the way of the next."""
    day, column = starts[0]
    if not labels or labels[0][0] - column >= _LABEL_ROOM:
        yield column, fmt.day(day)
    yield from labels
