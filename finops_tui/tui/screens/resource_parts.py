"""What the Resource screen says before its lines: pure functions of the store's facts."""

from collections.abc import Sequence

from finops_tui import figures as fmt
from finops_tui.store.facts import DayCost, PriceChange, ResourceFacts, SkuCost
from finops_tui.tui.text import plain
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.window import Cell, Row

AUTOMATIC = ("Oracle-Tags.", "orcl-cloud.", "aws:", "azure:", "goog-")
"""How tags begin that a cloud puts on by itself: they come after people's own."""

SKU_COLUMNS = (
    Column("sku", "SKU", priority=1),
    Column("what", "What", priority=3, least=10, most=44, grows=True),
    Column("quantity", "Quantity", "right", priority=4),
    Column("price", "Unit price now", "right", priority=2),
    Column("cost", "Cost", "right", priority=1),
)
PRICE_COLUMNS = (
    Column("day", "Unit price changed", priority=1),
    Column("sku", "SKU", priority=3),
    Column("old", "From", "right", priority=1),
    Column("new", "To", "right", priority=1),
    Column("change", "Change", "right", priority=2),
    Column("unit", "Per", priority=4),
)


def currencies(found: ResourceFacts) -> list[str | None]:
    """The currencies of its charges, largest total first (unknown last)."""
    return sorted(found.totals, key=lambda c: -(found.totals[c] or 0))


def facts(found: ResourceFacts) -> list[tuple[str, str]]:
    """Five lines: identity, what it is, where it is and who pays, tags, since when."""
    what = [found.type, ", ".join(found.services), found.region]
    who = found.account_name or found.account
    where = [found.compartment, f"account {who}" if who else None, found.provider]
    own_first = sorted(found.tags.items(), key=lambda tag: (tag[0].startswith(AUTOMATIC), tag[0]))
    tags = "   ".join(f"{key}={value}" for key, value in own_first)
    totals = [f"{fmt.money(found.totals[c])} {c or '(no currency)'}" for c in currencies(found)]
    seen = f"{fmt.day(found.first_seen, year=True)} – {fmt.day(found.last_seen, year=True)}"
    return [
        ("id", found.resource_id),
        ("what", _joined(what)),
        ("where", _joined(where)),
        ("tags", tags or "none"),
        ("seen", _joined([seen, f"{fmt.count(found.lines)} lines", *(f"{t} in all" for t in totals)])),
    ]


def daily(found: ResourceFacts, currency: str | None) -> tuple[DayCost, ...]:
    """The days charged in one currency."""
    return tuple(d for d in found.daily if d.currency == currency)


def sku_rows(skus: Sequence[SkuCost], currency: str | None) -> list[Row]:
    """What it costs by SKU in one currency, largest first."""
    shown = [s for s in skus if s.currency == currency]
    prices = fmt.aligned([fmt.price(s.unit_price) for s in shown])
    return [
        Row(
            ("sku", s.sku, s.unit),
            {
                "sku": Cell(plain(s.sku or "(none)")),
                "what": Cell(plain(s.name or "")),
                "quantity": Cell(plain(fmt.quantity(s.quantity, s.unit))),
                "price": Cell(price),
                "cost": Cell(fmt.money(s.cost)),
            },
            data=s,
        )
        for s, price in zip(shown, prices, strict=True)
    ]


def price_rows(prices: Sequence[PriceChange], currency: str | None) -> list[Row]:
    """When a unit price became another one, newest first."""
    shown = [p for p in prices if p.currency == currency]
    if not shown:
        return [Row("none", {"day": Cell("none in what is loaded")}, "muted")]
    changes = fmt.change_column([(p.old, p.new) for p in shown])
    return [
        Row(
            ("price", p.day, p.sku, p.unit),
            {
                "day": Cell(fmt.day(p.day, year=True)),
                "sku": Cell(plain(p.sku or "(none)")),
                "old": Cell(fmt.price(p.old)),
                "new": Cell(fmt.price(p.new)),
                "change": Cell(changed, fmt.tone_of(changed)),
                "unit": Cell(plain(p.unit or "")),
            },
            data=p,
        )
        for p, changed in zip(shown, changes, strict=True)
    ]


def _joined(texts: Sequence[str | None]) -> str:
    return " · ".join(t for t in texts if t) or "unknown"
