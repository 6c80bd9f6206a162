"""Dates that a spreadsheet wrote (5/1/25): the whole file tells whether the month or the day comes first."""

from collections.abc import Sequence
from typing import Final

import duckdb

from finops_tui.sources.cells import SLASH_DATE
from finops_tui.sources.dialect import Plan

PERIODS: Final = ("billing_period_start", "billing_period_end")
_DATES: Final = (*PERIODS, "charge_period_start", "charge_period_end")


def has_slash_dates(plan: Plan, specimen: Sequence[str]) -> bool:
    """Whether a line's dates are written with slashes and the year last."""
    return any(
        specimen[at].count("/") == 2 and not specimen[at].strip()[:4].isdecimal()
        for name in _DATES
        for at in plan.columns.get(name, ())
        if at < len(specimen)
    )


def reading_of(connection: duckdb.DuckDBPyConnection, plan: Plan, raw: str) -> str:
    """The macro that reads the dates of one file: month_first, day_first, or undecided.

    A part over 12 is a day. Else a billing period begins and ends on a first: what is always 1 is the day.
    """
    parts = [
        f"SELECT '{name}' AS name, split_part(trim(c{at}), '/', 1)::INTEGER AS a,"
        f" split_part(trim(c{at}), '/', 2)::INTEGER AS b FROM raw WHERE regexp_matches(c{at}, '{SLASH_DATE}')"
        for name in _DATES
        for at in plan.columns.get(name, ())
    ]
    row = connection.execute(
        f"WITH raw AS ({raw}), dates AS ({' UNION ALL '.join(parts)})"
        " SELECT coalesce(bool_or(a > 12), false), coalesce(bool_or(b > 12), false),"
        f" bool_and(a = 1) FILTER ({_PERIOD}), bool_and(b = 1) FILTER ({_PERIOD}) FROM dates"
    ).fetchone()
    first_over, second_over, first_is_one, second_is_one = row or (False, False, None, None)
    if first_over != second_over:
        return "day_first" if first_over else "month_first"
    if not first_over and first_is_one is not None and first_is_one != second_is_one:
        return "day_first" if first_is_one else "month_first"
    return "undecided"


_PERIOD: Final = f"name IN ({', '.join(repr(name) for name in PERIODS)})"
