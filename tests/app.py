"""The app without a terminal (Textual's pilot): how tests and screenshots start it in their process."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from textual.pilot import Pilot

from finops_tui.config import Settings
from finops_tui.paths import locate
from finops_tui.store.reader import Cache
from finops_tui.tui.app import FinopsApp
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.session import Session
from finops_tui.tui.terminal import detect

Act = Callable[["Driven"], Awaitable[None]]


class Driven:
    """The running app and what a person at its keyboard does."""

    def __init__(self, app: FinopsApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    async def settled(self) -> None:
        """Until every query was answered and painted."""
        screen = None
        while screen is not self.app.screen or not self.app.session.loader.idle:
            screen = self.app.screen
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settled()

    async def command(self, line: str) -> None:
        """What is typed behind `:`."""
        await self.app.run_line(line)
        await self.pilot.pause()
        await self.settled()

    @property
    def where(self) -> str:
        """The name of the screen in sight."""
        assert isinstance(self.app.screen, BaseScreen)
        return self.app.screen.where


async def drive(
    home: Path, profile: str, as_of: date, size: tuple[int, int], act: Act, *, charts: str = "unicode"
) -> None:
    """Open the app on a home, as of a day, and let `act` use it."""
    settings = Settings(profile=profile, theme="full", charts=charts)
    paths = locate(profile, home=home)
    terminal = detect({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, settings)
    title = "sample tenancy" if profile.startswith("demo") else profile
    session = Session(settings, paths, as_of, False, title, terminal, Cache(paths, as_of))
    app = FinopsApp(session)
    async with app.run_test(size=size) as pilot:
        driven = Driven(app, pilot)
        await pilot.pause()
        await driven.settled()
        await act(driven)
