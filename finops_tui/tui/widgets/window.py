"""A window over however many rows: pages are asked for when they come into sight, and few are kept."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from finops_tui.tui.theme import Tone

PAGE = 128
KEPT = 8
SEEK = 1_280
"""Rows that are looked through for a key before giving up."""


class Cell(NamedTuple):
    """A cell's text (already plain) and what it means."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Row:
    """A row as a table shows it: `key` tells it from every other, `cells` by column key."""

    key: Hashable
    cells: Mapping[str, Cell]
    tone: Tone = ""
    data: object = None
    """What the row was made from."""


class RowSource(Protocol):
    """Where a table's rows come from; `page` is called on the event loop and must be quick."""

    @property
    def count(self) -> int: ...

    def page(self, offset: int, limit: int) -> Sequence[Row]: ...


class Rows:
    """A source of rows that are all here."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._rows = tuple(rows)

    @property
    def count(self) -> int:
        return len(self._rows)

    def page(self, offset: int, limit: int) -> Sequence[Row]:
        return self._rows[offset : offset + limit]


class Window:
    """The rows of a source by index. Never asks past the source's count."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self.count = source.count
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def row(self, index: int) -> Row | None:
        """The row at `index`; None past either end."""
        if not 0 <= index < self.count:
            return None
        number, place = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            start = number * PAGE
            page = self.source.page(start, min(PAGE, self.count - start))
            self._pages[number] = page
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def index(self, key: Hashable, near: int = 0) -> int | None:
        """Where the row with `key` is: looked for around `near` first, then from the top, not for ever."""
        around = range(max(0, near - PAGE), min(self.count, near + PAGE))
        top = range(min(self.count, SEEK))
        for places in (around, top):
            for index in places:
                row = self.row(index)
                if row is not None and row.key == key:
                    return index
        return None
