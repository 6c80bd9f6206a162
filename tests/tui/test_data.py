"""The Data screen tells what is in, what was left out and why, and which past days changed."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from finops_tui.tui.widgets.query_table import QueryTable
from tests.app import Driven
from tests.bills import BillLine, write_focus
from tests.tui.screens import AS_OF, SIZES, bill_in, on_screen, shows, use


def lines(cost: str = "10") -> list[BillLine]:
    days = (AS_OF - timedelta(days=back) for back in range(10, 0, -1))
    return [BillLine(day, Decimal(cost)) for day in days]


@pytest.fixture
def data_home(home: Path) -> Path:
    """Ten good lines, then a file with two bad amounts and one of 20 decimals, then ten lines changed."""
    bill_in(home, lines())
    broken = write_focus(home / "broken.csv", lines("7.25"))
    text = broken.read_text().replace("7.25", "1,000.5", 4).replace("7.25", "0.12345678901234567890", 4)
    broken.write_text(text)
    from finops_tui.worker.importer import import_paths

    paths = bill_in(home, lines("12"))
    import_paths(paths, [broken])
    return home


def table(app: Driven, name: str) -> QueryTable:
    return app.app.screen.query_one(f"#{name}", QueryTable)


@pytest.mark.parametrize("size", SIZES)
def test_sources_files_and_changes(data_home: Path, size: tuple[int, int]) -> None:
    async def look(app: Driven) -> None:
        await app.press("9")
        await shows(app, "data")
        (source,) = table(app, "sources").rows(9)
        assert source.cells["source"].text == "import"
        assert source.cells["through"].text == "19 Oct 2026"
        files = {row.cells["file"].text.rpartition("/")[2]: row.cells for row in table(app, "files").rows(9)}
        assert set(files) == {"bill.csv", "broken.csv"}
        assert files["bill.csv"]["rejected"].text == "0"
        assert int(files["broken.csv"]["rejected"].text) > 0
        changes = table(app, "changes").rows(99)
        assert {row.cells["old"].text for row in changes} >= {"10.00"}
        assert all(line.strip() for line in on_screen(app.app).split("\n")[:2])

    use(data_home, look, size)


def test_a_file_says_what_was_rejected_and_why(data_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("9")
        await shows(app, "data")
        await app.press("tab")
        files = table(app, "files")
        names = [row.cells["file"].text for row in files.rows(9)]
        files.move_to(next(i for i, name in enumerate(names) if name.endswith("broken.csv")))
        await app.press("enter")
        text = on_screen(app.app)
        assert app.where == "detail"
        assert "1,000.5" in text and "example" in text and "×" in text
        await app.press("escape")
        assert app.where == "data" and files.active

    use(data_home, look)


def test_a_refused_file_says_why_and_what_was_tried(data_home: Path) -> None:
    from finops_tui.worker.importer import import_paths

    letter = data_home / "letter.csv"
    letter.write_text("Dear,Sir\nyour,bill\n")
    import_paths(bill_in(data_home, lines("12")), [letter])

    async def look(app: Driven) -> None:
        await app.press("9")
        await shows(app, "data")
        (row,) = table(app, "refused").rows(9)
        assert row.cells["file"].text.endswith("letter.csv") and "no bill" in row.cells["why"].text
        assert "1 file refused" in on_screen(app.app)
        await app.press("tab", "enter")
        assert app.where == "detail" and "letter.csv" in on_screen(app.app)

    use(data_home, look)


def test_the_filter_keeps_files_by_name(data_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("9")
        await shows(app, "data")
        await app.press("slash", "b", "r", "o", "k", "enter")
        assert table(app, "files").count == 1
        assert "1 of 2 files" in on_screen(app.app)
        await app.press("escape")
        assert table(app, "files").count == 2

    use(data_home, look)


def test_an_empty_cache_offers_what_to_type(home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.press("9", "enter", "tab")
        assert "finops-tui import" in on_screen(app.app)

    use(home, look)
