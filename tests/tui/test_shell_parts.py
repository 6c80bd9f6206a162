"""The parts of the frame that need no app: text, columns, windows, terminal, clipboard, loader."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.message_pump import MessagePump
from textual.strip import Strip

from finops_tui.config import Settings
from finops_tui.tui import terminal
from finops_tui.tui.clipboard import OSC52_LIMIT, copy, way
from finops_tui.tui.loader import Finished, Loader
from finops_tui.tui.text import cut, fit, in_ascii, plain
from finops_tui.tui.theme import ANSI, FULL, palette
from finops_tui.tui.widgets.columns import EDGE, GAP, Column, place
from finops_tui.tui.widgets.query_table import changed
from finops_tui.tui.widgets.window import PAGE, Row, Window


@given(st.text())
def test_no_text_reaches_the_terminal_with_anything_it_obeys(text: str) -> None:
    shown = plain(text)
    assert all(character.isprintable() or character == "\u3000" or character.isspace() for character in shown)
    assert not set(shown) & set("\x1b\x9b\n\r\t\u202e\u200f\u2066")


@given(st.text(), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_a_cell_has_exactly_its_width(text: str, cells: int, align: str) -> None:
    shown = plain(text)
    assert cell_len(fit(shown, cells, align)) == cells
    assert cell_len(cut(shown, cells)) <= cells


def test_our_own_marks_have_an_ascii_twin_of_the_same_width() -> None:
    text = "▸ ● ▲ +1,2 ▼ −3 … · ─ │ ▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉ – ░"
    assert in_ascii(text).isascii() and len(in_ascii(text)) == len(text)


columns = st.lists(
    st.builds(
        Column,
        key=st.uuids().map(str),
        title=st.text("abc", max_size=8),
        priority=st.integers(1, 5),
        least=st.sampled_from([0, 4, 10]),
        most=st.integers(10, 40),
        grows=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(columns, st.data(), st.integers(20, 200))
def test_columns_fit_and_the_least_important_go_first(
    found: list[Column], data: st.DataObject, cells: int
) -> None:
    natural = {c.key: data.draw(st.integers(0, 60)) for c in found}
    slots = place(found, natural, cells)
    shown = [slot.column for slot in slots]
    assert shown == [c for c in found if c in shown]
    if len(slots) > 1:
        assert EDGE + sum(s.width for s in slots) + GAP * (len(slots) - 1) <= cells
    gone = [c.priority for c in found if c not in shown]
    assert not gone or min(gone) >= max(c.priority for c in shown)
    for slot in slots:
        if not slot.column.least:
            assert slot.width >= natural[slot.column.key], "a number is never cut"


class Counted:
    """A source that notes what it was asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[tuple[int, int]] = []

    def page(self, offset: int, limit: int) -> Sequence[Row]:
        self.asked.append((offset, limit))
        return [Row(number, {}) for number in range(offset, offset + limit)]


@given(st.integers(0, 2_000_000), st.lists(st.integers(-5, 2_000_100), max_size=30))
def test_a_window_never_asks_beyond_the_rows_there_are(count: int, looked: list[int]) -> None:
    source = Counted(count)
    window = Window(source)
    for index in looked:
        row = window.row(index)
        assert (row.key if row else None) == (index if 0 <= index < count else None)
    assert all(offset >= 0 and offset + limit <= count and limit <= PAGE for offset, limit in source.asked)


