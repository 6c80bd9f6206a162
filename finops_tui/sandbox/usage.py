"""How much of a thing is used in each hour: the shapes behind every meter.

Hours are counted from the world's origin (a midnight, UTC). A window is one calendar month, drawn from
(seed, month) alone, so that any month is made on its own and always the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from finops_tui.sandbox.names import draws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Shape(IntEnum):
    """What drives an activity; `strength` and `group` of an activity mean what is said here."""

    ALWAYS = 0
    OFFICE = 1  # on working days, 8 to 19 local time
    DEMAND = 2  # a node that is on while the demand of cluster `group` is above `strength`
    BATCH = 3  # jobs from the night on, on `strength` of the working days
    CLOSE = 4  # up to 1 + `strength` times as much around the end of a month, in working hours
    GROWTH = 5  # grows by `strength` a month
    TRAFFIC = 6  # daily and weekly wave with noise, grows by `strength` a month
    MONTHLY = 7  # once, at the start of a month
    ONCE = 8  # once, at its start


@dataclass(frozen=True)
class Window:
    """One calendar month (its part since the origin) in hours from the origin."""

    month: date
    first_hour: int
    days: int
    month_hours: int

    @property
    def hours(self) -> int:
        return self.days * 24

    @property
    def first_day(self) -> int:
        return self.first_hour // 24


def window(origin: date, month: date) -> Window:
    """The window of the calendar month that starts on `month`; the origin is the first of a month."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    days = (following - month).days
    return Window(month, (month - origin).days * 24, days, days * 24)


@dataclass(frozen=True)
class Activities:
    """Columns of all activities of a world; one row drives one or more meters."""

    shape: Ints
    strength: Floats
    group: Ints
    offset: Ints
    start: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.shape)


def factors(seed: int, activities: Activities, span: Window) -> Floats:
    """Activity × hour: the share of its full amount that each activity uses; 0 where it is off."""
    clock = _Clock(seed, span)
    found = np.zeros((len(activities), span.hours))
    for shape, draw in _SHAPES.items():
        rows = np.flatnonzero(activities.shape == shape)
        if len(rows):
            found[rows] = draw(clock, activities, rows)
    hours = span.first_hour + np.arange(span.hours)
    alive = (hours >= activities.start[:, None]) & (hours < activities.stop[:, None])
    found *= alive
    return found


class _Clock:
    """The hours of a window, and its draws."""

    def __init__(self, seed: int, span: Window) -> None:
        self.seed, self.span = seed, span
        self.hour = span.first_hour + np.arange(span.hours)
        first = span.month.weekday()
        self.weekday = (first + np.arange(span.hours) // 24) % 7
        self.day_of_month = np.arange(span.hours) // 24 + 1
        self.age_months = (span.first_day + np.arange(span.hours) // 24) / 30.44

    def draws(self, *words: object) -> np.random.Generator:
        return draws(self.seed, "usage", *words, self.span.month.isoformat())

    def local(self, offset: Ints) -> tuple[Ints, Ints]:
        """Hour of the day and weekday where the thing is, for each offset."""
        local = np.arange(self.span.hours) + offset[:, None]
        return local % 24, (self.span.month.weekday() + local // 24) % 7


def _always(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    return np.ones((len(rows), clock.span.hours))


def _office(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    hour, weekday = clock.local(activities.offset[rows])
    early = rows[:, None] % 3  # teams start at 7, 8 or 9
    return ((weekday < 5) & (hour >= 7 + early) & (hour < 18 + early)).astype(float)


def _wave(hour: Ints, weekday: Ints) -> Floats:
    """A business day's demand, 0 to 1, with a lower weekend."""
    day = 0.5 - 0.5 * np.cos((hour - 3.5) / 24 * 2 * np.pi)
    return np.asarray(day * np.where(weekday < 5, 1.0, 0.55))


def _demand(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    groups = activities.group[rows]
    noise = clock.draws("demand").normal(0, 0.05, (16, clock.span.hours))
    hour, weekday = clock.local(activities.offset[rows])
    level = 0.3 + 0.6 * _wave(hour, weekday) + noise[groups % 16]
    return np.asarray(level > activities.strength[rows][:, None], np.float64)


def _batch(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    rng = clock.draws("batch")
    days = clock.span.days
    workday = clock.weekday[::24] < 5
    runs = rng.random((len(rows), days)) < activities.strength[rows][:, None] * np.where(workday, 1.0, 0.4)
    first = rows[:, None] % 6 + rng.integers(0, 3, (len(rows), days))
    length = 7 + rows[:, None] % 5 + rng.integers(0, 4, (len(rows), days))
    hour = np.arange(24)
    on = runs[:, :, None] & (hour >= first[:, :, None]) & (hour < (first + length)[:, :, None])
    return on.reshape(len(rows), -1).astype(float)


def _close(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    hour, weekday = clock.local(activities.offset[rows])
    days = clock.span.days
    closing = (clock.day_of_month >= days - 2) | (clock.day_of_month <= 2)
    busy = (hour >= 7) & (hour < 21)
    strength = activities.strength[rows][:, None]
    work = np.where((weekday < 5) & busy, 0.35 * strength, 0.0)
    return np.asarray(1 + np.where(closing & busy, strength, work))


def _growth(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    step = 0.004 * ((clock.weekday * 5 + rows[:, None]) % 7)
    return np.asarray((1 + activities.strength[rows][:, None]) ** clock.age_months * (1 + step))


def _traffic(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    rng = clock.draws("traffic")
    noise = np.exp(rng.normal(0, 0.12, (len(rows), clock.span.hours)))
    daily = np.exp(rng.normal(0, 0.06, (len(rows), clock.span.days))).repeat(24, axis=1)
    hour, weekday = clock.local(activities.offset[rows])
    growth = (1 + activities.strength[rows][:, None]) ** clock.age_months
    return np.asarray((0.35 + 1.2 * _wave(hour, weekday)) * noise * daily * growth)


def _monthly(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    found = np.zeros((len(rows), clock.span.hours))
    found[:, 0] = 1
    return found


def _once(clock: _Clock, activities: Activities, rows: Ints) -> Floats:
    return np.asarray(clock.hour == activities.start[rows][:, None], np.float64)


_SHAPES = {
    Shape.ALWAYS: _always,
    Shape.OFFICE: _office,
    Shape.DEMAND: _demand,
    Shape.BATCH: _batch,
    Shape.CLOSE: _close,
    Shape.GROWTH: _growth,
    Shape.TRAFFIC: _traffic,
    Shape.MONTHLY: _monthly,
    Shape.ONCE: _once,
}
