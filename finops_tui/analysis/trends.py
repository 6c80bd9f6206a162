"""How a daily cost series moves: slope, growth, volatility, weekends, month ends. Frames in, numbers out.

Sources: Theil (1950) and Sen (1968) for the slope and its interval; Hirsch, Slack and Smith (1982) for
slopes within a season, here the weekday; Gilbert (1987), "Statistical Methods for Environmental Pollution
Monitoring", chapters 16 and 17, for both as computed here. 1.4826 makes the median absolute deviation (MAD)
a standard deviation where the noise is normal.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_DAYS: Final = 7
SEASONAL_DAYS: Final = 21
"""Three of each weekday: from here on slopes are taken within weekdays, so weekends do not widen them."""
LEAST_MONTH_DAYS: Final = 28
MONTH_END_DAYS: Final = 3
CONFIDENCE: Final = 0.95
_MAD: Final = 1.4826
_MONDAY: Final = 3
"""1970-01-01 was a Thursday: (day + 3) % 7 is 0 on Mondays."""


@dataclass(frozen=True)
class Slope:
    """Cost per day gained each day, with its 95 % interval."""

    mean: float
    """Theil–Sen: the median of the slopes between pairs of days."""
    lower: float
    upper: float


@dataclass(frozen=True)
class Trend:
    """One series. None where there are too few days, or where a ratio's base is not positive."""

    slope_per_day: Slope | None
    growth_percent: float | None
    """The fitted line's last day against its first, in percent of the first."""
    volatility_percent: float | None
    """1.4826 × MAD around the fitted line and the weekdays, in percent of the median cost."""
    weekend_ratio: float | None
    """Mean cost of Saturdays and Sundays ÷ that of the other days."""
    month_end_effect: float | None
    """Mean cost of a month's last three days ÷ that of its other days; the median over whole months."""
    days: int
    """Known days that the trend rests on."""
    note: str = ""


def trends(frame: pd.DataFrame, first: date, end: date) -> dict[Hashable, Trend]:
    """The trend of each series from `first` up to, not including, `end`.

    `frame` has `series`, `day` and `cost` (float; NaN: unknown, left out), a row per day with charges.
    A series begins on its first day; later days without a row cost 0.
    """
    start, stop = _number(first), _number(end)
    found: dict[Hashable, Trend] = {}
    for series, part in frame.groupby("series", sort=False):
        days = part["day"].to_numpy(dtype="datetime64[D]").astype(np.int64)
        costs = part["cost"].to_numpy(dtype=np.float64)
        found[series] = _trend(*_filled(days, costs, start, stop))
    return found


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _filled(days: Ints, costs: Floats, start: int, stop: int) -> tuple[Ints, Floats]:
    """Every day from the series' first in the period, 0 where it has no row, without the unknown ones."""
    inside = (days >= start) & (days < stop)
    if not inside.any():
        return np.empty(0, np.int64), np.empty(0)
    begin = int(days[inside].min()) if days.min() >= start else start
    calendar = np.arange(begin, stop, dtype=np.int64)
    values = np.zeros(len(calendar))
    values[days[inside] - begin] = costs[inside]
    known = ~np.isnan(values)
    return calendar[known], values[known]


def _trend(days: Ints, costs: Floats) -> Trend:
    if len(days) < LEAST_DAYS:
        return Trend(None, None, None, None, None, len(days), f"only {len(days)} known days")
    slope = theil_sen(days, costs)
    line = slope.mean * (days - days[0])
    line += np.median(costs - line)
    return Trend(
        slope,
        _percent(line[-1] - line[0], line[0]),
        _volatility(days, costs, line),
        _weekend(days, costs),
        _month_end(days, costs),
        len(days),
    )


def theil_sen(days: Ints, costs: Floats, confidence: float = CONFIDENCE) -> Slope:
    """The median pairwise slope and its interval; from SEASONAL_DAYS on between equal weekdays only.

    The interval takes the ordered slopes of rank (N ∓ z·√V) / 2, V being the variance of Kendall's S, summed
    over the weekdays and corrected for ties. Days must differ; at least two.
    """
    groups = [days % 7 == weekday for weekday in range(7)] if len(days) >= SEASONAL_DAYS else [days == days]
    slopes, variance = [], 0.0
    for group in groups:
        when, values = days[group], costs[group]
        later, earlier = np.tril_indices(len(when), -1)
        slopes.append((values[later] - values[earlier]) / (when[later] - when[earlier]))
        variance += _variance(values)
    ordered = np.sort(np.concatenate(slopes))
    count = len(ordered)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * variance**0.5
    low = max(0, round((count - reach) / 2) - 1)
    high = min(count - 1, round((count + reach) / 2))
    return Slope(float(np.median(ordered)), float(ordered[low]), float(ordered[high]))


def _variance(values: Floats) -> float:
    """Of Kendall's S under no trend: [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 over runs of t equal values."""
    n = len(values)
    ties = np.unique(values, return_counts=True)[1].astype(np.float64)
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


def _percent(part: float, whole: float) -> float | None:
    """`part` in percent of `whole`; None where that is not positive, or too small for a ratio."""
    if whole <= 0:
        return None
    ratio = float(part) / float(whole) * 100
    return ratio if abs(ratio) < 1e9 else None


def _volatility(days: Ints, costs: Floats, line: Floats) -> float | None:
    rest = costs - line
    if len(days) >= SEASONAL_DAYS:
        for weekday in range(7):
            rest[days % 7 == weekday] -= np.median(rest[days % 7 == weekday])
    spread = _MAD * float(np.median(np.abs(rest - np.median(rest))))
    return _percent(spread, float(np.median(costs)))


def _weekend(days: Ints, costs: Floats) -> float | None:
    weekend = (days + _MONDAY) % 7 >= 5
    if weekend.sum() < 2 or (~weekend).sum() < 2:
        return None
    ratio = _percent(float(costs[weekend].mean()), float(costs[~weekend].mean()))
    return None if ratio is None else ratio / 100


def _month_end(days: Ints, costs: Floats) -> float | None:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    ratios = []
    for month in np.unique(months):
        first, after = (int((month + step).astype("datetime64[D]").astype(np.int64)) for step in (0, 1))
        held = months == month
        if held.sum() < LEAST_MONTH_DAYS or days[held][0] != first or days[held][-1] != after - 1:
            continue
        last = held & (days >= after - MONTH_END_DAYS)
        ratio = _percent(float(costs[last].mean()), float(costs[held & ~last].mean()))
        if ratio is not None:
            ratios.append(ratio / 100)
    return float(np.median(ratios)) if ratios else None
