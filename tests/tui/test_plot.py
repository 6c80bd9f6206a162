"""The chart is as large as asked, marks what is provisional, leaves gaps for what is unknown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui import figures as fmt
from finops_tui.store.facts import DayCost
from finops_tui.tui.widgets.plot import MONTH, Plot, plot

START = date(2026, 8, 26)
BRAILLE = {chr(c) for c in range(0x2801, 0x2900)}


def days(*costs: str | None, provisional: int = 0) -> list[DayCost]:
    """A day per cost from START on, the last `provisional` of them not complete."""
    return [
        DayCost(
            START + timedelta(days=i), "USD", None if c is None else Decimal(c), i >= len(costs) - provisional
        )
        for i, c in enumerate(costs)
    ]


def canvas(drawn: Plot) -> list[str]:
    """The plot without amounts and days."""
    return [line[drawn.gutter :] for line in drawn.lines[:-1]]


@given(
    st.lists(st.none() | st.decimals(-(10**9), 10**9, places=2), max_size=420),
    st.integers(1, 200),
    st.integers(1, 30),
    st.booleans(),
)
def test_every_line_has_the_width_that_was_asked(
    costs: list[Decimal | None], width: int, height: int, ascii_only: bool
) -> None:
    series = [DayCost(START + timedelta(days=i), "USD", c, i > len(costs) - 3) for i, c in enumerate(costs)]
    drawn = plot(series, width, height, ascii_only=ascii_only)
    assert all(len(line) == width for line in drawn.lines)
    assert len(drawn.lines) in (0, height)
    if ascii_only:
        assert all(line.isascii() for line in drawn.lines)


def test_unknown_days_are_gaps_and_a_known_zero_is_not() -> None:
    drawn = plot(days("8", "8", None, None, "0", "7", "8", "8"), 69, 8)
    bottom = canvas(drawn)[-1]
    filled = [bottom[(2 * i + 1) * len(bottom) // 16] in BRAILLE for i in range(8)]
    assert filled == [True, True, False, False, True, True, True, True]


def test_provisional_days_have_a_mark_of_their_own() -> None:
    drawn = plot(days(*["9"] * 10, provisional=2), 80, 8)
    bottom = canvas(drawn)[-1].rstrip()
    assert fmt.PROVISIONAL in bottom
    assert bottom.index(fmt.PROVISIONAL) >= len(bottom) * 0.75
    assert not any(set(line[bottom.index(fmt.PROVISIONAL) + 1 :]) & BRAILLE for line in canvas(drawn))
    plain = plot(days(*["9"] * 10, provisional=2), 80, 8, ascii_only=True)
    assert set(canvas(plain)[-1]) <= set(".|: ")
    assert ":" in canvas(plain)[-1]


def test_a_day_twice_as_dear_is_twice_as_high() -> None:
    drawn = plot(days("10", "5"), 60, 21, ascii_only=True)
    lines = canvas(drawn)
    heights = [sum(line[x] in "#." for line in lines) for x in (2, 18)]
    assert heights[0] == 20
    assert heights[1] in (10, 11)


def test_axes_are_read_by_people() -> None:
    drawn = plot(days(*[str(8000 + 60 * i) for i in range(90)]), 116, 12)
    amounts = [line[: drawn.gutter].strip() for line in drawn.lines[:-1]]
    assert [a for a in amounts if a] == ["12k ┤", "9k ┤", "6k ┤", "3k ┤", "0 ┤"]
    assert drawn.lines[-1].split()[:4] == ["1", "Sep", "8", "Sep"]


@pytest.mark.parametrize(("count", "means"), [(90, 1), (200, 1), (400, 7), (2000, 28)])
def test_more_days_than_columns_become_means(count: int, means: int) -> None:
    drawn = plot(days(*["10"] * count), 110, 10)
    assert drawn.days_per_column == means
    assert canvas(drawn)[0].strip(), "a mean of equal days is as high as each of them"


def test_credits_hang_below_zero() -> None:
    drawn = plot(days("-5", "-5", "-5"), 60, 8)
    assert drawn.lines[0].split()[0] == "0"
    assert any(line.strip().startswith(fmt.MINUS) for line in drawn.lines)


def test_nothing_known_draws_nothing() -> None:
    assert plot([], 80, 8).lines == ()
    assert plot(days(None, None), 80, 8).lines == ()


def test_months_begin_where_a_line_stands_and_their_day_is_named_below() -> None:
    drawn = plot(days(*["10"] * 90), 80, 8)
    rows, below = canvas(drawn), drawn.lines[-1][drawn.gutter :]
    places = [x for x, glyph in enumerate(rows[-1]) if glyph == MONTH]
    assert [below[x : x + 5] for x in places] == ["1 Sep", "1 Oct", "1 Nov"]


def test_few_days_do_not_fill_the_screen() -> None:
    assert {len(line.rstrip()) for line in canvas(plot(days("5"), 118, 8))} <= {0, 12}
