"""A view as a table: for a terminal, aligned on the decimal point; for Markdown, escaped."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from finops_tui.escape import printable
from finops_tui.report.figures import ASCII, figure
from finops_tui.report.view import Column, Row, View, value_at

GAP: Final = "  "
_NARROWEST: Final = 12
_MARKUP = re.compile(r"[\\`*\[\]|~$@]|(?<![^\W_])_|_(?![^\W_])|:(?=/|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
_BLOCK = re.compile(r"^(\d{0,9})([.)](?=\s|$)|[-+](?=[\s+-]|$)|#(?=[\s#]|$)|=)")


def plain(view: View, width: int | None = None, only_ascii: bool = False) -> str:
    """The view for a terminal: title, table, notes. Text is cut to fit `width`; None: nothing is cut."""
    lines = [printable(view.title), ""] if view.title else []
    lines += grid(view.columns, view.rows, width) if view.rows else ["nothing to show"]
    for part in view.parts:
        lines += ["", printable(part.title), "", *grid(part.columns, part.rows, width)]
    lines += ["", *(printable(note) for note in view_notes(view))]
    text = "\n".join(lines) + "\n"
    return to_ascii(text) if only_ascii else text


def grid(columns: Sequence[Column], rows: Sequence[Row], width: int | None = None) -> list[str]:
    """The lines of a table with its header, numbers aligned on their points."""
    columns = shown(columns, rows)
    cells = [[column.title for column in columns], *([_text(row, c) for c in columns] for row in rows)]
    numeric = [column.kind not in ("text", "date") for column in columns]
    widths = _align(cells, numeric)
    if width is not None:
        _narrow(widths, numeric, width)
    rule = ["─" * w for w in widths]
    return [_line(row, widths, numeric).rstrip() for row in (cells[0], rule, *cells[1:])]


def to_ascii(text: str) -> str:
    """Glyphs as plain characters, then anything left beyond ASCII as `?` (wide characters as two)."""
    plain_text = text.translate(ASCII)
    return "".join(c if c.isascii() else "?" * max(1, cells_of(c)) for c in plain_text)


def shown(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns that have anything to say in a table."""
    return [
        c for c in columns if c.table and (not rows or any(value_at(row, c.name) is not None for row in rows))
    ]


def view_notes(view: View) -> list[str]:
    """What must be known beside the figures: as of, completeness, what is missing."""
    through = view.complete_through.isoformat() if view.complete_through else "unknown"
    notes = [
        f"as of {view.as_of}, complete through {through}" + (f", {view.currency}" if view.currency else "")
    ]
    return [*notes, *view.incomplete]


def _text(row: Row, column: Column) -> str:
    return printable(figure(value_at(row, column.name), column.kind))


def _align(cells: list[list[str]], numeric: Sequence[bool]) -> list[int]:
    """Pad the numeric columns' cells so that their points stand in line; the width of each column."""
    for index, is_number in enumerate(numeric):
        if not is_number:
            continue
        tails = [len(_fraction(row[index])) for row in cells[1:]]
        longest = max(tails, default=0)
        for row, tail in zip(cells[1:], tails, strict=True):
            row[index] += " " * (longest - tail)
    return [max(cells_of(row[index]) for row in cells) for index in range(len(numeric))]


def _fraction(text: str) -> str:
    """From the point on; of a whole number what follows the digits."""
    found = re.search(r"(\.[0-9].*|(?<=[0-9]) %)$", text)
    return found[0] if found else ""


def _narrow(widths: list[int], numeric: Sequence[bool], width: int) -> None:
    """Take room from the widest text columns until the table fits, or they are as narrow as can be read."""
    while sum(widths) + len(GAP) * (len(widths) - 1) > width:
        wide = [i for i, is_number in enumerate(numeric) if not is_number and widths[i] > _NARROWEST]
        if not wide:
            return
        widths[max(wide, key=lambda i: widths[i])] -= 1


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = []
    for text, width, is_number in zip(row, widths, numeric, strict=True):
        text = cut(text, width)
        room = " " * (width - cells_of(text))
        parts.append(room + text if is_number else text + room)
    return GAP.join(parts)


def cells_of(text: str) -> int:
    """Terminal columns: wide and full-width characters take two, combining ones none (Unicode TR11)."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns, "…" where something was left out."""
    if cells_of(text) <= width:
        return text
    while text and cells_of(text) > width - 1:
        text = text[:-1]
    return text + "…"


def markdown(view: View) -> str:
    """The view as Markdown: heading, table, notes."""
    lines = [f"## {escape(view.title or view.name)}", ""]
    lines += markdown_table(view.columns, view.rows) if view.rows else ["Nothing to show."]
    for part in view.parts:
        lines += ["", f"### {escape(part.title)}", "", *markdown_table(part.columns, part.rows)]
    lines += ["", *(f"- {escape_line(note)}" for note in view_notes(view))]
    return "\n".join(lines) + "\n"


def markdown_table(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """The lines of a GitHub table; numbers stand right."""
    columns = shown(columns, rows)
    lines = [
        "| " + " | ".join(escape(column.title) for column in columns) + " |",
        "|" + "|".join(" --- " if c.kind in ("text", "date") else " ---: " for c in columns) + "|",
    ]
    lines += ["| " + " | ".join(_markdown_cell(row, column) for column in columns) + " |" for row in rows]
    return lines


def _markdown_cell(row: Row, column: Column) -> str:
    return escape(figure(value_at(row, column.name), column.kind))


def escape(text: Any) -> str:
    """Hostile text as inline Markdown that shows exactly it: no markup, no HTML, no link, one line."""
    one_line = " ".join(printable(str(text)).split())
    marked = _MARKUP.sub(r"\\\g<0>", one_line)
    return marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_line(text: Any) -> str:
    """Like `escape`, where a paragraph or list item begins: it stays a paragraph."""
    return _BLOCK.sub(r"\1\\\2", escape(text))
