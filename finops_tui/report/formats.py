"""A view as text: table, JSON, CSV or Markdown. The same view is the same bytes in any locale and zone."""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

import simplejson

from finops_tui.escape import printable
from finops_tui.report.view import View, value_at

Format = Literal["table", "json", "csv", "md"]

_FORMULA = ("=", "+", "-", "@", "|", "%")
"""What makes a spreadsheet run a cell (OWASP "CSV Injection"), DDE included; compared in form NFKC."""


def render(view: View, written: Format, *, width: int | None = None, only_ascii: bool = False) -> str:
    """The text, ending in a line break. `width` (columns) and `only_ascii` matter to tables alone."""
    if written == "json":
        return dumps(as_json(view))
    if written == "csv":
        return as_csv(view)
    from finops_tui.report import tables

    return tables.markdown(view) if written == "md" else tables.plain(view, width, only_ascii)


def as_json(view: View) -> dict[str, Any]:
    """The object of CONTRACT."""
    return {
        "view": view.name,
        "as_of": view.as_of,
        "currency": view.currency,
        "complete_through": view.complete_through,
        "complete": [
            {"provider": a.provider, "account": a.account, "through": a.through} for a in view.complete
        ],
        "incomplete": list(view.incomplete),
        **view.extra,
        **({"rows": []} if view.rows_name != "rows" else {}),
        view.rows_name: list(view.rows),
    }


def dumps(value: Any) -> str:
    """JSON with decimals unrounded and without exponent, dates as text, everything beyond ASCII escaped."""
    return simplejson.dumps(_plain(value), indent=2, allow_nan=False, ensure_ascii=True) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return simplejson.RawJSON(number(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return f"{value.isoformat(sep='T', timespec='seconds')}Z"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Enum) else value


def number(value: Decimal) -> str:
    """A decimal unrounded, without exponent and trailing zeros: `0.0000001`, `12.5`, `0`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def as_csv(view: View) -> str:
    """The rows; the first line is the header, nested fields have dots, lists are JSON text."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(column.name) for column in view.columns])
    for row in view.rows:
        writer.writerow([_cell(value_at(row, column.name)) for column in view.columns])
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping | list | tuple):
        return harmless(json.dumps(simplejson.loads(dumps(value)), separators=(",", ":")))
    if isinstance(value, datetime | date):
        return str(_plain(value))
    return harmless(str(value))


def harmless(text: str) -> str:
    """Text that no spreadsheet runs and no terminal obeys: controls made visible, `'` before a formula."""
    begins = unicodedata.normalize("NFKC", text[:100]).lstrip()
    return f"'{printable(text)}" if begins.startswith(_FORMULA) else printable(text)


def severe(rows: Sequence[Mapping[str, Any]], least: str) -> bool:
    """Whether a row's `severity` is at least `least`."""
    order = ("low", "medium", "high", "critical")
    return any(row.get("severity") in order[order.index(least) :] for row in rows)
