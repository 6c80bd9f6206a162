"""The Data screen: what is in, through when it is complete, what was rejected, which past days changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from finops_tui import figures as fmt
from finops_tui.store.facts import DayChange, FileRefusal, FileStatus, SourceStatus
from finops_tui.store.reader import Cache
from finops_tui.tui.commands import bindings
from finops_tui.tui.screens import data_parts as parts
from finops_tui.tui.screens import first_run, taking
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.detail import open_detail
from finops_tui.tui.screens.first_run import NEED_DATA
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Cell, Row, Rows

if TYPE_CHECKING:
    from finops_tui.report.view import View

PART = 5
"""Sources and changed days take at most a fifth of the lines each; the files have the rest."""
MOST_CHANGES = 500


@dataclass(frozen=True)
class State:
    """What the screen shows, of one generation."""

    generation: int
    sources: tuple[SourceStatus, ...]
    files: tuple[FileStatus, ...]
    refusals: tuple[FileRefusal, ...]
    changes: tuple[DayChange, ...]


def read(cache: Cache) -> State:
    """Sources, files and changed days, all of one snapshot."""
    with cache.pinned() as generation:
        return State(generation, cache.status(), cache.files(), cache.refusals(), cache.changes(MOST_CHANGES))


class DataScreen(BaseScreen):
    """Tables one below the other (refused files only when there are any); Enter says all about a row."""

    where: ClassVar[str] = "data"
    heading: ClassVar[str] = "Data"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data")]

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None
        self._text = ""

    def compose_body(self) -> ComposeResult:
        yield QueryTable(id="sources", marks=False)
        yield QueryTable(parts.REFUSAL_COLUMNS, id="refused", marks=False)
        yield QueryTable(parts.FILE_COLUMNS, id="files", marks=False)
        yield QueryTable(parts.CHANGE_COLUMNS, id="changes", marks=False)

    # -- the data

    def reload(self) -> None:
        """Ask for everything at once."""
        cache = self.session.cache
        if cache.generation() == 0 and not cache.refusals():
            self.set_header("nothing loaded yet")
            headline, lines = first_run.offers(self.session)
            self.show_face(headline, *lines)
            return
        if self._state is None:
            self.set_header("what is in the cache")
        self.show_loading()
        self.load("data", lambda: read(cache), self._show)

    def _show(self, state: State) -> None:
        self._state = state
        self.shown_generation = state.generation
        with self.app.batch_update():
            self._paint(state)
            self.show_data()
        self.offer_keys()

    def _paint(self, state: State) -> None:
        files = [f for f in state.files if self._text.lower() in f.name.lower()]
        rejected = sum(sum(f.rejected.values()) for f in state.files)
        lines = sum(f.rows for f in state.files)
        self.set_header("what is in the cache")
        said = f"{len(files)} of {len(state.files)} files · filter: {self._text}" if self._text else ""
        self.set_crumbs(right=said)
        sources = Rows(parts.source_rows(state.sources))
        self.query_one("#sources", QueryTable).show(sources, columns=parts.source_columns(state.sources))
        refused = [f for f in state.refusals if self._text.lower() in f.name.lower()]
        self._fill("refused", parts.refusal_rows(refused))
        self._fill("files", parts.file_rows(files))
        self._fill("changes", parts.change_rows(state.changes) or [_nothing_changed()])
        counted = [fmt.counted(len(state.files), "file"), fmt.counted(lines, "line")]
        counted.append(f"{fmt.counted(rejected, 'line')} rejected" if rejected else "no line rejected")
        if state.refusals:
            counted.append(f"{fmt.counted(len(state.refusals), 'file')} refused")
        self.say(" · ".join(counted), "attention" if rejected or state.refusals else "muted")
        self._arrange()

    def _fill(self, name: str, rows: list[Row]) -> None:
        self.query_one(f"#{name}", QueryTable).show(Rows(rows))

    # -- room

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _arrange(self) -> None:
        most = max(2, self.app.size.height // PART)
        for name in ("sources", "refused", "changes"):
            table = self.query_one(f"#{name}", QueryTable)
            table.display = name != "refused" or table.count > 0
            table.styles.height = min(max(table.count, 1), most) + 1

    # -- commands

    def why_not(self, command_id: str) -> str:
        if command_id == "mark":
            return "rows are marked in Explore"
        if command_id in ("sort", "sort.reverse"):
            return "newest first"
        if self._state is None and command_id in NEED_DATA:
            return "nothing is loaded yet"
        return ""

    def filter_text(self) -> str:
        return self._text

    def filter_typed(self, text: str) -> None:
        self._text = text
        if self._state is not None:
            self._paint(self._state)

    async def do_open(self) -> None:
        """Everything about the source, file or changed day under the cursor."""
        row = self.table.row if self.table else None
        if row is not None and row.data is not None:
            heading, name, facts = parts.facts(row.data)
            await open_detail(self, heading, [name], facts)

    def copied(self, row: Row) -> str:
        """The name of the file, the account or the day."""
        return parts.name(row.data)

    def export(self, format: str, file: str) -> None:  # noqa: A002
        """What the table under the cursor is about: days that changed, else sources and files."""
        cache, changed = self.session.cache, self.table is not None and self.table.id == "changes"

        def view() -> "View":
            from finops_tui.report import stock

            return stock.changes(cache) if changed else stock.status(cache)

        taking.export(self, view, "changes" if changed else "status", format, file)


def _nothing_changed() -> Row:
    return Row("nothing", {"day": Cell("none", "muted")}, "muted")
