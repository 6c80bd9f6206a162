"""How tables and the report write figures: rounded for reading, unknown never 0."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

from finops_tui.report.view import Kind
from finops_tui.store.query import Period

UNKNOWN: Final = "–"
FULL, EIGHTHS = "█", "▏▎▍▌▋▊▉"
ASCII: Final = str.maketrans(
    {
        **dict(zip(EIGHTHS, ".:-=+**", strict=True)),
        FULL: "#",
        UNKNOWN: "-",
        "─": "-",
        "…": "~",
        "▲": "^",
        "▼": "v",
    }
)
"""For `str.translate`: one plain character for each glyph that tables draw."""

_CONTEXT = Context(prec=76, rounding=ROUND_HALF_EVEN)  # a sum of DECIMAL(38,18) has more digits than 28
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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


def money(value: Decimal | None, *, sign: bool = False) -> str:
    """`182,430.12`; with `sign`: `+6,210.00`. What rounds to 0.00 and is not 0 is `<0.01`."""
    if value is None:
        return UNKNOWN
    rounded = _CONTEXT.quantize(value, Decimal("0.01"))
    if value and not rounded:
        return ("<0.01" if value > 0 else ">-0.01") if not sign else ("<+0.01" if value > 0 else ">-0.01")
    text = f"{rounded.copy_abs():,.2f}"
    return ("-" if rounded < 0 else "+" if sign and rounded else "") + text


def quantity(value: Decimal) -> str:
    """Three decimals at most, none that are 0."""
    rounded = _CONTEXT.quantize(value, Decimal("0.001"))
    if value and not rounded:
        return "<0.001" if value > 0 else ">-0.001"
    text = f"{rounded:,.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(value: float | None) -> str:
    """`+4.1 %`; past ±9,999 only that it is more."""
    if value is None:
        return UNKNOWN
    if abs(value) < 0.05:
        return "0.0 %"
    if abs(value) >= 9_999.5:
        return ">+9,999 %" if value > 0 else "<-9,999 %"
    return f"{value:+,.1f} %"


def share(value: float | None) -> str:
    """A part of a whole: `48.2 %`."""
    if value is None:
        return UNKNOWN
    if 0 < abs(value) < 0.0005:
        return "<0.1 %" if value > 0 else ">-0.1 %"
    return f"{value * 100:,.1f} %"


def bar(part: float | None, width: int = 16) -> str:
    """A text bar of `part` (0–1), `width` wide at 1; something positive is never invisible."""
    if part is None or part <= 0:
        return ""
    whole, rest = divmod(max(1, round(min(part, 1.0) * width * 8)), 8)
    return FULL * whole + (EIGHTHS[rest - 1] if rest else "")


def day(value: date | None, *, year: bool = True) -> str:
    """`21 Nov 2026`."""
    if value is None:
        return UNKNOWN
    return f"{value.day} {_MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def days(period: Period | None) -> str:
    """The days of a period, ends included: `1–21 Nov 2026`, `28 Oct – 3 Nov 2026`."""
    if period is None or period.days <= 0:
        return UNKNOWN
    first, last = period.start, period.last
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{day(first, year=False)} – {day(last)}"
    return f"{first.day}–{day(last)}"


def and_list(words: Iterable[str]) -> str:
    """`a, b and c`."""
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
