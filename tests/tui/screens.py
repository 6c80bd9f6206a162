"""Screens on real caches: bills are imported into a home, the app is opened on it, its text is read."""

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from finops_tui.paths import Paths, locate
from finops_tui.tui.app import FinopsApp
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.worker.importer import import_paths
from tests.app import Act, Driven, drive
from tests.bills import BillLine, write_focus

AS_OF = date(2026, 10, 20)
SIZES = ((120, 36), (80, 24), (200, 50))


def bill_in(home: Path, lines: Iterable[BillLine], name: str = "bill.csv") -> Paths:
    """The cache of `home` with these lines in it."""
    paths = locate("default", home=home).create()
    home.mkdir(exist_ok=True)
    report = import_paths(paths, [write_focus(home / name, lines)])
    assert report.generation
    return paths


def on_screen(app: FinopsApp) -> str:
    """All the text the terminal shows."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def shows(app: Driven, where: str) -> None:
    """Until the data of this screen is in sight, however busy the machine is."""
    for _ in range(3000):
        screen = app.app.screen
        if isinstance(screen, BaseScreen) and screen.where == where and screen.shown_generation is not None:
            await app.settled()
            return
        await app.pilot.pause(0.01)
    raise AssertionError(f"{where} did not come:\n{on_screen(app.app)}")


def use(
    home: Path, act: Act, size: tuple[int, int] = (120, 36), as_of: date = AS_OF, charts: str = "unicode"
) -> None:
    """Open the app and let `act` use it."""
    asyncio.run(drive(home, "default", as_of, size, act, charts=charts))
