"""How figures are written for people: money, changes, shares, days, bars, sparklines. Pure text, one truth.

The currency is said once, in a header. Unknown is "–", never 0. A number that does not fit is written
shorter ("182k") and, where even that does not fit, replaced by "…": it is never cut. All of it is Unicode;
`ASCII` maps each glyph to one plain character for terminals and locales that lack them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import pairwise
from typing import Literal

from finops_tui.store.query import Period

UNKNOWN = "–"
MINUS = "−"
UP, DOWN, SAME = "▲", "▼", "="
MORE = "…"
PROVISIONAL = "░"
LEVELS = "▁▂▃▄▅▆▇█"
EIGHTHS = "▏▎▍▌▋▊▉█"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

ASCII = str.maketrans(
    {
        **dict(zip(EIGHTHS[:7] + LEVELS, "..-==+#_.-~=+*#", strict=True)),
        **dict(zip(UP + DOWN + MINUS + UNKNOWN + MORE + PROVISIONAL, "^v--~:", strict=True)),
        **dict(zip("┤≈·▸—×→≤│─┊⠂", "+~->-x><|-|.", strict=True)),
    }
)
"""For `str.translate`: one plain character for each glyph, so that columns keep their places."""

Tone = Literal["up", "down", "", "muted"]

_CONTEXT = Context(prec=76, rounding=ROUND_HALF_EVEN)  # a sum of DECIMAL(38,18) has more digits than 28
_UNITS = (("T", 12), ("B", 9), ("M", 6), ("k", 3))


def money(value: Decimal | None, width: int | None = None, decimals: int = 2) -> str:
    """`182,430.12`; with a width: right-aligned in exactly it, written shorter where it does not fit."""
    if width is None:
        return _grouped(value, decimals) if value is not None else UNKNOWN
    return _first_that_fits(_spellings(value, decimals), width).rjust(width)


def money_column(values: Sequence[Decimal | None], width: int, decimals: int = 2) -> list[str]:
    """The values of a column in `width` each, all with the same decimals so that the points stand in line."""
    for spell in (decimals, 0):
        texts = [_grouped(v, spell) if v is not None else UNKNOWN for v in values]
        if all(len(t) <= width for t in texts):
            return [t.rjust(width) for t in texts]
    return [_first_that_fits((compact(v), compact(v, 1)), width).rjust(width) for v in values]


def signed(value: Decimal | None, width: int | None = None, decimals: int = 2) -> str:
    """A change in money with its sign: `+6,210.00`, `−1,310.00`; 0 has none."""
    if value is None or value == 0:
        return money(value, width, decimals)
    texts = [_plus(t, value) for t in _spellings(value, decimals)]
    return texts[0] if width is None else _first_that_fits(texts, width).rjust(width)


def compact(value: Decimal | float | None, digits: int = 3) -> str:
    """`12.3k`, `1.9M`, `950`: at most `digits` significant digits (the whole part keeps all of its own)."""
    if value is None:
        return UNKNOWN
    number = _CONTEXT.create_decimal(value if isinstance(value, Decimal) else repr(value))
    if number == 0:
        return "0"
    number = _significant(number, digits)
    unit, power = next(((u, p) for u, p in _UNITS if number.adjusted() >= p), ("", 0))
    return _sign(number) + _plain(_CONTEXT.scaleb(number.copy_abs(), -power)) + unit


def axis(value: Decimal | float) -> str:
    """A tick label: `12k`, `2.5M`, `0`."""
    return compact(value)


def price(value: Decimal | None) -> str:
    """A unit price to six significant digits, with two decimals at least: `0.0255`, `1.50`."""
    if value is None:
        return UNKNOWN
    decimals = max(2, 5 - value.adjusted()) if value else 2
    whole, _, fraction = _plain(_CONTEXT.quantize(value.copy_abs(), Decimal(1).scaleb(-decimals))).partition(
        "."
    )
    return f"{_sign(value)}{whole}.{fraction.ljust(2, '0')}"


def aligned(texts: Sequence[str]) -> list[str]:
    """Figures with different decimals, padded on the right so that their points stand in line."""
    after = [len(t) - t.rfind(".") if "." in t else 0 for t in texts]
    room = max(after, default=0)
    return [t + " " * (room - tail) for t, tail in zip(texts, after, strict=True)]


def quantity(value: Decimal | None, unit: str | None = None) -> str:
    """`1,488 h`, `0.125 GB`: three decimals at most, none that are 0."""
    if value is None:
        return UNKNOWN
    rounded = _CONTEXT.quantize(value, Decimal("0.001"))
    small = "<0.001" if value > 0 else f">{MINUS}0.001"
    text = small if value and not rounded else _sign(rounded) + _strip_zeros(f"{rounded.copy_abs():,.3f}")
    return f"{text} {unit}" if unit else text


def percent(value: float | None) -> str:
    """A change in percent: `+4.1 %`, `−18.0 %`, `+2,000 %`; past ±9,999 only that it is more."""
    if value is None:
        return UNKNOWN
    sign = "+" if value > 0 else MINUS
    size = abs(value)
    if size < 0.05:
        return "0.0 %"
    if size >= 9_999.5:
        return f">{sign}9,999 %"
    return f"{sign}{size:,.1f} %" if size < 999.95 else f"{sign}{size:,.0f} %"


def change(previous: Decimal | None, current: Decimal | None) -> str:
    """How an amount moved, in percent: `▲ +7.6 %`, `▼ −2.0 %`, `= 0.0 %`; `new` or `gone` from or to 0."""
    if previous is None or current is None:
        return UNKNOWN
    mark = {"up": UP, "down": DOWN}.get(tone(current - previous), SAME)
    if previous == current:
        return f"{SAME} 0.0 %"
    if previous == 0:
        return f"{mark} new"
    if current == 0:
        return f"{mark} gone"
    text = percent(float((current - previous) / abs(previous) * 100))
    return f"{mark} {text}" if text[0] != "0" else f"{SAME} {text}"


def moved(delta: Decimal | None, width: int | None = None, decimals: int = 2) -> str:
    """A change in money with its arrow: `▲ +6,210.00`; with a width: arrow left, number right."""
    if delta is None:
        return UNKNOWN if width is None else UNKNOWN.rjust(width)
    mark = {"up": UP, "down": DOWN}.get(tone(delta), SAME)
    if width is None:
        return f"{mark} {signed(delta, None, decimals)}"
    return f"{mark} {signed(delta, width - 2, decimals)}" if width > 2 else MORE.rjust(width)[:width]


def change_column(pairs: Sequence[tuple[Decimal | None, Decimal | None]]) -> list[str]:
    """`change` for a column: arrows in line on the left, percents in line on the right."""
    texts = [change(previous, current) for previous, current in pairs]
    room = max((len(t) - 2 for t in texts if t != UNKNOWN), default=0)
    return [t if t == UNKNOWN else f"{t[0]} {t[2:].rjust(room)}" for t in texts]


def moved_column(deltas: Sequence[Decimal | None], decimals: int = 2) -> list[str]:
    """`moved` for a column: arrows in line on the left, numbers in line on the right."""
    room = max((len(signed(d, None, decimals)) + 2 for d in deltas if d is not None), default=3)
    return [moved(d, room, decimals) for d in deltas]


def tone(delta: Decimal | None) -> Tone:
    """The theme's tone for a change in cost; the arrow and the sign say the same."""
    if delta is None:
        return "muted"
    return "up" if delta > 0 else "down" if delta < 0 else ""


