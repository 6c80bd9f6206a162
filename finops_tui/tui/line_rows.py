"""Line items as rows of a table and, one of them, as facts: where each came from and what it corrects."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Protocol

from finops_tui import figures as fmt
from finops_tui.focus import LINE_COLUMNS
from finops_tui.tui.text import plain
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.window import Cell, Row

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def columns(currencies: Collection[str | None], *, resource: bool = True) -> tuple[Column, ...]:
    """The columns; the currency is said once in the title, or per line where there are several."""
    several = len(currencies) > 1
    code = "" if several else next((f" {c}" for c in currencies if c), "")
    found = (
        Column("when", "Charged (UTC)", priority=1),
        Column("what", "What", priority=2, least=14, most=44, grows=True),
        Column("resource", "Resource", priority=8, least=10, most=28),
        Column("quantity", "Quantity", "right", priority=4),
        Column("price", "Unit price", "right", priority=6),
        Column("cost", f"Cost{code}", "right", priority=1),
        Column("currency", "", priority=2),
        Column("kind", "Kind", priority=5),
        Column("file", "File", priority=7, least=10, most=32),
    )
    left_out = {name for name, out in (("currency", not several), ("resource", not resource)) if out}
    return tuple(c for c in found if c.key not in left_out)


class Lines(Protocol):
    """store.lines.LineTable, as far as a table of rows needs it."""

    @property
    def count(self) -> int: ...

    def page(self, offset: int, limit: int) -> Sequence[dict[str, Any]]: ...


class LineRows:
    """The rows of a line table, made as they come into sight."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    @property
    def count(self) -> int:
        return self._lines.count

    def page(self, offset: int, limit: int) -> Sequence[Row]:
        found = self._lines.page(offset, limit)
        return [line_row(line, offset + i) for i, line in enumerate(found)]


def line_row(line: dict[str, Any], number: int) -> Row:
    """One line; identical lines are legal, so its place is part of its key."""
    cost = line["billed_cost"]
    texts = {
        "when": charged(line["charge_period_start"], line["charge_period_end"]),
        "what": line["charge_description"] or line["sku_id"] or line["service_name"] or "",
        "resource": line["resource_name"] or line["resource_id"] or "",
        "quantity": fmt.quantity(
            _first(line["pricing_quantity"], line["consumed_quantity"]),
            line["pricing_unit"] or line["consumed_unit"],
        ),
        "price": fmt.price(unit_price(line)),
        "cost": fmt.money(cost, decimals=4),
        "currency": line["billing_currency"] or "?",
        "kind": kind(line),
        "file": PurePath(line["file"] or "").name,
    }
    tone = fmt.tone(cost) if cost is not None and cost < 0 else ""
    cells = {name: Cell(plain(text), tone if name == "cost" else "") for name, text in texts.items()}
    return Row((number, line["charge_period_start"], cost), cells, data=line)


def charged(start: datetime | None, end: datetime | None) -> str:
    """`21 Nov 2026 14:00` for an hour, `21 Nov 2026` for a day, both ends for anything longer (UTC)."""
    if start is None:
        return fmt.UNKNOWN
    text = fmt.day(start.date(), year=True)
    if end is None or end - start == DAY:
        return text
    if end - start < DAY:
        return f"{text} {start:%H:%M}"
    return f"{fmt.day(start.date())} – {fmt.day((end - HOUR).date(), year=True)}"


def unit_price(line: dict[str, Any]) -> Decimal | None:
    """What a unit cost: as the bill says, else cost ÷ quantity; None where neither is known."""
    said = _first(line["contracted_unit_price"], line["list_unit_price"])
    if isinstance(said, Decimal):
        return said
    cost, quantity = line["billed_cost"], _first(line["pricing_quantity"], line["consumed_quantity"])
    return cost / quantity if cost is not None and quantity else None


def kind(line: dict[str, Any]) -> str:
    """`Usage`, `Credit` …, and whether the line corrects another or was corrected."""
    text = str(line["charge_category"] or "unknown")
    if line["corrects"]:
        return f"{text}, corrects"
    if line["corrected_by"]:
        return f"{text}, corrected"
    return f"{text}, correction" if line["charge_class"] else text


def line_facts(line: dict[str, Any]) -> list[tuple[str, str]]:
    """Everything the line says, the trail first, then its FOCUS columns; what it does not say is left out."""
    facts = [
        ("charged", charged(line["charge_period_start"], line["charge_period_end"])),
        ("from file", line["file"] or fmt.UNKNOWN),
        ("corrects", line["corrects"] or ""),
        ("corrected by", line["corrected_by"] or ""),
        ("compartment", line["compartment"] or ""),
        *((name, _spelt(line[name])) for name in LINE_COLUMNS if name != "x_file"),
    ]
    return [(name, plain(text)) for name, text in facts if text]


def _spelt(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)


def _first(*values: Decimal | None) -> Decimal | None:
    return next((v for v in values if v is not None), None)
