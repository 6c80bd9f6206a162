"""The terminal app: it only wires the session, the screens, the watchers and the signals together."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from finops_tui.config import Settings
from finops_tui.errors import USAGE, UsageError
from finops_tui.paths import Paths
from finops_tui.store.query import Period, Where
from finops_tui.store.reader import Cache
from finops_tui.tui import terminal as terminals
from finops_tui.tui.command_line import parse
from finops_tui.tui.completion import Completer
from finops_tui.tui.curtain import Curtain
from finops_tui.tui.loader import Finished
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.installed import first_screen, lines_screen, make_screen, resource_screen
from finops_tui.tui.session import Session
from finops_tui.tui.signals import end_on_signals, has_shell, stop_job, terminal_is_gone
from finops_tui.tui.syncer import Syncer
from finops_tui.tui.theme import ANSI, FULL_THEME

PATIENCE = 3.0
"""Seconds within which a second Ctrl+C leaves."""
WATCH = 1.5
"""Seconds between two looks at the cache's generation and at the terminal."""


class FinopsApp(App[int], inherit_bindings=False):
    """One run of the program in a terminal."""

    CSS_PATH: ClassVar[list[str | Path]] = [  # type: ignore[assignment]
        f"styles/{name}.tcss" for name in ("base", "overview", "explore", "resource", "data")
    ]
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    TITLE = "finops-tui"

    def __init__(self, session: Session) -> None:
        self.session = session
        # Textual chooses its NO_COLOR filter here, by the colours in force at construction
        super().__init__(ansi_color=True if session.terminal.theme == ANSI else None)
        self.register_theme(FULL_THEME)
        self.theme = session.terminal.theme
        self.set_keymap(session.keys.overrides)
        self.curtain = Curtain(self)
        self.completer = Completer(self, session, self._values_came)
        self.syncer = Syncer(session)
        self._generation = 0
        self._interrupted = -PATIENCE

    # -- life

    def on_load(self) -> None:
        self.curtain.drop()

    def get_default_screen(self) -> BaseScreen:
        return first_screen()

    def on_mount(self) -> None:
        end_on_signals(self._leave)
        # without this the screen is blank after Ctrl+Z and fg (Textual 8.2)
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.call_after_refresh(self._first_painted)

    def _first_painted(self) -> None:
        self._generation = self.session.cache.generation()
        self.syncer.start()
        self.set_interval(WATCH, self._watch)
        if self.session.keys.problems:
            self.base.say("; ".join(self.session.keys.problems), "attention")

    def _leave(self, status: int) -> None:
        self.exit(return_code=status)

    def _watch(self) -> None:
        """Repaints nothing unless something changed."""
        if not self.is_headless and terminal_is_gone():
            self._leave(128 + 1)
            return
        if not self.base.is_mounted:
            return  # it was pushed this very moment and has no widgets yet
        generation = self.session.cache.generation()
        if generation != self._generation:
            self._generation = generation
            self.base.generation_changed(generation)
        self.base.progress(self.syncer.status())

    def _values_came(self) -> None:
        self.base.offer_again()

    def on_finished(self, message: Finished) -> None:
        self.session.loader.deliver(message)

    def on_unmount(self) -> None:
        self.session.close()

    # -- screens

    @property
    def base(self) -> BaseScreen:
        """The screen in sight."""
        screen = self.screen
        assert isinstance(screen, BaseScreen)
        return screen

    async def go(self, name: str) -> BaseScreen:
        """Bring a screen to the front, over the overview; it is made once and kept.

        Removing a screen is not waited for: the command may come from that very screen.
        """
        if self.base.where != name:
            self.curtain.drop()
            while len(self.screen_stack) > 1 and self.base.where != name:
                self.pop_screen()
            if self.base.where != name:
                if not self.is_screen_installed(name):
                    self.install_screen(make_screen(name), name)
                await self.push_screen(name)
        return self.base

    async def open_resource(self, resource_id: str) -> None:
        """One resource, over whatever is in sight."""
        self.curtain.drop()
        await self.push_screen(resource_screen(resource_id))

    async def open_lines(self, where: Sequence[Where], period: Period) -> None:
        """The line items under the filters, over whatever is in sight."""
        self.curtain.drop()
        await self.push_screen(lines_screen(where, period))

    async def do_go_overview(self) -> None:
        await self.go("overview")

    async def do_go_explore(self, *words: str) -> None:
        from finops_tui.tui.screens.explore_state import from_words

        from_words(words)  # what cannot be asked is said where one is
        screen = await self.go("explore")
        if words:
            screen.ask_words(*words)

    async def do_go_data(self) -> None:
        await self.go("data")

    async def do_resource(self, resource_id: str) -> None:
        await self.open_resource(resource_id)

    async def do_help(self) -> None:
        if self.base.where == "help":
            return
        from finops_tui.tui.screens.help import HelpScreen

        self.curtain.drop()
        await self.push_screen(HelpScreen(self.base.where))

    def one_back(self) -> None:
        """The screen before this one; the root stays."""
        if len(self.screen_stack) > 1:
            self.curtain.drop()
            self.pop_screen()

    # -- commands

    def completions(self, line: str) -> Sequence[str]:
        """The lines that a beginning of a command can become."""
        return self.completer.lines(line)

    async def run_line(self, line: str) -> None:
        """Carry out what was typed behind `:`."""
        try:
            command, words = parse(line)
        except UsageError as error:
            self.base.say(" — ".join(error.lines()), "attention")
            return
        if command is not None:
            await self.base.run_command(command.id, *words)

    def do_quit(self) -> None:
        self.exit(return_code=0)

    def do_interrupt(self) -> None:
        """Ctrl+C: once says so, twice leaves."""
        before, self._interrupted = self._interrupted, monotonic()
        if self._interrupted - before < PATIENCE:
            self.do_quit()
        self.base.say("ctrl+c again leaves", "attention")

    def do_suspend(self) -> None:
        if not has_shell():
            self.base.say("there is no shell to go back to", "attention")
            return
        with self.suspend():
            stop_job()

    def do_sync(self) -> None:
        self.base.say(self.syncer.start())


def run(
    settings: Settings,
    paths: Paths,
    as_of: date,
    *,
    known: bool,
    refresh: tuple[str, ...] | None,
    title: str,
) -> int:
    """Run the app until it is left; returns the exit status. `refresh`: the argv that loads data."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    reason = terminals.refusal(os.environ, interactive=all(s is not None and s.isatty() for s in streams))
    if reason:
        raise UsageError(reason, "Without a terminal: finops-tui show overview, or finops-tui report.")
    terminal = terminals.detect(os.environ, settings)
    if sys.__stderr__ is not None:  # Textual paints on it; its default writes \uXXXX for what it lacks
        terminal = replace(
            terminal, unicode=terminal.unicode and terminals.writes_utf8(sys.__stderr__.encoding)
        )
        sys.__stderr__.reconfigure(errors="replace")
    cache = Cache(paths, as_of, known=known, main_currency=settings.currency)
    session = Session(settings, paths, as_of, known, title, terminal, cache, refresh)
    app = FinopsApp(session)
    app.run(mouse=terminal.mouse)
    return app.return_code if app.return_code is not None else USAGE
