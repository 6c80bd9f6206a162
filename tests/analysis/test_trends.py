"""Trends against series whose trend is known, and against properties any series has."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui.analysis.trends import Trend, theil_sen, trends

FIRST = date(2026, 1, 1)


def frame(costs: list[float | None], series: str = "a", first: date = FIRST) -> pd.DataFrame:
    """A day per cost; None: a day without a row."""
    rows = [(series, first + timedelta(days=n), cost) for n, cost in enumerate(costs) if cost is not None]
    found = pd.DataFrame(rows, columns=["series", "day", "cost"])
    found["day"] = pd.to_datetime(found["day"])
    return found


def one(costs: list[float | None], days: int | None = None) -> Trend:
    return trends(frame(costs), FIRST, FIRST + timedelta(days=days or len(costs)))["a"]


def weekday(day: int) -> int:
    return (FIRST + timedelta(days=day)).weekday()


@pytest.mark.parametrize("days", [7, 20, 21, 90, 400])
def test_a_straight_line_has_its_slope_and_no_doubt(days: int) -> None:
    trend = one([100 + 2.5 * n for n in range(days)])
    assert trend.slope_per_day is not None
    assert trend.slope_per_day.mean == pytest.approx(2.5)
    assert trend.slope_per_day.lower == pytest.approx(2.5)
    assert trend.slope_per_day.upper == pytest.approx(2.5)
    assert trend.growth_percent == pytest.approx(2.5 * (days - 1))
    assert trend.volatility_percent == pytest.approx(0, abs=1e-9)


def test_weekends_and_outliers_do_not_bend_the_slope() -> None:
    costs: list[float | None] = [100 + 0.5 * n - (40 if weekday(n) >= 5 else 0) for n in range(84)]
    weekend = one(costs).weekend_ratio
    assert weekend is not None
    assert weekend < 0.75
    costs[3] = costs[50] = 5000.0
    trend = one(costs)
    assert trend.slope_per_day is not None
    assert trend.slope_per_day.mean == pytest.approx(0.5)


def test_the_worked_example_of_the_literature() -> None:
    """Sen (1968), page 1385: slope 4.00, interval 3.71 to 4.38 at 93 %; SciPy's own tests use it too."""
    x = np.array([1, 2, 3, 4, 10, 12, 18], dtype=np.int64)
    y = np.array([9, 15, 19, 20, 45, 55, 78], dtype=np.float64)
    slope = theil_sen(x, y, 0.93)
    assert slope.mean == pytest.approx(4.0)
    assert (slope.lower, slope.upper) == pytest.approx((3.71, 4.38), abs=0.01)


def test_the_interval_holds_the_true_slope_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        costs = 100 + 0.3 * np.arange(60) + rng.normal(0, 5, 60)
        slope = theil_sen(np.arange(60, dtype=np.int64), costs)
        held += slope.lower <= 0.3 <= slope.upper
    assert 180 <= held <= 200


def test_too_few_days_say_nothing_and_why() -> None:
    trend = one([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert trend == Trend(None, None, None, None, None, 6, "only 6 known days")


def test_days_before_the_first_are_not_zero_days_and_later_gaps_are() -> None:
    late = trends(frame([10.0] * 30, first=FIRST + timedelta(days=60)), FIRST, FIRST + timedelta(days=90))[
        "a"
    ]
    assert late.days == 30
    assert late.slope_per_day is not None
    assert late.slope_per_day.mean == 0
    gone = one([10.0] * 30, days=90)
    assert gone.days == 90
    assert gone.growth_percent is None or gone.growth_percent <= 0


def test_unknown_days_are_left_out_not_taken_as_0() -> None:
    costs: list[float | None] = [10.0] * 40
    costs[5] = float("nan")
    trend = one(costs)
    assert trend.days == 39
    assert trend.volatility_percent == 0


def test_the_month_end_is_held_against_the_rest_of_whole_months() -> None:
    days = [FIRST + timedelta(days=n) for n in range(90)]  # January to March
    costs: list[float | None] = [30.0 if (d + timedelta(days=3)).day <= 3 else 10.0 for d in days]
    assert one(costs).month_end_effect == pytest.approx(3.0)
    assert one(costs[:25]).month_end_effect is None


@given(
    st.lists(
        st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False), st.just(0.0)), min_size=1, max_size=60
    ),
    st.integers(1, 80),
)
def test_whatever_comes_no_figure_is_nan_or_infinite(costs: list[float | None], days: int) -> None:
    for trend in trends(frame(costs), FIRST, FIRST + timedelta(days=days)).values():
        slope = trend.slope_per_day
        figures = [
            trend.growth_percent,
            trend.volatility_percent,
            trend.weekend_ratio,
            trend.month_end_effect,
        ]
        figures += [slope.mean, slope.lower, slope.upper] if slope else []
        assert all(figure is None or np.isfinite(figure) for figure in figures)
        if slope:
            assert slope.lower <= slope.mean <= slope.upper


@given(st.lists(st.floats(0.5, 1e6), min_size=7, max_size=50), st.floats(0.01, 100))
def test_money_scales_and_ratios_do_not(costs: list[float], factor: float) -> None:
    plain, scaled = one(list(costs)), one([cost * factor for cost in costs])
    assert plain.slope_per_day is not None
    assert scaled.slope_per_day is not None
    size = max(costs) * factor
    assert scaled.slope_per_day.mean == pytest.approx(
        plain.slope_per_day.mean * factor, rel=1e-6, abs=size * 1e-9
    )
    assert scaled.weekend_ratio == pytest.approx(plain.weekend_ratio, rel=1e-6)
    assert scaled.volatility_percent == pytest.approx(plain.volatility_percent, rel=1e-6, abs=1e-6)
