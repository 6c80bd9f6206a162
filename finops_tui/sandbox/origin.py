"""Where a world begins: known without building it, so that the app can name its profile at once."""

from datetime import date, timedelta

from finops_tui.errors import UsageError

LEAST_HISTORY_DAYS = 400
_FIRST, _LAST = date(1990, 1, 1), date(2990, 1, 1)


def origin_of(anchor: date) -> date:
    """The latest 1 January or 1 July 400 days or more before the anchor: near anchors give the same world.

    UsageError for an anchor outside 1990 to 2990.
    """
    if not _FIRST <= anchor < _LAST:
        raise UsageError(f"There is no sample tenancy anchored at {anchor}.", "Use a date of this century.")
    latest = anchor - timedelta(days=LEAST_HISTORY_DAYS)
    return date(latest.year, 7 if latest.month >= 7 else 1, 1)
