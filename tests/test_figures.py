"""Figures never overflow their place, never lose a digit in the middle, never turn unknown into 0."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui import figures as fmt
from finops_tui.store.query import Period

amounts = st.decimals(
    min_value=-(10**19), max_value=10**19, places=18, allow_nan=False, allow_infinity=False
) | st.decimals(min_value=-5000, max_value=5000, places=6, allow_nan=False, allow_infinity=False)
SCALE = {"k": 3, "M": 6, "B": 9, "T": 12}


def read(text: str) -> Decimal:
    """The number a person reads."""
    text = text.strip().replace(",", "").replace(fmt.MINUS, "-").replace("+", "")
    scale = SCALE.get(text[-1], 0)
    return Decimal(text[:-1] if scale else text).scaleb(scale)


@given(amounts, st.integers(1, 40), st.booleans())
def test_money_in_a_width_is_the_number_or_says_it_does_not_fit(
    value: Decimal, width: int, sign: bool
) -> None:
    text = (fmt.signed if sign else fmt.money)(value, width)
    assert len(text) == width
    shown = text.strip()
    if shown.startswith(fmt.MORE):
        return
    if shown[0] in "<>":
        assert value != 0
        assert abs(value) <= max(abs(read(shown[1:])), Decimal("0.5"))
        return
    # compact forms keep three significant digits or the whole part; grouped ones the units
    assert abs(read(shown) - value) <= max(abs(value) * Decimal("0.5"), Decimal("0.5"))
    if value and sign:
        assert shown[0] == ("+" if value > 0 else fmt.MINUS)


@given(amounts)
def test_money_without_a_width_keeps_every_cent(value: Decimal) -> None:
    text = fmt.money(value)
    if text[0] in "<>":
        assert abs(value) < Decimal("0.01")
    else:
        assert abs(read(text) - value) <= Decimal("0.005")
        assert text.rpartition(".")[2].isdigit()


@given(st.lists(st.none() | amounts, min_size=1, max_size=8), st.integers(6, 40))
def test_a_column_has_one_width_and_its_points_in_line(values: list[Decimal | None], width: int) -> None:
    texts = fmt.money_column(values, width)
    assert {len(t) for t in texts} == {width}
    if not any(t.strip()[-1:].isalpha() or fmt.MORE in t for t in texts):
        assert len({t.rfind(".") for t in texts if t.rfind(".") > 0 and t.strip() != fmt.UNKNOWN}) <= 1
    for value, text in zip(values, texts, strict=True):
        assert (text.strip() == fmt.UNKNOWN) == (value is None)


@given(amounts)
def test_compact_is_short_and_close(value: Decimal) -> None:
    text = fmt.compact(value)
    assert abs(read(text) - value) <= abs(value) * Decimal("0.005")
    if Decimal("0.01") < abs(value) < 10**14:
        assert len(text) <= 7


@given(st.floats(-2, 3) | st.none(), st.integers(0, 60))
def test_a_bar_never_leaves_its_place_and_shows_what_is_positive(part: float | None, width: int) -> None:
    text = fmt.bar(part, width)
    assert len(text) <= width
    assert bool(text) == (part is not None and part > 0 and width > 0)


@given(st.lists(st.none() | amounts, max_size=100), st.integers(1, 40))
def test_a_sparkline_shows_gaps_for_unknown_and_nothing_else(
    values: list[Decimal | None], width: int
) -> None:
    text = fmt.sparkline(values, width)
    assert len(text) == min(width, len(values))
    if len(values) <= width:
        assert [c == " " for c in text] == [v is None for v in values]


def test_a_sparkline_is_quiet_about_noise_and_shows_a_drop() -> None:
    def spark(*values: str) -> str:
        return fmt.sparkline([Decimal(v) for v in values])

    assert spark("7", "7", "7") == "▄▄▄"
    assert set(spark("100", "101", "99", "100")) <= set("▄")
    assert spark("100", "100", "10", "100") == "▇▇▁▇"
    assert spark("0", "0") == "▁▁"
    assert spark("-5", "-5") == "▄▄"


@given(amounts, amounts)
def test_changes_have_sign_and_arrow_that_agree(before: Decimal, after: Decimal) -> None:
    text = fmt.change(before, after)
    assert len(text) <= 13
    if after > before:
        assert text[0] in (fmt.UP, fmt.SAME)
        assert fmt.MINUS not in text
    if after < before:
        assert text[0] in (fmt.DOWN, fmt.SAME)
        assert "+" not in text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("100", "104.1", "▲ +4.1 %"),
        ("0", "5", "▲ new"),
        ("5", "0", "▼ gone"),
        ("0", "0", "= 0.0 %"),
        ("96", "2016", "▲ +2,000 %"),
        ("0.01", "10000", "▲ >+9,999 %"),
        ("100", "100.001", "= 0.0 %"),
        ("-50", "-40", "▲ +20.0 %"),
    ],
)
def test_change(before: str, after: str, text: str) -> None:
    assert fmt.change(Decimal(before), Decimal(after)) == text


def test_unknown_is_never_zero() -> None:
    assert fmt.change(None, Decimal(1)) == fmt.change(Decimal(1), None) == fmt.UNKNOWN
    assert fmt.money(None) == fmt.signed(None) == fmt.price(None) == fmt.quantity(None, "h") == fmt.UNKNOWN
    assert fmt.money(None, 12) == "     unknown"
    assert fmt.percent(None) == fmt.share(None) == fmt.compact(None) == fmt.UNKNOWN


def test_small_things_are_not_written_as_zero() -> None:
    assert fmt.money(Decimal("0.004")) == "<0.01"
    assert fmt.money(Decimal("-0.004")) == ">−0.01"
    assert fmt.share(0.0001) == "<0.1 %"
    assert fmt.price(Decimal("0.00000123456789")) == "0.00000123457"
    assert fmt.price(Decimal("1.5")) == "1.50"
    assert fmt.quantity(Decimal("1488.000"), "h") == "1,488 h"


def test_days_are_named_once() -> None:
    def period(start: date, days: int) -> Period:
        return Period(start, start + timedelta(days=days))

    assert fmt.day_range(period(date(2026, 11, 1), 21)) == "1–21 Nov"
    assert fmt.day_range(period(date(2026, 10, 28), 7)) == "28 Oct – 3 Nov"
    assert fmt.day_range(period(date(2025, 12, 30), 5)) == "30 Dec 2025 – 3 Jan 2026"
    assert fmt.day_range(period(date(2026, 11, 21), 1)) == "21 Nov"
    assert fmt.day_list([date(2026, 11, 23), date(2026, 11, 22)]) == "22, 23 Nov"
    assert fmt.day_list([date(2026, 10, 31), date(2026, 11, 1)]) == "31 Oct, 1 Nov"
    assert fmt.day_list(date(2026, 11, d) for d in range(1, 6)) == "1–5 Nov"
    assert fmt.day_list([]) == ""


@given(amounts, st.lists(amounts, max_size=30), st.floats(0, 1))
def test_plain_terminals_get_plain_characters_of_the_same_width(
    value: Decimal, values: list[Decimal], part: float
) -> None:
    for text in (fmt.moved(value, 16), fmt.sparkline(values), fmt.bar(part, 12), fmt.money(None)):
        plain = text.translate(fmt.ASCII)
        assert plain.isascii()
        assert len(plain) == len(text)
