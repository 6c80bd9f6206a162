"""How people write periods, comparisons, dimensions and filters, and which UTC days they mean."""

import re
from calendar import monthrange
from datetime import date, timedelta

from finops_tui.errors import UsageError
from finops_tui.focus import ChargeCategory
from finops_tui.store.query import NONE, PLAIN_DIMENSIONS, Period, Where

PERIODS = "7d, 30d, 90d (any Nd), mtd, last-month, 2026-10, qtd, ytd, all, 2026-10-01..2026-10-15"
DIMENSIONS = ", ".join((*PLAIN_DIMENSIONS, "compartment:N", "tag:KEY"))
_DAYS = re.compile(r"([1-9][0-9]{0,3})d")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_RANGE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")
_WORDS = ("mtd", "last-month", "qtd", "ytd", "all")
_WHERE = re.compile(r"(?P<dimension>[^=!]+|tag:.+?)\s*(?P<operator>!=|=)\s*(?P<pattern>.*)", re.DOTALL)


def parse_dimension(text: str) -> str:
    """A dimension in its canonical spelling (`compartment:2`, `tag:team`); or UsageError."""
    name, colon, argument = text.strip().partition(":")
    name = name.strip().lower().replace("-", "_")
    if not colon and name in PLAIN_DIMENSIONS:
        return name
    if colon and name == "compartment" and re.fullmatch(r"[1-9][0-9]?", argument.strip()):
        return f"compartment:{int(argument)}"
    if colon and name == "tag" and argument:
        return f"tag:{argument}"
    raise UsageError(f"unknown dimension {text.strip()!r}", f"Dimensions are {DIMENSIONS}.")


def parse_group_by(text: str) -> tuple[str, ...]:
    """`account,service` → dimensions, each once; `none` or nothing → (); or UsageError."""
    if text.strip().lower() in ("", "none"):
        return ()
    return tuple(dict.fromkeys(parse_dimension(part) for part in text.split(",")))


def parse_where(text: str) -> Where:
    """`service=COMP*`, `tag:team!=ml` → the filter; nothing after `=` asks for rows without a value."""
    match = _WHERE.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"{text!r} is no filter", "Write DIMENSION=VALUE or DIMENSION!=VALUE, for instance service=COMP*."
        )
    dimension = parse_dimension(match["dimension"])
    pattern = match["pattern"] or NONE
    if dimension == "charge_category" and "*" not in pattern and pattern != NONE:
        known = {category.value.lower() for category in ChargeCategory}
        if pattern.lower() not in known:
            raise UsageError(
                f"unknown charge category {pattern!r}", f"Charge categories are {', '.join(sorted(known))}."
            )
    return Where(dimension, pattern, match["operator"] == "!=")


def check_period(text: str) -> str:
    """The text, when it spells a period; UsageError otherwise."""
    spelled = text.strip().lower()
    if spelled in _WORDS or _DAYS.fullmatch(spelled):
        return spelled
    fixed(spelled, date.max, None)
    return spelled


def check_compare(text: str) -> str:
    """The text, when it is `previous`, `year`, `none` or spells a period; UsageError otherwise."""
    spelled = text.strip().lower()
    return spelled if spelled in ("previous", "year", "none") else check_period(spelled)


def day_count(text: str) -> int | None:
    """30 for "30d"; None for any other period."""
    match = _DAYS.fullmatch(text)
    return int(match[1]) if match else None


def fixed(text: str, as_of: date, charged: Period | None) -> Period:
    """A period that needs no knowledge of complete days, ended by `as_of`; `charged` is what "all" means.

    The period's label is the text. UsageError when it spells no period.
    """
    match text:
        case "mtd":
            start, end = as_of.replace(day=1), as_of
        case "last-month":
            end = as_of.replace(day=1)
            start = months_later(end, -1)
        case "qtd":
            start, end = as_of.replace(month=(as_of.month - 1) // 3 * 3 + 1, day=1), as_of
        case "ytd":
            start, end = as_of.replace(month=1, day=1), as_of
        case "all":
            start, end = (charged.start, charged.end) if charged else (as_of, as_of)
        case _:
            start, end = _spelled(text)
    return Period(start, max(start, min(end, as_of)), text)


def _spelled(text: str) -> tuple[date, date]:
    try:
        if match := _MONTH.fullmatch(text):
            start = date(int(match[1]), int(match[2]), 1)
            return start, months_later(start, 1)
        if match := _RANGE.fullmatch(text):
            start, end = date.fromisoformat(match[1]), date.fromisoformat(match[2])
            if start < end:
                return start, end
            raise UsageError(f"the period {text} has no day", "The end is exclusive and must be later.")
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"{text!r} is no period", f"Periods are {PERIODS}.")


def months_later(day: date, months: int) -> date:
    """The same day of another month; a shorter month ends at its last day."""
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def whole_months(period: Period) -> bool:
    """Whether the period is made of whole calendar months."""
    return period.days > 0 and period.start.day == 1 and period.end.day == 1


def _moved(period: Period, months: int) -> Period:
    start = months_later(period.start, months)
    if period.end.day == 1:
        end = months_later(period.end, months)
    else:
        end = months_later(period.last, months) + timedelta(days=1)
    return Period(start, end)


def _step(period: Period) -> int | None:
    """How many months the period's own kind goes back to its previous one; None: as many days as it has."""
    if period.label == "qtd":
        return 3
    if period.label == "ytd":
        return 12
    if period.label in ("mtd", "last-month") or _MONTH.fullmatch(period.label):
        return 1
    if whole_months(period) and day_count(period.label) is None:
        return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    return None


def earlier(period: Period, compared: Period, compare: str) -> Period | None:
    """The days `compared` (the complete part of `period`) is held against for "previous" or "year".

    Months, quarters and years go back by their own kind: 1–21 Nov against 1–21 Oct, whole months against
    whole months, a shorter month ending at its last day. Other periods go back by as many days as they have.
    """
    if compared.days <= 0 or (period.label == "all" and compare == "previous"):
        return None
    try:
        if compare == "year":
            return _moved(compared, -12)
        if (months := _step(period)) is not None:
            return _moved(compared, -months)
        return Period(
            compared.start - timedelta(days=period.days), compared.end - timedelta(days=period.days)
        )
    except (ValueError, OverflowError):
        return None