@given(st.integers(1, 1_000_000), st.data())
def test_a_row_is_found_again_near_its_place(count: int, data: st.DataObject) -> None:
    place_ = data.draw(st.integers(0, count - 1))
    near = data.draw(st.integers(max(0, place_ - PAGE + 1), min(count, place_ + PAGE - 1)))
    assert Window(Counted(count)).index(place_, near) == place_
    assert Window(Counted(count)).index("absent", near) is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, (FULL, True, True, True)),
        ({"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/0"}, (ANSI, False, True, True)),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, (ANSI, True, True, False)),
        ({"TERM": "xterm-16color"}, (ANSI, True, True, True)),
        ({"TERM": "xterm-256color", "LANG": "de_DE.ISO-8859-1"}, (FULL, True, False, True)),
        ({"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "en_US"}, (FULL, True, False, True)),
        (
            {"TERM": "xterm-256color", "LANG": "de_DE.ISO-8859-1", "LC_CTYPE": "C.UTF-8"},
            (FULL, True, False, True),
        ),
        ({"TERM": "xterm-256color", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, (FULL, True, True, True)),
    ],
)
def test_what_the_terminal_can_do_follows_from_the_environment(
    environ: dict[str, str], expected: tuple[str, bool, bool, bool]
) -> None:
    found = terminal.detect(environ, Settings())
    assert (found.theme, found.mouse, found.unicode, found.colour) == expected


def test_settings_outrank_the_environment() -> None:
    ssh = {"TERM": "xterm-256color", "SSH_CONNECTION": "a b c d"}
    found = terminal.detect(ssh, Settings(theme="full", mouse="on", charts="ascii"))
    assert (found.theme, found.mouse, found.unicode) == (FULL, True, False)


def test_without_colour_nothing_is_coloured() -> None:
    look = palette(ANSI, colour=False)
    styles = (look.base, look.muted, look.strong, look.up, look.down, look.attention, look.cursor)
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert look.cursor.reverse


def test_no_terminal_is_refused_with_a_reason() -> None:
    assert terminal.refusal({"TERM": "xterm"}, interactive=False)
    assert terminal.refusal({"TERM": "dumb"}, interactive=True)
    assert terminal.refusal({}, interactive=True)
    assert terminal.refusal({"TERM": "xterm"}, interactive=True) is None


def test_the_way_of_a_copy(tmp_path: Path) -> None:
    assert way(10, tmux=True) == "tmux" and way(10**6, tmux=True) == "tmux"
    assert way(OSC52_LIMIT, tmux=False) == "osc52" and way(OSC52_LIMIT + 1, tmux=False) == "file"
    sent: list[str] = []
    done = copy("ocid1.x", tmux=False, write=sent.append, folder=tmp_path)
    assert done.way == "osc52" and sent == ["\x1b]52;c;b2NpZDEueA==\x07"]
    long = copy("é" * OSC52_LIMIT, tmux=False, write=sent.append, folder=tmp_path)
    file = tmp_path / "copied.txt"
    assert long.way == "file" and str(file) in long.words and len(sent) == 1
    assert file.read_text() == "é" * OSC52_LIMIT and file.stat().st_mode & 0o777 == 0o600


class Owner(MessagePump):
    """Collects what the loader posts."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[Finished] = []
        self.event = threading.Event()

    def post_message(self, message: Message) -> bool:
        assert isinstance(message, Finished)
        self.came.append(message)
        self.event.set()
        return True


def test_a_stale_answer_is_interrupted_and_dropped() -> None:
    started, let_go = threading.Event(), threading.Event()
    loader = Loader(let_go.set)
    owner = Owner()
    values: list[str] = []
    dropped: list[str] = []

    def slow() -> str:
        started.set()
        assert let_go.wait(10)
        return "old"

    loader.load(owner, "answer", slow, values.append, lambda e: None, dropped.append)
    assert started.wait(10)
    loader.load(owner, "answer", lambda: "new", values.append, lambda e: None, dropped.append)
    loader.close()
    # closed: nothing is delivered any more, and the running query was waited for
    assert let_go.is_set() and values == []
    for message in owner.came:
        loader.deliver(message)
    assert values == []


def test_the_newest_of_a_topic_is_delivered_and_others_are_not_disturbed() -> None:
    loader = Loader(lambda: None)
    owner = Owner()
    values: list[int] = []
    dropped: list[int] = []
    hold = threading.Event()
    loader.load(owner, "other", lambda: hold.wait(10) and 7, values.append, lambda e: None)
    for number in range(5):
        loader.load(owner, "answer", lambda n=number: n, values.append, lambda e: None, dropped.append)  # type: ignore[misc]
    hold.set()
    while len(owner.came) < 6:
        owner.event.wait(10)
        owner.event.clear()
    for message in owner.came:
        loader.deliver(message)
    assert values == [7, 4] and loader.idle
    loader.close()


parts = st.lists(
    st.tuples(st.text("ab界 ", max_size=4), st.sampled_from([Style(), Style(bold=True)])), max_size=5
)
Parts = list[tuple[str, Style]]


def strip_of(found: Parts) -> Strip:
    return Strip([Segment(*part) for part in found]).adjust_cell_length(24, Style())


@given(parts, parts)
def test_painting_what_changed_gives_the_new_line(before: Parts, after: Parts) -> None:
    old, new = strip_of(before), strip_of(after)
    start, end = changed(old, new)
    painted = Strip.join([old.crop(0, start), new.crop(start, end), old.crop(end, 24)])
    assert [(c, s.style) for s in painted for c in s.text] == [(c, s.style) for s in new for c in s.text]
