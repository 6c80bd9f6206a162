"""The cost query answered a second time, in plain Python over the charges, to hold the store against."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from finops_tui.focus import Metric
from finops_tui.store.query import CostQuery, Period, Where
from tests.store.read_bills import Charge

EXACT = Context(prec=80)
Keys = tuple[str | None, ...]
COMPARTMENTS = {"c0": "root", "c1": "root/eng", "c2": "root/eng/ml", "c3": "root/fin%", "c4": "root/eng/ml/x"}


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """Exact sum of the known; 0 of nothing; None where there are values and none is known."""
    everything = list(values)
    known = [value for value in everything if value is not None]
    result = Decimal(0)
    for value in known:
        result = EXACT.add(result, value)
    return None if everything and not known else result


def value(charge: Charge, dimension: str) -> str | None:
    """The row key of a charge."""
    name, _, argument = dimension.partition(":")
    if name == "tag":
        found = json.loads(charge.tags).get(argument) if charge.tags else None
        return "(untagged)" if found is None else str(found)
    if name == "compartment":
        path = COMPARTMENTS.get(charge.compartment or "", charge.compartment)
        return "/".join(path.split("/")[: int(argument)]) if path and argument else path
    fields: dict[str, str | None] = {
        "provider": charge.provider,
        "account": charge.account,
        "service": charge.service,
        "category": charge.category,
        "sku": charge.sku,
        "region": charge.region,
        "resource": charge.resource,
        "charge_category": charge.charge_category,
        "charge_class": charge.charge_class,
        "currency": charge.currency,
    }
    return fields[name]


def _texts(charge: Charge, dimension: str) -> list[str | None]:
    """What a pattern on the dimension may match: the key, and the name where there is one."""
    key = value(charge, dimension)
    if dimension == "resource":
        return [key, charge.name]
    if dimension == "account":
        return [key, f"Account {key}" if key else None]
    if dimension == "sku":
        return [key, f"SKU {key}" if key else None]
    return [key, charge.compartment] if dimension == "compartment" else [key]


def matches(charge: Charge, where: Where) -> bool:
    """Whether the filter's pattern matches, negation aside."""
    if where.pattern == "(none)":
        return value(charge, where.dimension) in (None, "(untagged)")
    if where.dimension.startswith("tag:") and where.pattern == "*":
        return value(charge, where.dimension) != "(untagged)"
    pieces = re.split(r"(\\[*\\(]|\*)", where.pattern)
    flags = re.DOTALL | (re.IGNORECASE if where.dimension.startswith("charge_") else 0)
    regex = "".join(
        ".*" if p == "*" else re.escape(p[1:] if p[:1] == "\\" and len(p) == 2 else p) for p in pieces
    )
    return any(
        text is not None and re.fullmatch(regex, text, flags) for text in _texts(charge, where.dimension)
    )


def keep(charges: Iterable[Charge], wheres: Sequence[Where], period: Period) -> list[Charge]:
    """The charges of the period that the filters keep."""

    def kept(charge: Charge) -> bool:
        for dimension in {w.dimension for w in wheres}:
            positive = [w for w in wheres if w.dimension == dimension and not w.negated]
            if positive and not any(matches(charge, w) for w in positive):
                return False
            if any(matches(charge, w) for w in wheres if w.dimension == dimension and w.negated):
                return False
        return True

    return [c for c in charges if period.start <= c.day < period.end and kept(c)]


AMOUNT: dict[Metric, Callable[[Charge], Decimal | None]] = {
    Metric.BILLED: lambda charge: charge.billed,
    Metric.EFFECTIVE: lambda charge: charge.billed,
    Metric.LIST: lambda charge: charge.list_cost,
    Metric.QUANTITY: lambda charge: charge.quantity,
}


@dataclass(frozen=True)
class Sums:
    cost: Decimal | None
    compared: Decimal | None
    previous: Decimal | None


def answer(charges: Sequence[Charge], query: CostQuery, as_of: date) -> dict[tuple[Keys, str | None], Sums]:
    """(keys, currency or unit) → sums, for a query without granularity."""
    charges = [charge for charge in charges if charge.day < as_of]
    amount = AMOUNT[query.metric]
    by_unit = query.metric is Metric.QUANTITY
    if by_unit:
        charges = [c for c in charges if c.unit is not None or c.quantity is not None]
    found: dict[tuple[Keys, str | None], list[list[Decimal | None]]] = defaultdict(lambda: [[], [], []])
    for index, period in enumerate((query.period, query.compared, query.compare)):
        for charge in keep(charges, query.where, period) if period else ():
            keys = tuple(value(charge, dimension) for dimension in query.group_by)
            found[keys, charge.unit if by_unit else charge.currency][index].append(amount(charge))
    compares = query.compare is not None
    return {
        key: Sums(total(now), total(same) if compares else None, total(then) if compares else None)
        for key, (now, same, then) in found.items()
    }


_Grain = tuple[Keys, str | None, str | None, str | None, str | None, str | None]


def split(
    charges: Sequence[Charge], query: CostQuery, tiered: frozenset[str]
) -> dict[tuple[Keys, str | None], dict[str, Decimal]]:
    """DESIGN's movers, straight from its words, for dimensions that the grain determines or that join it."""
    assert query.compared and query.compare
    periods = (keep(charges, query.where, query.compare), keep(charges, query.where, query.compared))
    grain: dict[_Grain, tuple[list[Charge], list[Charge]]] = defaultdict(lambda: ([], []))
    alive: tuple[set[object], set[object]] = (set(), set())
    parts: dict[tuple[Keys, str | None], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for index, kept in enumerate(periods):
        for c in kept:
            keys = tuple(value(c, dimension) for dimension in query.group_by)
            if c.charge_category != "Usage" or c.charge_class == "Correction":
                sign = 1 if index else -1
                parts[keys, c.currency]["other"] += sign * (c.billed or 0)
                continue
            grain[keys, c.account, c.resource, c.sku, c.unit, c.currency][index].append(c)
            alive[index].add((c.account, c.resource))
    for (keys, account, resource, sku, _, currency), (old, new) in grain.items():
        c0, c1 = (sum((c.billed or Decimal(0) for c in side), Decimal(0)) for side in (old, new))
        into = parts[keys, currency]
        lives = ((account, resource) in alive[0], (account, resource) in alive[1])
        if old and new and sku in tiered:
            into["usage"] += c1 - c0
        elif old and new:
            known = all(c.quantity is not None for c in (*old, *new))
            q0, q1 = (sum((c.quantity or Decimal(0) for c in side), Decimal(0)) for side in (old, new))
            if not known or not q0 or not q1:
                into["other"] += c1 - c0
            else:
                usage = EXACT.divide(EXACT.multiply(q1 - q0, c0), q0)
                into["usage"] += usage
                into["price"] += c1 - c0 - usage
        elif all(lives):
            into["mix"] += c1 - c0
        else:
            into["new" if new else "gone"] += c1 - c0
    return {key: dict(split) for key, split in parts.items()}
