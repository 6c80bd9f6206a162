"""Which source's lines count for a (provider, account, UTC day), and which of those days are complete.

DESIGN "Which source counts": FOCUS report, cost report, Usage API, in this order; the first whose day is
complete; where none is: the Usage API if it has lines, else the first that has. Imports count where none has.

A report does not hold a whole day when all it has of it are corrections, or when the oldest object loaded was
published after the day began (the earlier ones have left the bucket, or are loaded later): such a day is not
complete however old it is, and where only corrections or late lines of it came, an import outranks them.
"""

from typing import Final

from finops_tui.focus import Source

ORDER: Final = (Source.FOCUS_REPORT, Source.COST_REPORT, Source.USAGE_API, Source.IMPORT)
"""Which source outranks which."""

_RANK = " ".join(f"WHEN '{source}' THEN {rank}" for rank, source in enumerate(ORDER, 1))
_API = ORDER.index(Source.USAGE_API) + 1
_IMPORT = ORDER.index(Source.IMPORT) + 1
_SETTLED = "u.day + INTERVAL 60 HOUR"  # 36 hours after the day's end


def live_units(units: str, reach: str) -> str:
    """SQL: the relation `units` with `complete` and `live` added; exactly one class is live per unit.

    `units`: provider_name, account_id, day, x_source, lines, corrections (how many of the lines are).
    `reach`: provider_name, account_id, x_source, oldest, newest: when that source's objects were published.
    """
    return f"""
    WITH ranked AS (
        SELECT u.provider_name, u.account_id, u.day, u.x_source, u.lines, u.corrections,
            CASE u.x_source {_RANK} END AS rank,
            u.lines > u.corrections AND coalesce(r.oldest <= u.day, false) AS whole,
            u.lines > u.corrections AND coalesce(r.oldest < {_SETTLED}, false) AS begun,
            coalesce(r.newest >= {_SETTLED}, false) AS settled
        FROM {units} u LEFT JOIN {reach} r ON u.provider_name IS NOT DISTINCT FROM r.provider_name
            AND u.account_id IS NOT DISTINCT FROM r.account_id AND u.x_source = r.x_source
    ), judged AS (
        SELECT *, CASE WHEN rank = {_IMPORT} THEN true WHEN rank = {_API} THEN settled
            ELSE settled AND whole END AS complete FROM ranked
    ), chosen AS (
        SELECT provider_name, account_id, day, coalesce(
            min(rank) FILTER (complete AND rank < {_IMPORT}),
            min(rank) FILTER (rank = {_API}),
            min(rank) FILTER (begun AND rank < {_API}),
            min(rank) FILTER (rank = {_IMPORT}),
            min(rank)) AS rank
        FROM judged GROUP BY ALL
    )
    SELECT j.provider_name, j.account_id, j.day, j.x_source, j.lines, j.corrections, j.complete,
        j.rank = c.rank AS live
    FROM judged j JOIN chosen c ON j.provider_name IS NOT DISTINCT FROM c.provider_name
        AND j.account_id IS NOT DISTINCT FROM c.account_id AND j.day = c.day"""
