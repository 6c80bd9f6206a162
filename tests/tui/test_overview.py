"""The overview says the bill's own numbers, one currency at a time, at every size; Enter explores them."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from finops_tui import figures as fmt
from finops_tui.store.overview import overview
from finops_tui.store.reader import Cache
from finops_tui.tui.screens.overview import OverviewScreen
from finops_tui.tui.text import cut_at_word
from finops_tui.tui.widgets.chart import Chart
from finops_tui.tui.widgets.figures import Figures
from finops_tui.tui.widgets.header import freshness
from finops_tui.tui.widgets.query_table import QueryTable
from tests.app import Driven
from tests.bills import BillLine
from tests.tui.screens import AS_OF, SIZES, bill_in, on_screen, use

MONTH = AS_OF.replace(day=1)
HOSTILE = "E\x1b[2J[b]x[/]\x07"


def month_to_date(currency: str) -> Decimal:
    """What the sample bill holds of the month."""
    lines = (line for line in BillLine.sample() if line.currency == currency and line.day >= MONTH)
    return sum((line.cost for line in lines), Decimal(0))


@pytest.fixture
def full_home(imported_home: Path, home: Path) -> Path:
    shutil.copytree(imported_home, home, dirs_exist_ok=True)
    return home


def table(app: Driven, name: str) -> QueryTable:
    return app.app.screen.query_one(f"#{name}", QueryTable)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_shows_the_numbers_whole(full_home: Path, size: tuple[int, int]) -> None:
    async def look(app: Driven) -> None:
        text = on_screen(app.app)
        lines = text.split("\n")
        assert len(lines) == size[1]
        assert fmt.money(month_to_date("USD")) in text
        assert "Expected month end" in text and "Last complete day, 19 Oct" in text and "Untagged" in text
        assert "help" in lines[-1]
        chart = app.app.screen.query_one(Chart)
        assert 6 <= chart.size.height <= max(6, size[1] * 0.4)
        assert "NETWORK" in table(app, "services").render_line(1).text

    use(full_home, look, size)


@pytest.mark.parametrize("columns", [60, 72, 80, 100, 120])
def test_the_header_says_less_where_there_is_less_room_but_whole(full_home: Path, columns: int) -> None:
    async def look(app: Driven) -> None:
        line = on_screen(app.app).split("\n")[0].rstrip()
        days = [AS_OF - timedelta(days=n) for n in (2, 1)]
        said = {*freshness(AS_OF, days, ""), *freshness(AS_OF, (), ""), *freshness(AS_OF, days[1:], "")}
        assert f"{fmt.month(MONTH, short=columns < 100)} · USD" in line
        assert any(line.endswith(f" {text}") for text in said) and "…" not in line

    use(full_home, look, (columns, 24))


def test_figures_lose_words_never_part_of_a_number(full_home: Path) -> None:
    assert cut_at_word("1–17 Oct vs 1–17 Sep", 16) == "1–17 Oct vs …"
    assert cut_at_word("1–17 Oct", 3) == "…"

    async def look(app: Driven) -> None:
        app_text = app.app.screen.query_one(Figures).text
        assert "of usage cost" in app_text and "…" not in app_text

    for columns in (80, 100, 117, 118, 120):
        use(full_home, look, (columns, 30))


def test_two_currencies_are_never_added(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        figures = app.app.screen.query_one(Figures)
        assert fmt.money(month_to_date("USD")) in figures.text
        services = {row.key for row in table(app, "services").visible_rows}
        await app.press("c")
        assert fmt.money(month_to_date("EUR")) in figures.text
        assert fmt.money(month_to_date("USD")) not in on_screen(app.app)
        assert {row.key for row in table(app, "services").visible_rows} < services
        await app.press("c")
        assert fmt.money(month_to_date("USD")) in figures.text
        both = month_to_date("USD") + month_to_date("EUR")
        assert fmt.money(both) not in on_screen(app.app)

    use(full_home, look)


def test_resizing_keeps_the_row_and_the_table(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("j", "j")
        screen = app.app.screen
        assert isinstance(screen, OverviewScreen) and screen.table is not None
        before = (screen.table.id, screen.table.row and screen.table.row.key)
        assert before[1] not in (None, ("service", "NETWORK")), "the cursor moved off the first row"
        for size in ((80, 24), (40, 12), (200, 50), (120, 36)):
            await app.pilot.resize_terminal(*size)
            await app.settled()
            assert screen.table is not None
            assert (screen.table.id, screen.table.row and screen.table.row.key) == before

    use(full_home, look)


def test_tab_turns_through_the_tables_where_one_fits(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        screen = app.app.screen
        assert isinstance(screen, OverviewScreen)
        seen = []
        for _ in range(4):
            assert screen.table is not None
            shown = [t.id for t in screen.query(QueryTable) if t.display and t.size.height]
            assert shown == [screen.table.id]
            seen.append(screen.table.id)
            await app.press("tab")
        assert seen == ["services", "movers", "accounts", "services"]

    use(full_home, look, (80, 24))


def test_enter_explores_the_row_in_its_currency(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("enter")
        assert app.where == "explore"
        crumbs = on_screen(app.app).split("\n")[1]
        assert "NETWORK" in crumbs and "compartment" in crumbs and "USD" in crumbs
        await app.press("escape")
        assert app.where == "overview"

    use(full_home, look)


def test_what_moved_and_why(home: Path) -> None:
    def lines() -> Iterator[BillLine]:
        for back in range(1, 60):
            day = AS_OF - timedelta(days=back)
            yield BillLine(day, Decimal(100), resource="ocid1.instance.oc1.iad.steady")
            if day >= date(2026, 10, 5):
                yield BillLine(day, Decimal(50), service="GPU", resource="ocid1.instance.oc1.iad.fresh")
            if day < date(2026, 9, 10):
                yield BillLine(day, Decimal(30), service="OLD", resource="ocid1.instance.oc1.iad.dropped")

    async def look(app: Driven) -> None:
        movers = table(app, "movers").visible_rows
        told = {row.cells["delta"].text.replace(" ", ""): row.cells["why"].text for row in movers}
        assert told == {"▲+750.00": "new", "▼−270.00": "gone"}

    bill_in(home, lines())
    use(home, look)


def test_names_cannot_command_the_terminal(home: Path) -> None:
    days = [AS_OF - timedelta(days=i) for i in range(1, 50)]
    bill_in(home, [BillLine(d, Decimal(9), service=HOSTILE, account=HOSTILE) for d in days])

    async def look(app: Driven) -> None:
        text = on_screen(app.app)
        assert "[2J[b]x[/]" in text, "shown as it is written, nothing of it obeyed"
        assert not any(ord(c) < 32 for c in text.replace("\n", ""))

    for size in SIZES:
        use(home, look, size)


def test_an_empty_home_says_what_to_type(home: Path) -> None:
    async def look(app: Driven) -> None:
        text = on_screen(app.app)
        assert "finops-tui --demo" in text and "finops-tui import" in text
        assert "next version" in text
        assert "open" not in text.split("\n")[-1]
        await app.press("enter", "c", "e")  # nothing to open, turn or export: said, not raised

    for size in SIZES:
        use(home, look, size)


def test_an_old_bill_says_since_when(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        assert "stale since 19 Oct" in on_screen(app.app).split("\n")[0]

    use(full_home, look, as_of=AS_OF + timedelta(days=10))


def test_a_cache_that_cannot_be_read_says_so_and_what_to_do(home: Path) -> None:
    paths = bill_in(home, BillLine.sample(days=40))
    for file in paths.cache.rglob("*.parquet"):
        file.unlink()

    async def look(app: Driven) -> None:
        text = on_screen(app.app)
        assert "cannot be read" in text and "r loads again" in text
        assert "as of 20 Oct 2026" in text.split("\n")[0]
        await app.press("9")
        assert table(app, "files").count == 1, "one screen's failure leaves the others alone"

    use(home, look)


def test_the_last_overview_is_painted_before_anything_is_asked(home: Path) -> None:
    paths = bill_in(home, BillLine.sample(days=40))
    with closing(Cache(paths, AS_OF)) as cache:
        overview(cache)
    for file in paths.cache.rglob("*.parquet"):
        file.unlink()  # nothing can be asked any more

    async def look(app: Driven) -> None:
        assert fmt.money(month_to_date("USD")) in app.app.screen.query_one(Figures).text
        assert "cannot be read" in on_screen(app.app).split("\n")[-2]

    use(home, look, as_of=AS_OF + timedelta(days=1))  # of the day itself nothing would be asked again


def test_a_line_of_the_chart_has_two_colours_and_few_pieces(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        chart = app.app.screen.query_one(Chart)
        for y in range(chart.size.height):
            styles = [segment.style for segment in chart.render_line(y)]
            assert len({style.color for style in styles if style}) <= 2
            assert all(a != b for a, b in pairwise(styles)), "equal neighbours are one piece"

    use(full_home, look)


def test_plain_terminals_get_plain_characters(full_home: Path) -> None:
    async def look(app: Driven) -> None:
        text = on_screen(app.app)
        assert text.isascii()
        assert "#" in app.app.screen.query_one(Chart).text

    use(full_home, look, charts="ascii")


def test_the_report_is_written_from_here(full_home: Path, tmp_path: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command(f"export md {tmp_path}/report.md")
        assert "COMPUTE" in (tmp_path / "report.md").read_text()

    use(full_home, look)
