"""What changed, in lines a person reads: a service in a compartment, or the resources that came and went."""

import re
from collections.abc import Sequence
from decimal import Decimal

from finops_tui.store.overview import TopMover
from finops_tui.store.query import NONE, CostQuery, Mover, exactly
from finops_tui.store.reader import Cache

LINES = 8
"""Per currency."""
_NAMED = 40
"""Resources looked at to say which came or went."""
_WORTH_SAYING = Decimal("0.1")
"""A part below this share of the largest one is not said."""


def top_movers(cache: Cache, query: CostQuery) -> dict[str | None, tuple[TopMover, ...]]:
    """Per currency the largest changes by service and compartment; with the rest they are all of it."""
    if query.compare is None:
        return {}
    asked = query.but(group_by=("service", "compartment"), limit=None)
    found: dict[str | None, list[TopMover]] = {}
    for mover in cache.movers(asked):
        lines = found.setdefault(mover.currency, [])
        if len(lines) < LINES and abs(mover.delta) >= Decimal("0.005"):
            lines.append(_line(cache, asked, mover))
    return {currency: tuple(lines) for currency, lines in found.items()}


def _line(cache: Cache, query: CostQuery, mover: Mover) -> TopMover:
    service, compartment = mover.keys
    where = (*query.where, exactly("service", service), exactly("compartment", compartment))
    place = f"{service or NONE} in {compartment}" if compartment else service or NONE
    text = place
    for part in ("new", "gone"):
        if abs(mover.parts[part]) * 2 > abs(mover.delta):
            resources = cache.movers(query.but(group_by=("resource",), where=where, limit=_NAMED))
            mine = [m for m in resources if m.currency == mover.currency and m.parts[part]]
            if who := _who(mine, part):
                text = f"{who}, {place}"
    return TopMover(text, reason(mover), mover.delta, mover.parts, where)


def _who(movers: Sequence[Mover], part: str) -> str:
    """ "14 new train-vol-*", "db-03 gone"; empty where the resources have no names."""
    names = [mover.labels[0] for mover in movers if mover.labels[0]]
    if not names:
        return ""
    if len(names) == 1:
        return f"new {names[0]}" if part == "new" else f"{names[0]} gone"
    more = "+" if len(movers) == _NAMED else ""
    prefix = _prefix(names)
    what = f" {prefix}*" if prefix else " resources"
    return f"{len(names)}{more} {part}{what}"


def _prefix(names: Sequence[str]) -> str:
    """The first words most names share, up to a separator ("train-vol-"); empty where they share none."""
    first, last = min(names), max(names)
    differ = (index for index, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1])
    common = first[: next(differ, len(first))]
    match = re.match(r".*[-_./: ]", common)
    return match[0] if match and len(match[0]) > 2 and not common.startswith("ocid1.") else ""


def reason(mover: Mover) -> str:
    """The parts that make the change, largest first: "usage +5,900.00, price +310.00", or the one by name."""
    parts = sorted(((abs(v), name, v) for name, v in mover.parts.items() if v), reverse=True)
    if not parts:
        return ""
    said = [(name, value) for size, name, value in parts if size >= parts[0][0] * _WORTH_SAYING]
    if len(said) == 1:
        return said[0][0]
    return ", ".join(f"{name} {value:+,.2f}" for name, value in said)
