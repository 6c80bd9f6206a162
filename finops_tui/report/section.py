"""A part of the report: what is said in words, and a table."""

from dataclasses import dataclass

from finops_tui.report.view import Column, Row


@dataclass(frozen=True)
class Section:
    """A heading, sentences, a table. All texts are plain and may be hostile."""

    id: str
    title: str
    currency: str | None = None
    sentences: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    """Names of the footnotes that the section rests on."""
