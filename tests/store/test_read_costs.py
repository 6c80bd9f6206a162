"""Any cost query against a second answer in plain Python; two routes to one number must agree."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_tui.focus import Metric
from finops_tui.store.compile import like
from finops_tui.store.query import (
    Amount,
    CostQuery,
    CostResult,
    CostRow,
    Period,
    Where,
    drilled,
    exactly,
    plus,
)
from finops_tui.store.reader import Cache
from finops_tui.store.tiered import TIERED
from tests.store.read_bills import AS_OF, Charge, days, home, load
from tests.store.read_oracle import COMPARTMENTS, Sums, answer, keep, split, total

FIRST = date(2026, 8, 20)
DIMENSIONS = (
    "provider", "account", "service", "category", "sku", "compartment", "compartment:1", "compartment:2",
    "region", "resource", "charge_category", "charge_class", "currency", "tag:team", "tag:a/b~c",
)  # fmt: skip
PATTERNS = (
    "*", "(none)", "COMPUTE", "comp*", "COMP*", "*E*", "web-*", "root/eng", "root/eng/*", "root", "c1",
    "usage", "Tax", "US*", "acme", "Account a*", "t1", "50%_*", "50%*", "\\*star", "a\\b*", "B1", "SKU B*",
    "nothing",
)  # fmt: skip


def charges() -> list[Charge]:
    """A bill with what real ones have: nulls everywhere, two currencies, hostile names, wild amounts."""
    pick = random.Random(7)
    amounts = [None, Decimal(0), Decimal("0.000000000000000001"), Decimal("-3.5"), Decimal("12345678901.25")]
    found = []
    for day in days(FIRST, 90):
        for _ in range(14):
            number = pick.choice([None, *range(12)])
            found.append(
                Charge(
                    day=day,
                    hour=pick.randrange(24),
                    billed=pick.choice(
                        [*amounts, *(Decimal(pick.randrange(10**9)).scaleb(-6) for _ in range(9))]
                    ),
                    list_cost=pick.choice([None, Decimal(pick.randrange(10**6)).scaleb(-3)]),
                    account=pick.choice(["acme", "labs", None]) if number is None else "acme",
                    provider=pick.choice(["Oracle", "AWS"]) if number is None else "Oracle",
                    service=pick.choice(["COMPUTE", "DATABASE", "50%_off", "*star", None]),
                    category=pick.choice(["Compute", None]),
                    sku=pick.choice(["B1", "B2", "B88327", None]),
                    compartment=pick.choice([*COMPARTMENTS, "unnamed", None]),
                    region=pick.choice(["us-ashburn-1", "eu-frankfurt-1", None]),
                    resource=None if number is None else f"ocid1.instance.oc1..{number}",
                    name=None if number is None or number > 9 else f"web-{number}",
                    tags=pick.choice(
                        [None, '{"a/b~c":"a\\\\b x","team":"t1"}', '{"team":"*star"}', '{"other":"x"}']
                    ),
                    charge_category=pick.choice(["Usage"] * 6 + ["Tax", "Credit", None]),
                    charge_class=pick.choice([None] * 8 + ["Correction"]),
                    currency=pick.choice(["USD", "USD", "EUR", None]),
                    quantity=pick.choice([None, Decimal(0), Decimal(24), Decimal("7.25"), Decimal(3)]),
                    unit=pick.choice(["HOUR", "GB", None]),
                )
            )
    return found


CHARGES = charges()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    paths = home(tmp_path_factory.mktemp("home"))
    half = len(CHARGES) // 2
    load(paths, CHARGES[:half], name="one.csv", compartments=COMPARTMENTS)
    load(paths, CHARGES[half:], name="two.csv", rejected={"no date": 2})
    opened = Cache(paths, AS_OF)
    yield opened
    opened.close()


starts = st.integers(-5, 92).map(lambda n: FIRST + timedelta(days=n))
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(days=length)), starts, st.integers(1, 70)
)
wheres = st.builds(Where, st.sampled_from(DIMENSIONS), st.sampled_from(PATTERNS), st.booleans())
queries = st.builds(
    lambda group_by, where, period, back, metric, descending: CostQuery(
        group_by=tuple(group_by),
        where=tuple(where),
        period=period,
        compared=Period(period.start, period.start + timedelta(days=(period.days + 1) // 2))
        if back
        else None,
        compare=Period(period.start - timedelta(days=back), period.start) if back else None,
        metric=metric,
        descending=descending,
    ),
    st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True),
    st.lists(wheres, max_size=3),
    periods,
    st.integers(0, 40),
    st.sampled_from([Metric.BILLED, Metric.BILLED, Metric.LIST, Metric.QUANTITY]),
    st.booleans(),
)


def sums(result: CostResult) -> dict[tuple[tuple[str | None, ...], str | None], Sums]:
    by_unit = result.query.metric is Metric.QUANTITY
    return {
        (row.keys, row.unit if by_unit else row.currency): Sums(
            row.amount.cost, row.amount.compared, row.amount.previous
        )
        for row in result.rows
    }


def added(result: CostResult) -> dict[str | None, Amount]:
    """The rows added up per currency or unit."""
    by_unit = result.query.metric is Metric.QUANTITY
    found: dict[str | None, Amount] = {}
    for row in result.rows:
        money = row.unit if by_unit else row.currency
        so_far = found.get(money, Amount(None))
        found[money] = Amount(
            plus(so_far.cost, row.amount.cost),
            plus(so_far.previous, row.amount.previous),
            plus(so_far.compared, row.amount.compared),
        )
    return found


def of_reachable_past(query: CostQuery) -> CostQuery:
    """The query as the cache answers it: nothing before its first day is compared with."""
    if query.compare and query.compare.end <= FIRST:
        return query.but(compare=None, compared=None)
    return query


@settings(max_examples=120)
@given(query=queries)
def test_every_row_is_what_python_adds_up(cache: Cache, query: CostQuery) -> None:
    result = cache.costs(query)
    assert sums(result) == answer(CHARGES, of_reachable_past(query), AS_OF)
    whole = answer(CHARGES, of_reachable_past(query.but(group_by=())), AS_OF)
    assert result.totals == {
        money: Amount(sums.cost, sums.previous, sums.compared) for (_, money), sums in whole.items()
    }
    assert {m: a.cost or 0 for m, a in added(result).items()} == {
        m: a.cost or 0 for m, a in result.totals.items()
    }
    assert result.count == len(result.rows)
    for costs in in_blocks(result.rows, query, lambda row: row.amount.cost):
        known = [cost for cost in costs if cost is not None]
        assert known == sorted(known, reverse=query.descending)
        assert costs[len(known) :] == [None] * (len(costs) - len(known))


def in_blocks(
    rows: Iterable[CostRow], query: CostQuery, value: Callable[[CostRow], Decimal | None]
) -> list[list[Decimal | None]]:
    """The rows' values per currency or unit, whose rows must follow one another; most lines first."""
    by_unit = query.metric is Metric.QUANTITY
    blocks = [
        (money, [value(row) for row in block])
        for money, block in groupby(rows, lambda row: row.unit if by_unit else row.currency)
    ]
    order = [money for money, _ in blocks]
    assert len(set(order)) == len(order)
    lines = Counter(charge.currency for charge in CHARGES)
    assert by_unit or order == sorted(order, key=lambda money: -lines[money])
    return [values for _, values in blocks]


