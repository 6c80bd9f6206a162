"""How tables and the report write a value by its kind: the program's figures with a plain minus.

With a typographic one a number copied from a table would not be a number elsewhere.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from finops_tui import figures as fmt
from finops_tui.report.view import Kind
from finops_tui.store.query import Period

ASCII: Final = fmt.ASCII
UNKNOWN: Final = fmt.UNKNOWN
BAR: Final = 16
"""Characters of a bar that stands for the whole."""


def figure(value: Any, kind: Kind) -> str:
    """A value as a table shows it."""
    if value is None:
        return UNKNOWN if kind not in ("text", "date") else ""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return _number(value, kind)
    return str(value)


def _number(value: Decimal | int | float, kind: Kind) -> str:
    match kind:
        case "count":
            return f"{value:,}"
        case "share":
            return share(float(value))
        case "percent":
            return percent(float(value))
        case "ratio":
            return f"{float(value):,.2f}"
        case "quantity":
            return quantity(Decimal(value))
        case _:
            return money(_decimal(value), sign=kind == "delta")


def _decimal(value: Decimal | int | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _plain(text: str) -> str:
    return text.replace(fmt.MINUS, "-")


def money(value: Decimal | None, *, sign: bool = False) -> str:
    """`182,430.12`; with `sign`: `+6,210.00`. What rounds to 0.00 and is not 0 is `<0.01`."""
    return _plain(fmt.signed(value) if sign else fmt.money(value))


def quantity(value: Decimal) -> str:
    """Three decimals at most, none that are 0."""
    return _plain(fmt.quantity(value))


def percent(value: float | None) -> str:
    """`+4.1 %`; past ±9,999 only that it is more."""
    return _plain(fmt.percent(value))


def share(value: float | None) -> str:
    """A part of a whole: `48.2 %`."""
    return _plain(fmt.share(value))


def bar(part: float | None, width: int = BAR) -> str:
    """A text bar of `part` (0–1), `width` wide at 1; something positive is never invisible."""
    return fmt.bar(part, width)


def day(value: date | None, *, year: bool = True) -> str:
    """`21 Nov 2026`."""
    return fmt.day(value, year)


def days(period: Period | None) -> str:
    """The days of a period, ends included: `1–21 Nov 2026`, `28 Oct – 3 Nov 2026`."""
    return UNKNOWN if period is None or period.days <= 0 else fmt.day_range(period, year=True)


def and_list(words: Iterable[str]) -> str:
    """`a, b and c`."""
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
