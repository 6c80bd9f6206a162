"""The write side over random bills: exact sums, one live source per day, no trace of order or replacement."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from finops_tui.focus import CORRECTION, Source
from finops_tui.store.daily import AMOUNTS, DAILY_COLUMNS, DIMENSIONS, ROLLUP_COLUMNS, UNKNOWN
from finops_tui.store.live import ORDER
from tests.store.write_bills import File, Held, Line, home, load

FIRST = date(2026, 9, 28)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""No shrinking: each try is a refresh on disk."""

LINES = st.builds(
    Line,
    day=st.integers(0, 5).map(lambda n: FIRST + timedelta(days=n)),
    cost=st.none() | st.decimals(-100, 100, places=6) | st.decimals(0, 1, places=18),
    account=st.sampled_from(["acme", "child", None]),
    service=st.sampled_from(["Compute", "Storage"]),
    resource=st.sampled_from([None, "r1", "r2", "it's"]),
    tags=st.sampled_from([None, "{}", '{"a":"1","b":"2"}', '{"b": "2", "a": 1}', "no json", '{"a":null}']),
    currency=st.sampled_from(["USD", "EUR"]),
    charge_class=st.sampled_from([None, None, CORRECTION]),
    hour=st.integers(0, 23),
)

ARRIVALS = st.integers(-2, 10).map(lambda n: datetime(2026, 9, 28, 6) + timedelta(days=n))


@st.composite
def bills(draw: st.DrawFn, name: str) -> File:
    source = draw(st.sampled_from(list(Source)))
    lines = tuple(draw(st.lists(LINES, min_size=1, max_size=6)))
    arrived = None if source is Source.IMPORT else draw(ARRIVALS)
    return File(name, lines, source, arrived)


@st.composite
def loads(draw: st.DrawFn) -> list[list[File]]:
    """Commits of files: some replace earlier ones of their name."""
    names = draw(st.lists(st.lists(st.sampled_from("abcd"), unique=True, min_size=1, max_size=3), max_size=4))
    return [[draw(bills(name)) for name in commit] for commit in names]


def standing(commits: list[list[File]]) -> list[File]:
    """The files whose lines count at the end."""
    files: dict[str, File] = {}
    for commit in commits:
        for file in commit:
            if file.sha256 not in {other.sha256 for other in files.values()}:
                files[file.name] = file
    return list(files.values())


Unit = tuple[str | None, date]


def live_sources(files: list[File]) -> dict[Unit, Source]:
    """DESIGN's rules once more, in plain Python: which source is live for an (account, day)."""
    lines: dict[tuple[Unit, Source], list[Line]] = defaultdict(list)
    objects: dict[tuple[str | None, Source], list[datetime]] = defaultdict(list)
    for file in files:
        for line in file.lines:
            lines[(line.account, line.day), file.source].append(line)
            if file.arrived:
                objects[line.account, file.source].append(file.arrived)
    return {unit: _live(unit, lines, objects) for unit, _ in lines}


def _live(unit: Unit, lines: Any, objects: Any) -> Source:
    account, day = unit
    start = datetime(day.year, day.month, day.day)
    settled = start + timedelta(days=1, hours=36)
    held = [source for source in ORDER if (unit, source) in lines]
    rank: dict[Source, int] = {}
    for place, source in enumerate(held):
        published = objects[account, source]
        usual = any(line.charge_class != CORRECTION for line in lines[unit, source])
        late = bool(published) and max(published) >= settled
        if source is Source.IMPORT:
            rank[source] = 300
        elif source is Source.USAGE_API:
            rank[source] = place if late else 100
        elif usual and late and min(published) <= start:
            rank[source] = place
        else:
            rank[source] = (200 if usual and min(published) < settled else 400) + place
    return min(held, key=rank.__getitem__)