@settings(max_examples=40)
@given(query=queries, where=wheres)
def test_a_filter_and_its_negation_part_the_whole(cache: Cache, query: CostQuery, where: Where) -> None:
    query = query.but(group_by=(), where=tuple(w for w in query.where if w.dimension != where.dimension))
    sides = [
        cache.costs(query.but(where=(*query.where, Where(where.dimension, where.pattern, negated)))).totals
        for negated in (False, True)
    ]
    whole = cache.costs(query).totals
    assert whole.keys() == sides[0].keys() | sides[1].keys()
    for money, amount in whole.items():
        one, other = (side.get(money, Amount(None)) for side in sides)
        assert (plus(one.cost, other.cost) or 0) == (amount.cost or 0)


@settings(max_examples=25)
@given(query=queries, granularity=st.sampled_from(["day", "month"]))
def test_days_and_months_add_up_to_the_whole(cache: Cache, query: CostQuery, granularity: str) -> None:
    by_time = cache.costs(query.but(granularity=granularity))
    whole = cache.costs(query).totals
    assert by_time.totals.keys() == whole.keys()
    for money, amount in whole.items():
        assert by_time.totals[money].cost == amount.cost
    shown = [row.day for row in by_time.rows]
    assert shown == sorted(day for day in shown if day is not None)


