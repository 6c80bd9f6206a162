"""When a line is published: objects every six hours, most lines within twelve, some a day and a half late.

Facts: OCI writes a report object about every six hours with some six hours of usage plus what came late, a
day and more behind (Oracle documentation, "Cost and Usage Reports Overview"). Slots are counted in six-hour
steps from the world's origin; the object of slot s is created in the hour after slot s began. An object part
holds lines of one UTC day, so that a day is either wholly in the reports or wholly not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from finops_tui.sandbox.names import draws
from finops_tui.sandbox.prices import SKUS
from finops_tui.sandbox.usage import Ints, Window
from finops_tui.sandbox.world import Charges, World

SLOT_HOURS: Final = 6
ON_TIME: Final = 2
"""Lines of a six-hour stretch come with the object created seven hours after it ended."""
LATE_SLOTS: Final = (8, 10)
"""Late lines of a day come with the object created 49 or 61 hours after the day began."""

_LATE_SHARE: Final = {
    "DATABASE": 0.3, "ANALYTICS": 0.4, "NETWORK": 0.3, "FUNCTIONS": 0.35, "OBJECTSTORE": 0.25,
    "TELEMETRY": 0.4, "LOGGING": 0.3, "MYSQL": 0.25,
}  # fmt: skip
_USUALLY_LATE: Final = 0.16


def created(world: World, slot: int) -> datetime:
    """When the object of a slot was created, naive UTC."""
    minutes = int(draws(world.seed, "object", slot).integers(60, 100))
    return datetime.combine(world.origin, datetime.min.time()) + timedelta(
        hours=slot * SLOT_HOURS, minutes=minutes
    )


def first_slot_after(world: World, moment: datetime) -> int:
    """The first slot whose object is created at `moment` (a midnight) or later."""
    hours = (moment - datetime.combine(world.origin, datetime.min.time())) // timedelta(hours=1)
    return hours // SLOT_HOURS


def slots(world: World, charges: Charges) -> Ints:
    """Row × six-hour stretch of the month: the slot whose object brings those lines."""
    span = charges.span
    rng = draws(world.seed, "arrival", span.month.isoformat())
    stretches = span.hours // SLOT_HOURS
    late = rng.random((len(world.meters), stretches))[charges.meter]
    which = rng.integers(0, len(LATE_SLOTS), (len(world.meters), stretches))[charges.meter]
    share = np.array([_LATE_SHARE.get(sku.service, _USUALLY_LATE) for sku in SKUS])
    once = np.array([sku.service in ("MARKETPLACE", "ACCOUNT") for sku in SKUS])
    threshold = np.where(once, 0.0, share)[world.meter_sku[charges.meter]]
    number = span.first_hour // SLOT_HOURS + np.arange(stretches)
    day_slot = number // 4 * 4
    late_slot = day_slot + np.array(LATE_SLOTS)[which]
    return np.where(late < threshold[:, None], late_slot, number + ON_TIME)


@dataclass(frozen=True)
class Correction:
    """All lines of one row on one day are corrected by `percent` (signed), published with `slot`."""

    row: int
    day: int
    percent: int
    slot: int


def corrections(world: World, charges: Charges) -> tuple[Correction, ...]:
    """The corrections of the month's days: five a month, published three to twenty days after the day."""
    span: Window = charges.span
    rng = draws(world.seed, "correction", span.month.isoformat())
    weight = (charges.cost > 0).reshape(len(charges.meter), span.days, 24).sum(axis=2) == 24
    found = []
    for day in rng.choice(span.days, 5, replace=False).tolist():
        rows = np.flatnonzero(weight[:, day])
        percent, later, pick = int(rng.integers(-60, 16)) or -10, int(rng.integers(3, 21)), rng.random()
        if len(rows):
            row = int(rows[int(pick * len(rows))])
            found.append(Correction(row, int(day), percent, (span.first_day + int(day) + later) * 4 + 1))
    return tuple(sorted(found, key=lambda c: (c.slot, c.day, c.row)))
