"""Through which day a bill is complete: the arithmetic, without I/O."""

from datetime import date, datetime, time, timedelta
from typing import Final

SETTLING: Final = timedelta(hours=36)
"""A report day is complete when an object published this long after its end was loaded (DESIGN)."""


def day_settles(day: date) -> datetime:
    """From when on a source's data hold the whole UTC day: 36 h after its end."""
    return datetime.combine(day, time()) + timedelta(days=1) + SETTLING


def settled_through(newest: datetime) -> date:
    """Last UTC day that is complete in a source whose newest data were published at `newest`."""
    return (newest - SETTLING).date() - timedelta(days=1)


def complete_through(
    newest: datetime | None, last_imported: date | None, as_of: date, *, known: bool = False
) -> date | None:
    """Last complete UTC day of an account, before `as_of`; None: not one day yet.

    `newest` is when the account's newest report (or Usage API answer) was published, of those looked at;
    `last_imported` the last day its imported files hold, which counts where there is nothing newer by report.
    With `known`, imported lines of the day before `as_of` are not there yet: they arrive the day after.
    """
    if newest is not None:
        return min(settled_through(newest), as_of - timedelta(days=1))
    if last_imported is None:
        return None
    return min(last_imported, as_of - timedelta(days=2 if known else 1))