@settings(max_examples=25)
@given(where=st.lists(wheres, max_size=2), period=periods)
def test_lines_daily_and_rollup_tell_one_number(cache: Cache, where: list[Where], period: Period) -> None:
    lines = cache.lines(where, period)
    expected = keep(CHARGES, where, Period(period.start, min(period.end, AS_OF)))
    assert lines.count == len(expected)
    shown = [*lines.page(0, 500), *lines.page(500, 5000)]
    assert len(shown) == lines.count
    for money, amount in lines.totals.items():
        assert amount == total(c.billed for c in expected if c.currency == money)
        assert amount == total(line["billed_cost"] for line in shown if line["billing_currency"] == money)
    by_sku, by_service = (
        cache.costs(CostQuery(group_by=(dimension,), where=tuple(where), period=period)).totals
        for dimension in ("sku", "service")
    )
    assert (
        {m: a.cost for m, a in by_sku.items()} == {m: a.cost for m, a in by_service.items()} == lines.totals
    )
    lines.close()


@settings(max_examples=30)
@given(
    group_by=st.lists(
        st.sampled_from(["account", "resource", "sku", "currency", "service", "compartment:2", "tag:team"]),
        max_size=2,
        unique=True,
    ),
    where=st.lists(wheres, max_size=1),
    back=st.integers(7, 40),
)
def test_movers_split_the_change_as_designed(
    cache: Cache, group_by: list[str], where: list[Where], back: int
) -> None:
    start = FIRST + timedelta(days=42)
    period = Period(start, start + timedelta(days=30))
    query = CostQuery(
        tuple(group_by), tuple(where), period, period, Period(start - timedelta(days=back), start), limit=None
    )
    expected = split(CHARGES, query, TIERED)
    changes = answer(CHARGES, query, AS_OF)
    found = cache.movers(query)
    lines = Counter(charge.currency for charge in CHARGES)
    assert list(found) == sorted(found, key=lambda m: (-lines[m.currency], m.delta.copy_abs().copy_negate()))
    for mover in found:
        key = (mover.keys, mover.currency)
        assert total(mover.parts.values()) == mover.delta
        assert mover.current == (changes[key].compared or 0)
        assert mover.previous == (changes[key].previous or 0)
        said = expected.pop(key)
        for name, part in mover.parts.items():
            size = abs(mover.current) + abs(mover.previous) + Decimal(10) ** 11
            assert abs(part - said.get(name, Decimal(0))) <= size * Decimal("1e-12"), name
    assert all(not part for parts in expected.values() for part in parts.values())


def test_drilling_down_asks_for_exactly_the_row(cache: Cache) -> None:
    query = cache.ask(group_by=("service", "tag:team", "resource"), period="all")
    for row in cache.costs(query).rows[::7]:
        inside = cache.costs(query.but(group_by=("charge_category",), where=drilled(query, row)))
        assert inside.totals[row.currency].cost == row.amount.cost


@given(st.text(st.sampled_from("a*\\(%_")))
def test_an_exact_filter_has_no_wildcard(text: str) -> None:
    assert like(exactly("service", text).pattern) == (text, True)


