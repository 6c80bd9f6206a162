"""One resource: what it is, what it cost, when its price changed, its lines with file and corrections."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from finops_tui import figures as fmt
from finops_tui.tui.screens.resource import ResourceScreen
from finops_tui.tui.widgets.chart import Chart
from finops_tui.tui.widgets.query_table import QueryTable
from tests.app import Driven
from tests.bills import BillLine
from tests.tui.screens import AS_OF, SIZES, bill_in, on_screen, shows, use

GPU = "ocid1.instance.oc1.iad.train-gpu-07"
DEARER = date(2026, 10, 1)


def lines() -> Iterator[BillLine]:
    """A machine of two SKUs whose price rose on 1 October, a correction, and another machine beside it."""
    for back in range(40, 0, -1):
        day = AS_OF - timedelta(days=back)
        price = Decimal("2.5") if day >= DEARER else Decimal(2)
        yield BillLine(day, price * 24, resource=GPU, sku="B95909", tags={"team": "ml\x1b[31m"})
        yield BillLine(day, Decimal("0.61"), resource=GPU, sku="B91961", quantity=Decimal(24))
        yield BillLine(day, Decimal(1000))
    yield BillLine(
        AS_OF - timedelta(days=8), Decimal(-48), resource=GPU, sku="B95909", charge_class="Correction"
    )


TOTAL = sum((line.cost for line in lines() if line.resource == GPU), Decimal(0))


@pytest.fixture
def gpu_home(home: Path) -> Path:
    bill_in(home, lines())
    return home


def table(app: Driven, name: str) -> QueryTable:
    return app.app.screen.query_one(f"#{name}", QueryTable)


@pytest.mark.parametrize("size", SIZES)
def test_the_resource_is_told_whole(gpu_home: Path, size: tuple[int, int]) -> None:
    async def look(app: Driven) -> None:
        await app.command(f"resource {GPU}")
        await shows(app, "resource")
        assert isinstance(app.app.screen, ResourceScreen)
        text = on_screen(app.app)
        assert GPU in text and "us-ashburn-1" in text and "COMPUTE" in text
        assert "team=ml" in text and "\x1b" not in text
        assert "10 Sep 2026 – 19 Oct 2026 · 81 lines" in text
        assert f"{fmt.money(TOTAL)} USD" in text
        assert "10 Sep – 19 Oct 2026" in app.app.screen.query_one(Chart).text
        skus = {row.key[1]: row.cells["cost"].text for row in table(app, "skus").rows(9)}  # type: ignore[index]
        assert skus == {"B95909": fmt.money(TOTAL - 40 * Decimal("0.61")), "B91961": "24.40"}
        assert table(app, "lines").count == 81

    use(gpu_home, look, size)


def test_prices_that_changed_say_when_and_from_what(gpu_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command(f"resource {GPU}")
        await shows(app, "resource")
        (row,) = table(app, "prices").rows(9)
        told = [row.cells[name].text for name in ("day", "sku", "old", "new", "change")]
        assert told == ["1 Oct 2026", "B95909", "2.00", "2.50", "▲ +25.0 %"]

    use(gpu_home, look)


def test_a_line_opens_with_its_file_and_what_it_corrects(gpu_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command(f"resource {GPU}")
        await shows(app, "resource")
        await app.press("tab", "tab")
        listed = table(app, "lines")
        assert listed.active
        kinds = [row.cells["kind"].text for row in listed.rows(81)]
        place = next(i for i, kind in enumerate(kinds) if kind != "Usage")
        assert kinds[place] == "Usage, correction"
        listed.move_to(place)
        await app.press("enter")
        text = on_screen(app.app)
        assert app.where == "detail"
        assert "bill.csv" in text and "Correction" in text and "billed_cost" in text and "−48" not in text
        assert "-48" in text, "a fact is written as the bill has it"
        await app.press("escape")
        assert app.where == "resource" and listed.cursor == place

    use(gpu_home, look)


def test_its_name_finds_it_too(gpu_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("resource train-gpu-07")
        await shows(app, "resource")
        assert GPU in on_screen(app.app)

    use(gpu_home, look, (80, 24))


def test_a_resource_that_is_not_there_says_so(gpu_home: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command("resource ocid1.instance.oc1.iad.nobody")
        assert "ocid1.instance.oc1.iad.nobody" in on_screen(app.app)
        await app.press("escape")
        assert app.where == "overview"

    use(gpu_home, look)


def test_its_days_are_exported(gpu_home: Path, tmp_path: Path) -> None:
    async def look(app: Driven) -> None:
        await app.command(f"resource {GPU}")
        await shows(app, "resource")
        await app.command(f"export csv {tmp_path}/gpu.csv")
        written = (tmp_path / "gpu.csv").read_text()
        assert written.count(",B95909,") == 40 and written.splitlines()[0].startswith("date,")

    use(gpu_home, look)