def tone_of(text: str) -> Tone:
    """The tone of a text that `change` or `moved` wrote."""
    tones: dict[str, Tone] = {UP: "up", DOWN: "down", UNKNOWN: "muted"}
    return tones.get(text.strip()[:1], "")


def share(value: float | None) -> str:
    """A part of a whole: `48.2 %`, `<0.1 %`; shares of a total with credits may lie outside 0–100 %."""
    if value is None:
        return UNKNOWN
    size = value * 100
    if 0 < abs(size) < 0.05:
        return "<0.1 %" if size > 0 else f">{MINUS}0.1 %"
    text = f"{abs(size):,.1f} %" if abs(size) < 9_999.95 else ">9,999 %"
    return (MINUS if size < 0 else "") + text


def count(value: int) -> str:
    """`1,204`."""
    return f"{value:,}"


def counted(value: int, what: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{value:,} {what}" if value == 1 else f"{value:,} {what}s"


def short_count(value: int) -> str:
    """`1.9 M`, `48 k`, `950`: for counts said in passing."""
    text = compact(Decimal(value), 2) if value >= 10_000 else f"{value:,}"
    return f"{text[:-1]} {text[-1]}" if text[-1].isalpha() else text


def day(value: date | None, year: bool = False) -> str:
    """`21 Nov`, or `21 Nov 2026`."""
    if value is None:
        return UNKNOWN
    return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def day_range(period: Period, year: bool = False) -> str:
    """The days of a period, ends included: `1–21 Nov`, `28 Oct – 3 Nov`, `21 Nov`."""
    first, last = period.start, period.last
    if last <= first:
        return day(first, year)
    if first.year != last.year:
        return f"{day(first, True)} – {day(last, True)}"
    if first.month != last.month:
        return f"{day(first)} – {day(last, year)}"
    return f"{first.day}–{day(last, year)}"


def day_list(days: Iterable[date]) -> str:
    """Up to three days by name, the month said once where they share it: `22, 23 Nov`; more as a range."""
    found = sorted(set(days))
    if not found:
        return ""
    if len(found) > 3:
        return day_range(Period(found[0], found[-1] + timedelta(days=1)))
    if len({(d.year, d.month) for d in found}) == 1:
        return ", ".join(str(d.day) for d in found) + f" {MONTHS[found[0].month - 1]}"
    return ", ".join(day(d) for d in found)


def month(value: date, *, short: bool = False) -> str:
    """`November 2026`, or `Nov 2026`."""
    return f"{(MONTHS if short else LONG_MONTHS)[value.month - 1]} {value.year}"


def bar(part: float | None, width: int) -> str:
    """A bar of `part` (0–1) of `width` columns in eighths; something positive is never invisible."""
    if part is None or part <= 0 or width <= 0:
        return ""
    whole, rest = divmod(max(1, round(min(part, 1.0) * width * 8)), 8)
    return EIGHTHS[7] * whole + (EIGHTHS[rest - 1] if rest else "")


def sparkline(values: Sequence[Decimal | None], width: int | None = None) -> str:
    """One column a value (`averaged` to `width`); unknown is a gap, a constant a line in the middle.

    The scale spans at least half of the largest value, so that noise does not look like a change.
    """
    found = list(values) if width is None else averaged(values, width)
    known = [v for v in found if v is not None]
    if not known or not any(known):
        return "".join(" " if v is None else LEVELS[0] for v in found)
    low, high = min(known), max(known)
    margin = max(Decimal(0), max(abs(low), abs(high)) / 2 - (high - low)) / 2
    low, high = low - margin, high + margin
    top = len(LEVELS) - 2  # the full block would touch the row above
    return "".join(" " if v is None else LEVELS[round((v - low) / (high - low) * top)] for v in found)


def averaged(values: Sequence[Decimal | None], buckets: int) -> list[Decimal | None]:
    """The values; where there are more than `buckets`, the mean of what is known in each run."""
    if len(values) <= buckets:
        return list(values)
    edges = [i * len(values) // buckets for i in range(buckets + 1)]
    runs = ([v for v in values[a:b] if v is not None] for a, b in pairwise(edges))
    return [sum(run, Decimal(0)) / len(run) if run else None for run in runs]


def _spellings(value: Decimal | None, decimals: int) -> tuple[str, ...]:
    if value is None:
        return ("unknown", UNKNOWN)
    return (_grouped(value, decimals), _grouped(value, 0), compact(value), compact(value, 1))


def _first_that_fits(texts: Iterable[str], width: int) -> str:
    return next((t for t in texts if len(t) <= width), MORE[:width])


def _grouped(value: Decimal, decimals: int) -> str:
    unit = Decimal(1).scaleb(-decimals)
    rounded = _CONTEXT.quantize(value, unit)
    if value and not rounded:
        return f"<{unit}" if value > 0 else f">{MINUS}{unit}"
    return f"{_sign(rounded)}{rounded.copy_abs():,.{decimals}f}"


def _significant(value: Decimal, digits: int) -> Decimal:
    power = value.adjusted()
    keep = max(digits, power % 3 + 1) if power >= 0 else digits  # the whole part of "182k" stays whole
    return _CONTEXT.quantize(value, Decimal(1).scaleb(power - keep + 1))


def _plain(value: Decimal) -> str:
    return _strip_zeros(f"{value:,f}")


def _strip_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sign(value: Decimal) -> str:
    return MINUS if value < 0 else ""


def _plus(text: str, value: Decimal) -> str:
    if value < 0:
        return text
    return f"<+{text[1:]}" if text.startswith("<") else f"+{text}"