def test_windows_filter_and_order_of_a_table(cache: Cache) -> None:
    query = cache.ask(group_by=("resource", "service"), period="60d", compare="previous")
    table = cache.table(query)
    whole = table.page(0, table.count)
    assert [row for start in range(0, table.count, 7) for row in table.page(start, 7)] == list(whole)
    found = table.filter("WEB-1")
    kept = [row for row in whole if "web-1" in f"{row.keys}{row.labels}".lower()]
    assert list(found.page(0, 99)) == kept
    assert found.count == len(kept)
    assert found.totals["USD"].cost == total(row.amount.cost for row in kept if row.currency == "USD")
    assert found.all_totals == table.totals
    by_name = found.sorted("service", False)
    names = [row.keys[1] or "~" for row in by_name.page(0, 99)]
    assert names == sorted(names)
    by_delta = table.sorted("delta", True)
    moved = by_delta.page(0, table.count)
    for block in in_blocks(moved, query, lambda row: row.amount.delta):
        deltas = [delta for delta in block if delta is not None]
        assert deltas == sorted(deltas, reverse=True)
    for one in (table, found, by_delta):
        shown = one.page(0, one.count)
        assert [one.index((row.keys, row.currency)) for row in shown] == list(range(one.count))
    assert found.index((whole[0].keys, "XXX")) is None
    table.close()
    assert list(found.page(0, 99)) == kept
    for one in (found, by_name, by_delta):
        one.close()


def test_sparks_are_the_days_of_the_rows(cache: Cache) -> None:
    query = cache.ask(group_by=("compartment:2", "sku"), where=(Where("currency", "EUR"),), period="30d")
    rows = cache.costs(query.but(limit=5)).rows
    for (keys, money), days_ in cache.sparks(query, rows, 30).items():
        row = next(row for row in rows if (row.keys, row.currency) == (keys, money))
        assert len(days_) == 30
        assert total(cost for cost in days_ if cost is not None) == row.amount.cost


def test_the_notes_say_what_is_missing(cache: Cache) -> None:
    result = cache.costs(cache.ask(period="all", metric=Metric.LIST))
    unknown = sum(1 for charge in CHARGES if charge.list_cost is None)
    assert f"list cost unknown on {unknown} lines: not in the sums" in result.incomplete
    assert "some lines name no currency: they are a total of their own" in result.incomplete
    assert "2 lines of 1 file could not be read and are left out" in result.incomplete


def test_resource_facts_are_its_lines(cache: Cache) -> None:
    mine = [charge for charge in CHARGES if charge.resource == "ocid1.instance.oc1..3"]
    facts = cache.resource("ocid1.instance.oc1..3")
    assert facts.name == "web-3"
    assert facts.lines == len(mine)
    assert (facts.first_seen, facts.last_seen) == (mine[0].day, mine[-1].day)
    for money, amount in facts.totals.items():
        assert amount == total(charge.billed for charge in mine if charge.currency == money)
        daily = [day.cost for day in facts.daily if day.currency == money]
        assert total(daily) == amount
        assert total(sku.cost for sku in facts.skus if sku.currency == money) == amount


def test_completion_offers_what_is_there(cache: Cache) -> None:
    assert set(cache.values("service", "")) == {"COMPUTE", "DATABASE", "50%_off", "*star"}
    assert cache.values("service", "comp") == ["COMPUTE"]
    assert set(cache.values("compartment:2", "root/e")) == {"root/eng"}
    assert set(cache.values("tag:team", "")) == {"t1", "*star", "(untagged)"}
    assert set(cache.tag_keys()) == {"a/b~c", "team", "other"}
    assert "web-3" in cache.values("resource", "WEB")


def test_the_path_of_a_home_may_look_like_a_pattern(tmp_path: Path) -> None:
    paths = home(tmp_path / "a[1]*'b")
    load(paths, [Charge(date(2026, 11, 1), Decimal(5))])
    odd = Cache(paths, AS_OF)
    assert odd.costs(odd.ask(period="all")).totals == {"USD": Amount(Decimal(5))}
    odd.close()
