"""Explore on real caches, through the keyboard: drilling, filters, sums, marks, periods, views, exports."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from finops_tui.store.query import Period
from finops_tui.tui.screens.explore import ExploreScreen
from finops_tui.tui.widgets.chart import Chart
from finops_tui.tui.widgets.query_table import QueryTable
from tests.app import Driven
from tests.bills import BillLine
from tests.tui.screens import AS_OF, bill_in, on_screen, use

PATHS = ("root/eng/ml", "root/eng/web", "root/data")


def lines(days: int = 60) -> Iterator[BillLine]:
    """Three services over three compartments; machine n of a service costs n a day; one machine in EUR."""
    for back in range(1, days + 1):
        day = AS_OF - timedelta(days=back)
        for service in ("COMPUTE", "DATABASE", "NETWORK"):
            for number in range(1, 7):
                yield BillLine(
                    day,
                    Decimal(number * (3 if service == "COMPUTE" else 1)),
                    service=service,
                    resource=f"ocid1.x.oc1..{service.lower()}{number}",
                    compartment=PATHS[number % 3],
                    tags={"team": "ml"} if number % 2 else {},
                )
        yield BillLine(day, Decimal("2.5"), service="DNS", currency="EUR", account="ocid1.tenancy.oc1..emea")
    yield BillLine(AS_OF - timedelta(days=3), Decimal(-50), category="Credit", resource=None)


@pytest.fixture
def explored(home: Path) -> Path:
    bill_in(home, lines())
    return home


def explore(app: Driven) -> ExploreScreen:
    assert isinstance(app.app.screen, ExploreScreen)
    return app.app.screen


def table(app: Driven) -> QueryTable:
    return explore(app).query_one(QueryTable)


def names(app: Driven) -> list[str]:
    """The first cell of the rows in sight."""
    found = table(app)
    key = found.columns[0].key
    return [row.cells[key].text for row in found.visible_rows]


def under_cursor(app: Driven, column: str) -> str:
    row = table(app).row
    assert row is not None
    return row.cells[column].text


def text(app: Driven, line: int) -> str:
    return on_screen(app.app).split("\n")[line]


def test_down_to_a_resource_and_back_to_the_same_row(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2")
        assert names(app)[0] == "COMPUTE" and "by service" in text(app, 1)
        await app.press("j", "enter")
        assert "service DATABASE" in text(app, 1) and set(names(app)) == set(PATHS)
        await app.press("j", "enter")
        second = explore(app).question.where[-1].pattern
        assert "by resource" in text(app, 1) and len(names(app)) == 2
        await app.press("j", "enter")
        assert app.where == "resource"
        await app.press("escape")
        assert app.where == "explore" and table(app).cursor == 1
        await app.press("q")
        assert under_cursor(app, "compartment") == second
        await app.press("escape")
        assert "by service" in text(app, 1) and table(app).cursor == 1
        await app.press("escape")
        assert app.where == "overview"

    use(explored, look)


def test_sums_are_per_currency_and_follow_filter_and_marks(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2")
        usd = 30 * (63 + 21 + 21) - 50
        assert f"USD {usd:,}.00" in text(app, -3) and "EUR 75.00" in text(app, -3)
        await app.press("slash", "d", "a", "t")
        assert names(app) == ["DATABASE"] and "USD 630.00" in text(app, -3) and "EUR" not in text(app, -3)
        assert "filter: dat" in text(app, 1)
        await app.press("escape")
        assert len(names(app)) == 4
        await app.press("slash", "n", "enter")
        assert set(names(app)) == {"NETWORK", "DNS"}
        await app.press("g", "space", "space")
        assert "2 marked · USD 630.00 · EUR 75.00" in text(app, -3)
        await app.press("escape")
        assert "marked" not in text(app, -3) and "filter: n" in text(app, 1)
        await app.press("escape")
        assert len(names(app)) == 4 and app.where == "explore"

    use(explored, look)


def test_the_question_is_edited_by_keys(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2")
        await app.press("b", *"tag:team", "enter")
        assert set(names(app)) == {"ml", "(untagged)"}
        await app.press("x")
        assert explore(app).question.charges == "usage" and "USD 3,150.00" in text(app, -3)
        await app.press("c", "m", "t")
        question = explore(app).question
        assert (question.compare, str(question.metric), question.period) == ("year", "effective", "90d")
        await app.command("period 2026-09")
        await app.press("left_square_bracket")
        assert explore(app).question.period == Period(date(2026, 8, 1), date(2026, 9, 1))
        await app.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        assert explore(app).question.period == Period(date(2026, 10, 1), AS_OF)
        assert "nothing is charged later" in text(app, -2)

    use(explored, look)


def test_sorting_keeps_the_row(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2")
        await app.command("explore service compare=none currency=USD")
        assert names(app) == ["COMPUTE", "DATABASE", "NETWORK"]
        await app.press("G")
        await app.command("sort service")
        assert names(app) == ["COMPUTE", "DATABASE", "NETWORK"] and "▲" in text(app, 2)
        await app.press("S")
        assert names(app) == ["NETWORK", "DATABASE", "COMPUTE"]
        assert under_cursor(app, "service") == "NETWORK"

    use(explored, look)


def test_turning_the_order_of_many_rows_keeps_the_row(home: Path) -> None:
    day = AS_OF - timedelta(days=3)
    bill_in(home, [BillLine(day, Decimal(n), resource=f"ocid1.x.oc1..{n:05}") for n in range(1, 4001)])

    async def look(app: Driven) -> None:
        await app.press("2")
        await app.command("explore resource 30d compare=none")
        await app.press("j", "j", "S")
        assert under_cursor(app, "cost") == "3,998.00"
        assert table(app).cursor == 3997

    use(home, look)


def test_a_compartment_row_is_its_subtree(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("explore compartment:2 charges=usage currency=USD compare=none")
        assert "root/eng" in names(app)
        whole = explore(app)._answer.table.page(0, 1)[0].amount.cost  # type: ignore[union-attr]
        await app.press("g", "enter")
        assert set(names(app)) == {"root/eng/ml", "root/eng/web"}
        parts = explore(app)._answer.table.totals["USD"].cost  # type: ignore[union-attr]
        assert whole == parts == 30 * 5 * sum(n for n in range(1, 7) if n % 3 != 2)

    use(explored, look)


def test_days_lead_to_their_lines(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("explore day service=NETWORK 7d compare=none")
        assert names(app)[0].endswith("19 Oct 2026") and len(names(app)) == 7
        await app.press("enter")
        assert app.where == "lines" and "6 lines" in text(app, -3) and "USD 21.00" in text(app, -3)
        await app.press("escape")
        assert app.where == "explore"

    use(explored, look)


def test_views_are_saved_and_come_back(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2", "v")
        assert "no view is saved yet" in text(app, -2)
        await app.command("explore region service=NET* 7d compare=year")
        await app.command("save my networks")
        await app.command("explore service 30d")
        await app.press("v")
        await app.press(*"my", "tab", "enter")
        question = explore(app).question
        assert question.group_by == ("region",) and question.period == "7d" and question.compare == "year"
        await app.command("forget my networks")
        await app.command("view my networks")
        assert "there is no view" in text(app, -2)

    use(explored, look)


def test_what_is_exported_is_what_is_on_the_screen(explored: Path, tmp_path: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("explore resource service=COMPUTE 30d compare=none")
        await app.press("slash", *"compute3", "enter")
        for format_ in ("json", "csv", "md"):
            await app.command(f"export {format_} {tmp_path}/out.{format_}")
            assert f"written to {tmp_path}/out.{format_}" in text(app, -2)

    use(explored, look)
    found = json.loads((tmp_path / "out.json").read_text(), parse_float=Decimal)
    assert [(row["resource"], row["cost"]) for row in found["rows"]] == [("ocid1.x.oc1..compute3", 270)]
    assert found["filter"] == "compute3"
    with (tmp_path / "out.csv").open() as file:
        assert [row["resource"] for row in csv.DictReader(file)] == ["ocid1.x.oc1..compute3"]
    markdown = (tmp_path / "out.md").read_text()
    assert "compute3" in markdown and "compute4" not in markdown


def test_the_chart_is_of_the_selection(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2", "p")
        chart = explore(app).query_one(Chart)
        assert "COMPUTE" in on_screen(app.app).split("per day")[0].split("\n")[-1]
        await app.press("p")
        assert "per day" not in on_screen(app.app)
        await app.press("j", "space", "space", "p")
        assert "2 rows: DATABASE, NETWORK" in chart.text

    use(explored, look, (120, 36))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45), (60, 15)])
def test_every_size_shows_whole_numbers(explored: Path, size: tuple[int, int]) -> None:
    async def look(app: Driven) -> None:
        await app.press("2")
        assert "1,840.00" in on_screen(app.app), "COMPUTE less its credit"
        await app.press("j", "j")
        key = table(app).row
        await app.pilot.resize_terminal(size[0] - 10, size[1] + 3)
        await app.settled()
        assert table(app).row == key
        assert all(len(line) == size[0] - 10 for line in on_screen(app.app).split("\n"))

    use(explored, look, size)


def test_wrong_words_are_answered_in_the_status_line(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2")
        for line, answer in (
            ("explore servise", "unknown dimension 'servise'"),
            ("frobnicate", "there is no command frobnicate"),
            ("by tag:", "unknown dimension"),
            ("where x", "unknown dimension"),
            ("metric silly", "unknown metric"),
            ("export pdf", "cannot export"),
            ("forecast", "comes later"),
            ("explore 'x", "cannot read"),
            ("sort silly", "cannot sort"),
            ("period 30d 7d", "period takes: PERIOD"),
        ):
            await app.command(line)
            assert answer in text(app, -2), line
        assert names(app)[0] == "COMPUTE"

    use(explored, look)


def test_words_that_cannot_be_asked_leave_one_where_one_is(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("explore servise")
        assert app.where == "overview" and "unknown dimension 'servise'" in text(app, -2)

    use(explored, look)


def test_nothing_found_says_what_to_do(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("explore service=NOTHING")
        assert "No charges match" in on_screen(app.app) and "esc goes back" in on_screen(app.app)
        await app.command("explore service")
        assert names(app)[0] == "COMPUTE"

    use(explored, look)


def test_new_data_comes_in_under_the_cursor(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2", "j")
        assert under_cursor(app, "service") == "DATABASE"
        day = AS_OF - timedelta(days=1)
        bill_in(explored, [BillLine(day, Decimal(9999), service="ANALYTICS")], "more.csv")
        app.app._watch()
        await app.settled()
        assert names(app)[0] == "ANALYTICS"
        assert under_cursor(app, "service") == "DATABASE"

    use(explored, look)


def test_completion_knows_dimensions_tags_and_values(explored: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("2", "b")
        await app.press(*"tag", "tab")
        assert "by tag:team" in text(app, -2)
        await app.press("escape", "colon", *"explore service=DATA", "tab")
        assert "service=DATABASE" in text(app, -2)
        await app.press("enter")
        assert explore(app).question.where[0].text == "service=DATABASE"

    use(explored, look)
