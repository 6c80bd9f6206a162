"""Explore's question: drilling and coming back, words and views, periods."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.store.query import Amount, CostRow, Period, Where, exactly
from finops_tui.tui.screens import explore_state as state
from finops_tui.tui.screens.explore_state import Level, Lines, Question, Resource, Trail, drill

AS_OF = date(2026, 11, 23)
DIMENSIONS = (
    "provider",
    "account",
    "service",
    "sku",
    "compartment",
    "compartment:2",
    "region",
    "resource",
    "tag:team",
)

texts = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
wheres = st.builds(Where, st.sampled_from(DIMENSIONS), texts.filter(lambda t: t.strip() == t), st.booleans())
questions = st.builds(
    Question,
    group_by=st.one_of(
        st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=2, unique=True).map(tuple),
        st.sampled_from([("day",), ("month",), ()]),
    ),
    where=st.lists(wheres, max_size=3).map(tuple),
    period=st.sampled_from([*state.PERIODS, "2026-10", "14d"]),
    compare=st.sampled_from(state.COMPARES),
    metric=st.sampled_from(list(Metric)),
    charges=st.sampled_from(sorted(state.CHARGES)),
    order_by=st.sampled_from(state.SORTS),
    descending=st.booleans(),
)


def row(question: Question, *keys: str | None) -> CostRow:
    wanted = len(question.dimensions)
    day = date(2026, 11, 3) if question.granularity != "total" else None
    found = (*keys, *(["x"] * wanted))[:wanted]
    return CostRow(found, "USD", Amount(Decimal(1)), day=day)


@given(questions, st.lists(st.one_of(st.none(), texts), max_size=8), texts)
def test_coming_back_asks_what_was_asked_before(
    question: Question, keys: list[str | None], text: str
) -> None:
    trail = Trail((Level(question),)).filter(text)
    steps = [trail]
    for key in keys:
        found = drill(trail.here.question, row(trail.here.question, key))
        if not isinstance(found, Question):
            break
        trail = trail.down(found, ("row", key))
        steps.append(trail)
    while len(steps) > 1:
        steps.pop()
        trail = trail.up()
        assert trail.here.question == steps[-1].here.question and trail.here.text == steps[-1].here.text
    assert trail.here.question == question and trail.up() == trail


@given(questions, st.lists(st.one_of(st.none(), texts), min_size=1, max_size=12))
def test_enter_always_ends_at_a_resource_or_at_lines(question: Question, keys: list[str | None]) -> None:
    found: object = question
    for number in range(16):
        if not isinstance(found, Question):
            break
        found = drill(found, row(found, keys[number % len(keys)]))
    assert isinstance(found, Resource | Lines)


def test_the_way_down() -> None:
    question = Question()
    services = drill(question, row(question, "COMPUTE"))
    assert isinstance(services, Question)
    assert services.group_by == ("compartment",) and services.where == (exactly("service", "COMPUTE"),)
    resources = drill(services, row(services, "root/eng"))
    assert isinstance(resources, Question) and resources.group_by == ("resource",)
    assert drill(resources, row(resources, "ocid1.x")) == Resource("ocid1.x")
    days = drill(resources, row(resources, None))
    assert isinstance(days, Question) and days.granularity == "day" and days.order_by == "date"
    lines = drill(days, row(days))
    assert isinstance(lines, Lines) and lines.period == Period(date(2026, 11, 3), date(2026, 11, 4))
    assert [w.dimension for w in lines.where] == ["service", "compartment", "resource"]


def test_what_is_fixed_is_not_asked_again() -> None:
    question = Question(
        group_by=("region",), where=(exactly("service", "COMPUTE"), Where("compartment", "root/*"))
    )
    found = drill(question, row(question, "us-ashburn-1"))
    assert isinstance(found, Question) and found.group_by == ("compartment",)


def test_compartments_go_one_level_deeper_until_a_leaf() -> None:
    question = Question(group_by=("compartment:1",))
    deeper = drill(question, row(question, "root"))
    assert isinstance(deeper, Question) and deeper.group_by == ("compartment:2",)
    assert deeper.where == (Where("compartment:1", "root"),)
    leaf = drill(deeper, row(deeper, "root"))
    assert isinstance(leaf, Question) and leaf.group_by == ("resource",)


def test_the_charge_switch_reaches_the_lines() -> None:
    question = Question(group_by=("day",), charges="usage")
    found = drill(question, row(question))
    assert isinstance(found, Lines) and Where("charge_category", "Usage") in found.where


@given(questions)
def test_a_question_in_words_is_the_same_question(question: Question) -> None:
    words = state.to_words(question)
    again = state.from_words(state.split(words))
    assert again == question and state.to_words(again) == words


def test_words_in_any_order() -> None:
    found = state.from_words(
        ["90d", "service,region", "compartment=root/eng/*", "tag:team!=ml", "effective", "compare=year"]
    )
    assert found.group_by == ("service", "region") and found.period == "90d"
    assert found.where == (Where("compartment", "root/eng/*"), Where("tag:team", "ml", negated=True))
    assert (found.metric, found.compare) == (Metric.EFFECTIVE, "year")


@pytest.mark.parametrize("word", ["servise", "0d", "metric=silly", "charges=none", "=", "compare=never"])
def test_a_word_that_means_nothing_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        state.from_words([word])


@given(st.dates(date(2024, 1, 1), date(2026, 10, 1)), st.integers(1, 400), st.integers(1, 5))
def test_a_shifted_period_comes_back(start: date, days: int, steps: int) -> None:
    period = Period(start, start + timedelta(days=days))
    if period.end > AS_OF:
        return
    earlier = state.shift(period, -steps, AS_OF)
    assert earlier is not None and state.shift(earlier, steps, AS_OF) == Period(period.start, period.end)


def test_months_shift_by_months_and_never_past_today() -> None:
    month_to_date = Period(date(2026, 11, 1), date(2026, 11, 23), "mtd")
    october = state.shift(month_to_date, -1, AS_OF)
    assert october == Period(date(2026, 10, 1), date(2026, 11, 1))
    assert state.shift(october, 1, AS_OF) == Period(date(2026, 11, 1), AS_OF)
    assert state.shift(month_to_date, 1, AS_OF) is None
    assert state.shift(Period(date(2026, 11, 16), AS_OF, "7d"), 1, AS_OF) is None


def test_sorting_twice_turns_the_order_round() -> None:
    by_name = Question().sorted("service")
    assert (by_name.order_by, by_name.descending) == ("service", False)
    assert by_name.sorted("service").descending and by_name.sorted("delta").descending
