"""Taking things elsewhere: copy a cell, a row or a table; write what is on screen to a file."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finops_tui.errors import UsageError
from finops_tui.tui.clipboard import copy
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Cell

if TYPE_CHECKING:
    from finops_tui.report.view import View
    from finops_tui.tui.screens.base import BaseScreen

FORMATS = ("md", "csv", "json")
WHAT = ("id", "row", "table")
MOST_ROWS = 10_000
"""Rows of a table that are copied; an export has them all."""


def copy_from(screen: "BaseScreen", table: QueryTable, what: str, row_id: str) -> str:
    """Copy the id, the row or the table; what happened, in words."""
    if what not in WHAT:
        raise UsageError(f"cannot copy {what!r}", f"Copy {', '.join(WHAT)}.")
    row = table.row
    if row is None:
        raise UsageError("there is no row to copy")
    if what == "id":
        text = row_id
    elif what == "row":
        text = _tabbed(table, [row.cells])
    else:
        text = _tabbed(table, [r.cells for r in table.rows(MOST_ROWS)], heading=True)
    done = copy(
        text,
        tmux=screen.session.terminal.tmux,
        write=_writer(screen),
        folder=screen.session.paths.cache,
    )
    return f"{done.words}: {row_id if what == 'id' else what}"


def _tabbed(table: QueryTable, rows: Sequence[Any], *, heading: bool = False) -> str:
    columns = table.columns
    lines = ["\t".join(column.title for column in columns)] if heading else []
    lines += ["\t".join(cells.get(c.key, Cell("")).text.strip() for c in columns) for cells in rows]
    return "\n".join(lines)


def _writer(screen: "BaseScreen") -> Callable[[str], None]:
    def write(sequence: str) -> None:
        # straight to the terminal that Textual paints on; its own copy knows neither tmux nor a limit
        with open(os.ctermid(), "w") as terminal:  # noqa: PTH123 - a device, not a path of ours
            terminal.write(sequence)

    return write if not screen.app.is_headless else lambda _: None


def export(screen: "BaseScreen", view: Callable[[], "View"], name: str, format: str, file: str) -> None:  # noqa: A002
    """Write the view to a file (`finops-NAME-DATE.FORMAT` here unless named) and say where it is."""

    def text() -> str:
        from finops_tui.report.formats import render

        return render(view(), format)  # type: ignore[arg-type]

    export_text(screen, text, name, format, file)


def export_text(screen: "BaseScreen", text: Callable[[], str], name: str, format: str, file: str) -> None:  # noqa: A002
    """Write what `text` makes (off the event loop) to a file, named as `export` does, and say where it is."""
    if format not in FORMATS:
        raise UsageError(f"cannot export {format!r}", f"Formats are {', '.join(FORMATS)}.")
    own_name = f"finops-{name}-{screen.session.as_of}.{format}"
    path = Path(file or own_name).expanduser().absolute()

    def write() -> str:
        written = text()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written, encoding="utf-8")
        except OSError as error:
            hint = "Name another file: :export md FILE"
            raise UsageError(f"cannot write {path}: {error.strerror}", hint) from None
        return f"written to {path}"

    screen.load("export", write, screen.say)
