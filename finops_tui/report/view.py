"""An answer, ready to be written down: rows of plain values, what each column is, how complete it all is.

Values are str, Decimal (money, quantities: unrounded), float (ratios), int (counts), date, bool, None
(unknown or not there), and dicts and lists of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from finops_tui.errors import UsageError
from finops_tui.store.query import AccountThrough

Kind = Literal["text", "money", "delta", "quantity", "percent", "share", "ratio", "count", "date"]
"""How a table rounds and aligns a column; JSON and CSV never round."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A field of the rows; `name` with dots reaches into nested objects."""

    name: str
    title: str
    kind: Kind = "text"
    table: bool = True
    """Whether tables for people show it; JSON and CSV always have it."""


@dataclass(frozen=True)
class Part:
    """A table of its own below a view's rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class View:
    """One answer. `rows` have the fields that `columns` name (and may have more, nested)."""

    name: str
    as_of: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    currency: str | None = None
    """The one that all rows share."""
    complete_through: date | None = None
    complete: tuple[AccountThrough, ...] = ()
    incomplete: tuple[str, ...] = ()
    """What is missing from the numbers, in words."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What the view adds to the JSON object, in order."""
    title: str = ""
    """For people: what was asked."""
    rows_name: str = "rows"
    """The field of the JSON object that holds the rows."""
    parts: tuple["Part", ...] = ()
    """Tables below the rows, for people: JSON and CSV have the same nested in the rows."""


def shared_currency(rows: Sequence[Row]) -> str | None:
    """The currency of every row, or None."""
    found = {row.get("currency") for row in rows}
    return found.pop() if len(found) == 1 else None


def value_at(row: Row, name: str) -> Any:
    """The field, or the nested one that dots reach: `slope_per_day.mean`."""
    if name in row:
        return row[name]
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def ordered(view: View, by: str, descending: bool | None = None) -> View:
    """The view with its rows in another order; unknown values last. None: numbers and days fall, text rises.

    UsageError when there is no such field.
    """
    known = [column.name for column in view.columns]
    if by not in known:
        raise UsageError(
            f"there is no field {by!r} to sort {view.name} by", f"Fields are {', '.join(known)}."
        )
    values = [value_at(row, by) for row in view.rows]
    if any(isinstance(value, Mapping | list | tuple) for value in values):
        raise UsageError(f"{by} is no single value to sort by", f"Fields are {', '.join(known)}.")
    have = [(value, row) for value, row in zip(values, view.rows, strict=True) if value is not None]
    lack = [row for value, row in zip(values, view.rows, strict=True) if value is None]
    falls = descending if descending is not None else bool(have) and not isinstance(have[0][0], str)
    have.sort(key=lambda pair: pair[0], reverse=falls)
    return replace(view, rows=(*(row for _, row in have), *lack))


def limited(view: View, limit: int | None) -> View:
    """The first rows alone; `currency` is the one that those share."""
    if limit is None or len(view.rows) <= limit:
        return view
    rows = view.rows[:limit]
    return replace(view, rows=rows, currency=shared_currency(rows))