def money(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def check_sums(held: Held, files: list[File]) -> None:
    """Lines, live and outranked: each table holds exactly what the files say."""
    live = live_sources(files)
    wanted: dict[bool, dict[Any, list[Decimal | None]]] = {True: defaultdict(list), False: defaultdict(list)}
    for file in files:
        for line in file.lines:
            key = (line.account, line.day, line.service, line.currency, file.source.value)
            wanted[live[line.account, line.day] is file.source][key].append(line.cost)
    keys = "account_id, day, service_name, billing_currency, x_source"
    for kind, counts in (("daily", True), ("rollup", True), ("shadow", False)):
        rows = held.ask([kind], f"{keys}, sum(billed_cost), sum(lines), sum(billed_unknown)", "GROUP BY ALL")
        found = {row[:5]: row[5:] for row in rows}
        assert found == {
            key: (money(costs), len(costs), costs.count(None)) for key, costs in wanted[counts].items()
        }, kind


def contents(held: Held) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a reader can see, but for the numbers of files."""
    shown = {kind: held.ask([kind], "*", "ORDER BY ALL") for kind in ("daily", "rollup", "shadow", "units")}
    accounts = {row[0] for row in held.ask(["daily", "shadow"], "DISTINCT account_id")}
    # Names are labels, not numbers: they outlive the file that brought them.
    names = held.ask(["names"], "kind, id, name", "ORDER BY ALL")
    labels = {
        "resources": held.ask(["resources"], "*", "ORDER BY ALL"),
        "names": [row for row in names if row[0] != "account" or row[1] in accounts],
    }
    used = {row[0] for row in held.ask(["daily", "shadow"], "DISTINCT tagset_key")}
    tags = [row for row in held.ask(["tagsets"], "*", "ORDER BY ALL") if row[0] in used]
    return {**shown, **labels, "tagsets": tags, "lines": held.lines()}


@settings(max_examples=8, phases=PHASES)
@given(commits=loads())
def test_every_table_holds_exactly_what_the_files_say(
    commits: list[list[File]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    paths = home(tmp_path_factory.mktemp("home"))
    for number, commit in enumerate(commits):
        load(paths, *commit)
        check_sums(Held(paths), standing(commits[: number + 1]))


@settings(max_examples=4, phases=PHASES)
@given(files=st.lists(bills("-"), min_size=2, max_size=5), order=st.randoms(use_true_random=False))
def test_the_order_of_loading_leaves_no_trace(
    files: list[File], order: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    named = [replace(file, name=str(number)) for number, file in enumerate(files)]
    at_once, one_by_one = (home(tmp_path_factory.mktemp("home")) for _ in range(2))
    load(at_once, *named)
    order.shuffle(named)
    for file in named:
        load(one_by_one, file)
    assert contents(Held(one_by_one)) == contents(Held(at_once))


@settings(max_examples=5, phases=PHASES)
@given(first=bills("a"), second=bills("a"), beside=bills("b"))
def test_replacing_a_file_and_replacing_it_back_equals_the_original(
    first: File, second: File, beside: File, tmp_path_factory: pytest.TempPathFactory
) -> None:
    paths = home(tmp_path_factory.mktemp("home"))
    load(paths, first, beside)
    original = contents(Held(paths))
    load(paths, second)
    check_sums(Held(paths), [second, beside])
    load(paths, first)
    assert contents(Held(paths)) == original


def test_daily_rows_are_the_lines_summed_by_every_dimension(tmp_path: Path) -> None:
    lines = [
        Line(FIRST, Decimal("0.1") ** n, resource=f"r{n % 3}", tags=f'{{"n":"{n % 2}"}}') for n in range(12)
    ]
    load(home(tmp_path), File("a", tuple(lines)), File("b", (Line(FIRST, None, resource="r1"),)))
    held = Held(home(tmp_path))
    keys = ", ".join(f"{sql} AS {name}" for name, sql in DIMENSIONS.items())
    sums = ", ".join(f"CAST(sum({sql}) AS DECIMAL(38,18))" for sql in AMOUNTS.values())
    unknown = ", ".join(f"count(*) - count({AMOUNTS[name]})" for name in UNKNOWN)
    wanted = held.ask(["lines"], f"{keys}, {sums}, count(*), {unknown}", "GROUP BY ALL ORDER BY ALL")
    assert held.ask(["daily"], ", ".join(DAILY_COLUMNS), "ORDER BY ALL") == wanted
    assert len(held.ask(["rollup"], ", ".join(ROLLUP_COLUMNS))) == 1


def test_tags_are_one_set_however_they_are_written(tmp_path: Path) -> None:
    texts = ['{"b": "2", "a": "1"}', '{"a":"1","b":"2"}', '{"a":1,"b":"2"}', "{}", "", None, "oops", "[1]"]
    done = load(home(tmp_path), File("a", tuple(Line(FIRST, tags=text) for text in texts)))
    held = Held(home(tmp_path))
    found = held.ask(["lines"], "tags, count(*)", "GROUP BY 1 ORDER BY 1")
    assert found == [
        ('{"(unreadable)":"[1]"}', 1),
        ('{"(unreadable)":"oops"}', 1),
        ('{"a":"1","b":"2"}', 3),
        (None, 3),
    ]
    assert done.unreadable_tags == 2
