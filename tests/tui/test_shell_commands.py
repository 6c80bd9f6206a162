"""The registry: one meaning per key and screen, every command can be carried out, users may move keys."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from finops_tui.tui.app import FinopsApp
from finops_tui.tui.command_line import parse
from finops_tui.tui.commands import BY_ID, COMMANDS, EVERYWHERE, bindings, key_bar, key_table, on, shown
from finops_tui.tui.keymap import keymap
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.data import DataScreen
from finops_tui.tui.screens.detail import DetailScreen
from finops_tui.tui.screens.explore import ExploreScreen
from finops_tui.tui.screens.help import HelpScreen
from finops_tui.tui.screens.line_items import LinesScreen
from finops_tui.tui.screens.overview import OverviewScreen
from finops_tui.tui.screens.resource import ResourceScreen

SCREENS: tuple[type[BaseScreen], ...] = (
    OverviewScreen, ExploreScreen, ResourceScreen, LinesScreen, DataScreen, DetailScreen, HelpScreen,
)  # fmt: skip


@pytest.mark.parametrize("screen", EVERYWHERE)
def test_no_key_means_two_things_on_one_screen(screen: str) -> None:
    meanings: dict[str, set[str]] = {}
    for command in on(screen):
        for key in command.keys:
            meanings.setdefault(key, set()).add(command.id)
    assert {key: ids for key, ids in meanings.items() if len(ids) > 1} == {}


def test_ids_and_words_are_unique() -> None:
    words = [command.word for command in COMMANDS if command.word]
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_command_of_a_screen_can_be_carried_out_there_or_says_why_not(
    screen: type[BaseScreen], imported_home: Path
) -> None:
    """A handler on the screen or the app, or the registry's own reason."""
    missing = [
        command.id
        for command in on(screen.where)
        if not command.disabled
        and not hasattr(screen, command.handler)
        and not hasattr(FinopsApp, command.handler)
    ]
    # an instance may give a reason instead; these need no data to do so
    silent = [id_ for id_ in missing if not _reason(screen, id_)]
    assert silent == []


def _reason(screen: type[BaseScreen], command_id: str) -> str:
    if screen is ResourceScreen:
        return ResourceScreen("x").why_not(command_id)
    if screen is LinesScreen:
        return LinesScreen((), None).why_not(command_id)  # type: ignore[arg-type]
    if screen is DetailScreen:
        return DetailScreen().why_not(command_id)
    if screen is HelpScreen:
        return HelpScreen("explore").why_not(command_id)
    return screen().why_not(command_id)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screens_bindings_are_the_registrys(screen: type[BaseScreen]) -> None:
    own = [b for b in screen.BINDINGS if isinstance(b, Binding)]
    assert [(b.key, b.id) for b in own] == [(b.key, b.id) for b in bindings(screen.where)]


def test_what_comes_later_is_named_but_not_advertised() -> None:
    later = [command for command in COMMANDS if command.disabled]
    assert {command.keys for command in later} == {(digit,) for digit in "345678"}
    assert not set(later) & set(key_bar(COMMANDS))


def test_the_readme_table_names_every_command_that_works() -> None:
    rows = key_table().splitlines()[2:]
    working = [command for command in COMMANDS if not command.disabled]
    assert len(rows) == len(working)
    for row, command in zip(rows, working, strict=True):
        assert all(f"`{shown(key)}`" in row for key in command.keys)
        assert row.replace("\\|", "").count("|") == 5


def test_users_move_keys_and_clashes_keep_the_old_meaning() -> None:
    found = keymap({"sync": "f5", "export": "s", "sort": "z,Z", "nonsense": "x"})
    assert (found.keys["sync"], found.keys["sort"], found.keys["export"]) == (("f5",), ("z", "Z"), ("s",))
    assert found.overrides["sync"] == "f5"
    assert found.problems == ("keys: there is no command nonsense",)
    clash = keymap({"export": "s"})
    assert clash.keys["export"] == BY_ID["export"].keys and clash.overrides == {}
    assert clash.problems == ("keys: s cannot be export, it is sort",)


@given(st.dictionaries(st.sampled_from(sorted(BY_ID)), st.sampled_from("abcdefgs/?1")))
def test_whatever_users_want_no_key_means_two_things(wanted: dict[str, str]) -> None:
    keys = keymap(wanted).keys
    for screen in EVERYWHERE:
        used = [key for command in on(screen) for key in keys[command.id]]
        assert len(used) == len(set(used))


def test_a_moved_key_works_and_the_old_one_does_not(imported_home: Path) -> None:
    from datetime import date

    from finops_tui.config import Settings
    from finops_tui.paths import locate
    from finops_tui.store.reader import Cache
    from finops_tui.tui.session import Session
    from finops_tui.tui.terminal import detect

    async def use() -> None:
        settings = Settings(keys={"go.explore": "f2", "move.down": "n"})
        as_of = date(2026, 10, 20)
        paths = locate("default", home=imported_home)
        terminal = detect({"TERM": "xterm-256color"}, settings)
        app = FinopsApp(Session(settings, paths, as_of, False, "t", terminal, Cache(paths, as_of)))
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("2")
            assert app.base.where == "overview"
            await pilot.press("f2")
            await pilot.pause()
            assert app.base.where == "explore"

    asyncio.run(use())


def test_command_lines_are_read_like_the_shell_reads_them() -> None:
    assert parse("")[0] is None
    command, words = parse(":explore service 'compartment=root/a b/*' 90d")
    assert command is BY_ID["go.explore"] and words == ["service", "compartment=root/a b/*", "90d"]
    assert parse("expl 30d")[0] is BY_ID["go.explore"]
    assert parse("q")[0] is BY_ID["quit"]
