"""What changed, in lines a person reads: a service in a compartment, or the resources that came and went."""

import re
from decimal import Decimal

from finops_tui.store.compile import COMPARED, PREVIOUS, Bound, kept, key, slices
from finops_tui.store.overview import TopMover
from finops_tui.store.query import NONE, CostQuery, Mover, exactly
from finops_tui.store.reader import Cache
from finops_tui.store.snapshot import Snapshot

LINES = 8
"""Per currency."""
_WORTH_SAYING = Decimal("0.1")
"""A part below this share of the largest one is not said."""


def top_movers(cache: Cache, query: CostQuery) -> dict[str | None, tuple[TopMover, ...]]:
    """Per currency the largest changes by service and compartment; with the rest they are all of it."""
    if query.compare is None:
        return {}
    asked = query.but(group_by=("service", "compartment"), limit=None)
    found: dict[str | None, list[Mover]] = {}
    for mover in cache.movers(asked):
        lines = found.setdefault(mover.currency, [])
        if len(lines) < LINES and abs(mover.delta) >= Decimal("0.005"):
            lines.append(mover)
    turnover = [m for lines in found.values() for m in lines if _turnover(m)]
    who = cache.session.read(lambda snapshot: _came_and_went(cache, asked, snapshot)) if turnover else {}
    return {currency: tuple(_line(asked, mover, who) for mover in lines) for currency, lines in found.items()}


def _turnover(mover: Mover) -> str | None:
    """ "new" or "gone" where that is most of the change."""
    return next((part for part in ("new", "gone") if abs(mover.parts[part]) * 2 > abs(mover.delta)), None)


def _line(query: CostQuery, mover: Mover, who: dict[tuple[object, ...], str]) -> TopMover:
    service, compartment = mover.keys
    where = (*query.where, exactly("service", service), exactly("compartment", compartment))
    place = f"{service or NONE} in {compartment}" if compartment else service or NONE
    resources = who.get((service, compartment, mover.currency, _turnover(mover)))
    text = f"{resources}, {place}" if resources else place
    return TopMover(text, reason(mover), mover.delta, mover.parts, where)


def _came_and_went(cache: Cache, query: CostQuery, snapshot: Snapshot) -> dict[tuple[object, ...], str]:
    """(service, compartment, currency, "new" or "gone") → "14 new train-vol-*", for resources with usage in
    one of the two periods only."""
    bound, relation = Bound(), cache.session.relation(snapshot)
    conditions = kept(query.where, bound, relation)
    used = []
    for number, period in slices(query, cache.as_of):
        if number in (PREVIOUS, COMPARED):
            days = [f"day >= {bound(period.start)}", f"day < {bound(period.end)}"]
            used.append(
                "SELECT account_id AS a, resource_key AS r, service_name AS s, x_compartment_id AS c,"
                f" billing_currency AS u, {number} AS b FROM {relation('daily', bound, (period,))}"
                f" WHERE {' AND '.join([*days, *conditions])} AND resource_key IS NOT NULL"
                " AND lower(charge_category) = 'usage' AND lower(charge_class) IS DISTINCT FROM 'correction'"
            )
    path, paths = key(0, "compartment", bound, relation)
    rows = cache.session.rows(
        "WITH one AS (SELECT r, any_value(s) AS s, any_value(c) AS k0, any_value(u) AS u, min(b) AS b"
        f" FROM ({' UNION ALL '.join(used)}) GROUP BY r, hash(a) HAVING min(b) = max(b))"
        f" SELECT s, {path} AS c, u, b, count(*), min(n.resource_name), max(n.resource_name)"
        f" FROM one g{paths} JOIN {relation('resources', bound, ())} n ON n.resource_key = g.r GROUP BY ALL",
        bound,
    )
    found: dict[tuple[object, ...], str] = {}
    for service, compartment, currency, number, count, first, last in rows:
        part = "new" if number == COMPARED else "gone"
        if words := _words(count, part, first, last):
            found[service, compartment, currency, part] = words
    return found


def _words(count: int, part: str, first: str | None, last: str | None) -> str:
    """ "14 new train-vol-*", "db-03 gone"; empty where the resources have no names."""
    if first is None or last is None:
        return ""
    if count == 1:
        return f"new {first}" if part == "new" else f"{first} gone"
    prefix = _prefix(first, last)
    return f"{count} {part} {prefix}*" if prefix else f"{count} {part} resources"


def _prefix(first: str, last: str) -> str:
    """The first words shared by all names between these two in order, up to a separator ("train-vol-")."""
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
