"""What the report bucket and the Usage API hold: parts of report objects, and files of daily lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from finops_tui.sandbox.arrivals import Correction, corrections, created, slots
from finops_tui.sandbox.lines import Block, Writer
from finops_tui.sandbox.usage import Ints
from finops_tui.sandbox.world import Charges, World

DAY = timedelta(days=1)
_SETTLED = timedelta(hours=71)
"""After so long from a day's beginning all of its lines have come, corrections apart."""


@dataclass(frozen=True)
class Part:
    """A file: its name in its source, when it was published (naive UTC), its gzip-compressed CSV."""

    name: str
    arrived: datetime
    body: bytes


def object_name(world: World, slot: int, part: int) -> str:
    """The name of a part of a report object, as OCI spells it."""
    at = created(world, slot)
    return f"FOCUS Reports/{at:%Y/%m/%d}/{10**9 + slot * 37:016d}-{part:05d}.csv.gz"


def correction_block(charges: Charges, correction: Correction) -> Block:
    """The hourly lines of a correction: signed quantities on the corrected lines' prices."""
    hours = correction.day * 24 + np.arange(24)
    quantity = charges.quantity[correction.row, hours] * correction.percent // 100
    hours, quantity = hours[quantity != 0], quantity[quantity != 0]
    return _block(charges, np.full(len(hours), correction.row), hours, quantity, back=True)


def report_parts(world: World, charges: Charges, first: date, before: datetime) -> Iterator[Part]:
    """The object parts with lines of the month's days from `first` on, created before `before`."""
    span = charges.span
    writer = Writer(world, span, 1)
    start = max((first - span.month).days, 0) * 24
    rows, hours = np.nonzero(charges.quantity[:, start:])
    hours += start
    slot = slots(world, charges)[rows, hours // 6]
    late = slot - (span.first_hour + hours) // 6 != 2
    key = slot * 2 + late
    order = np.argsort(key, kind="stable")
    values, starts = np.unique(key[order], return_index=True)
    ends = [*starts[1:].tolist(), len(order)]
    for value, low, high in zip(values.tolist(), starts.tolist(), ends, strict=True):
        at = created(world, value // 2)
        if at < before:
            cells = order[low:high]
            quantity = charges.quantity[rows[cells], hours[cells]]
            block = _block(charges, rows[cells], hours[cells], quantity)
            yield Part(object_name(world, value // 2, 1 + value % 2), at, writer.gzip(block))
    for correction in corrections(world, charges):
        at = created(world, correction.slot)
        if correction.day * 24 >= start and at < before:
            part = 3 + correction.slot // 4 - span.first_day - correction.day
            body = writer.gzip(correction_block(charges, correction))
            yield Part(object_name(world, correction.slot, part), at, body)


def daily_parts(world: World, charges: Charges, last: date, before: datetime) -> Iterator[Part]:
    """Daily lines of the month's days before `last`: a file per day, and one per correction.

    A file per day, because only whole files have a time of arrival: so the past can be seen as it was then.
    """
    span = charges.span
    days = min((last - span.month).days, span.days)
    if days <= 0:
        return
    writer = Writer(world, span, 24)
    quantity = charges.quantity.reshape(len(charges.meter), span.days, 24).sum(axis=2)
    for day in range(days):
        rows = np.flatnonzero(quantity[:, day])
        at = _midnight(span.month + day * DAY) + _SETTLED
        block = _block(charges, rows, np.full(len(rows), day * 24), quantity[rows, day])
        yield Part(f"usage/{span.month + day * DAY:%Y/%m/%d}.csv.gz", at, writer.gzip(block))
    for correction in corrections(world, charges):
        at = created(world, correction.slot)
        if correction.day < days and at < before:
            total = correction_block(charges, correction).quantity.sum()
            row = np.array([correction.row])
            block = _block(charges, row, row * 0 + correction.day * 24, row * 0 + total, back=True)
            corrected = span.month + correction.day * DAY
            yield Part(
                f"usage/{corrected:%Y/%m/%d}-correction-{correction.slot}.csv.gz", at, writer.gzip(block)
            )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _block(charges: Charges, rows: Ints, hours: Ints, quantity: Ints, *, back: bool = False) -> Block:
    return Block(charges.meter[rows], charges.price[rows], charges.list_price[rows], hours, quantity, back)
