"""The report as text: Markdown from its template, or its tables as JSON, CSV or plain text."""

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from finops_tui.escape import printable
from finops_tui.report.document import Report
from finops_tui.report.figures import day, days
from finops_tui.report.formats import Format, as_csv, as_json, dumps
from finops_tui.report.section import Section
from finops_tui.report.tables import escape, escape_line, grid, markdown_table, to_ascii
from finops_tui.report.view import Column, Row, View, shared_currency
from finops_tui.report.views import asked

HEAD = ("as-of", "complete", "exclusions")
"""The footnotes of the report as a whole."""

FOR_PEOPLE = frozenset({"bar"})
"""Columns that only draw what another one says."""


def render(report: Report, written: Format, *, width: int | None = None, only_ascii: bool = False) -> str:
    """The text, ending in a line break. The same report gives the same bytes."""
    if written == "md":
        return markdown(report)
    if written == "table":
        return terminal(report, width, only_ascii)
    view = as_view(report)
    if written == "csv":
        return as_csv(view)
    listed = [
        {
            "id": section.id,
            "title": section.title,
            "currency": section.currency,
            "sentences": list(section.sentences),
            "rows": [_data(row) for row in section.rows],
        }
        for section in _sections(report)
    ]
    notes = {note.name: note.text for note in report.footnotes}
    return dumps({**as_json(view), "rows": [], "sections": listed, "notes": notes})


def _sections(report: Report) -> Iterator[Section]:
    yield report.summary
    for block in report.blocks:
        yield from block.sections


def _data(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in FOR_PEOPLE}


def as_view(report: Report) -> View:
    """All tables in one: which section a row is of stands in its first field."""
    rows = [
        {"section": section.id, **({"currency": section.currency} if section.currency else {}), **_data(row)}
        for section in _sections(report)
        for row in section.rows
    ]
    names = dict.fromkeys(["section", "currency", "name", "id", *(name for row in rows for name in row)])
    return View(
        name="report",
        as_of=report.as_of,
        columns=tuple(Column(name, name) for name in names),
        rows=tuple(rows),
        currency=shared_currency(report.summary.rows),
        complete_through=report.complete_through,
        complete=report.complete,
        incomplete=report.incomplete,
        extra={"title": report.title, **asked(report.query)},
    )


def terminal(report: Report, width: int | None, only_ascii: bool) -> str:
    """The sections as tables for a terminal."""
    lines = [printable(f"Cost report: {report.title}, {days(report.query.period)}"), ""]
    for section in _sections(report):
        words = f", {section.currency}" if section.currency and len(report.blocks) > 1 else ""
        lines += [printable(f"{section.title}{words}"), *(printable(text) for text in section.sentences), ""]
        if section.rows:
            lines += [*grid(section.columns, section.rows, width), ""]
    lines += [printable(note.text) for note in report.footnotes]
    text = "\n".join(lines) + "\n"
    return to_ascii(text) if only_ascii else text


def markdown(report: Report) -> str:
    """The report for people: GitHub Markdown with footnotes."""
    environment = Environment(
        loader=PackageLoader("finops_tui.report"),
        autoescape=False,  # every value passes one of the filters below
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"md": escape, "line": escape_line, "day": day, "days": days, "table": _table}
    known = {note.name: note for note in report.footnotes}
    cited = [*HEAD, *(name for section in _sections(report) for name in section.notes)]
    order = [name for name in dict.fromkeys([*cited, *known]) if name in known]
    text = environment.get_template("report.md.j2").render(
        report=report,
        head=HEAD,
        numbers={name: number for number, name in enumerate(order, 1)},
        footnotes=[known[name] for name in order],
        others=[known[name] for name in order if name not in cited],
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _table(section: Section) -> str:
    return "\n".join(markdown_table(section.columns, section.rows))
