"""What moved between two periods, and why: an exact split of every group's change.

Grain: (account, resource or none, SKU, unit, currency) and the asked dimensions, usage lines only. In both
periods: usage = (q1 - q0) * p0 with p = cost / quantity, price = change - usage. A SKU that appears or
vanishes while its resource lives on is mix; a resource only in the later period is new, only in the earlier
gone. Quantity 0 or unknown, what is not usage, and corrections are other; tiered SKUs are usage whole. The
ratio is computed in double, but cast to decimal before anything is added, and price is what is left in
decimals: the parts sum to the change exactly.
"""

from datetime import date
from typing import Any

from finops_tui.errors import UsageError
from finops_tui.focus import CORRECTION, MONEY, ChargeCategory, Metric
from finops_tui.store.compile import (
    AMOUNTS,
    COMPARED,
    PREVIOUS,
    Bound,
    Relation,
    column,
    kept,
    key,
    labels,
    slices,
)
from finops_tui.store.extent import blocks, extent
from finops_tui.store.query import CostQuery, Mover
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot
from finops_tui.store.tiered import TIERED

PARTS = ("usage", "price", "mix", "new", "gone", "other")
_NOISE = "1e-12"
"""Relative remainder below which a price change is the rounding of a double, not a price change."""


def movers(session: Session, query: CostQuery) -> tuple[Mover, ...]:
    """The groups whose cost differs, per currency largest |delta| first; at most `query.limit`.

    UsageError when the query compares nothing or adds up quantities. Unknown amounts are left out.
    """
    if query.compare is None or query.compared is None:
        raise UsageError(
            "movers need two periods", "Add --compare previous, or choose days that are complete."
        )
    if query.metric is Metric.QUANTITY:
        raise UsageError("movers split money, not quantities", "Use another --metric.")
    currencies, rows = session.read(
        lambda snapshot: (extent(session, snapshot).currencies, _ask(session, query, snapshot))
    )
    found = [_mover(row, len(query.group_by)) for row in rows]
    found.sort(key=lambda mover: [(k is None, k or "") for k in (*mover.keys, mover.currency)])
    found.sort(key=lambda mover: (currencies.index(mover.currency), mover.delta.copy_abs().copy_negate()))
    return tuple(found)


def _mover(row: tuple[Any, ...], dimensions: int) -> Mover:
    keys, words = row[0 : 2 * dimensions : 2], row[1 : 2 * dimensions : 2]
    shown = tuple(word if word is not None else key for key, word in zip(keys, words, strict=True))
    money, previous, current, usage, price, mix, new, gone, other = row[2 * dimensions :]
    return Mover(keys, shown, money, previous, current, price, usage, mix, new, gone, other)


def _ask(session: Session, query: CostQuery, snapshot: Snapshot) -> list[tuple[Any, ...]]:
    bound, relation = Bound(), session.relation(snapshot)
    parts = _split(query, session.as_of, bound, relation)
    columns = "".join(f"k{index}, " for index in range(len(query.group_by)))
    sums = ", ".join(f"CAST(sum({name}) AS {MONEY}) AS {name}" for name in ("previous", "current", *PARTS))
    some = " OR ".join(f"{name} <> 0" for name in PARTS)
    limit = f" LIMIT {bound(query.limit)}" if query.limit is not None else ""
    keys = "".join(f", k{index} NULLS LAST" for index in range(len(query.group_by)))
    block = blocks("u", extent(session, snapshot).currencies, bound)
    top = (
        f"SELECT * FROM (SELECT {columns}u, {sums} FROM ({parts}) GROUP BY ALL)"
        f" WHERE {some} ORDER BY {block}, abs(current - previous) DESC{keys}, u NULLS LAST{limit}"
    )
    shown, names = labels(query.group_by, bound, relation)
    return session.rows(
        f"SELECT {shown + ', ' if shown else ''}g.u, g.previous, g.current,"
        f" {', '.join(f'g.{name}' for name in PARTS)} FROM ({top}) g{names}",
        bound,
    )


def _split(query: CostQuery, as_of: date, bound: Bound, relation: Relation) -> str:
    """SQL: per grain its group keys, currency, both periods' cost and the six parts.

    A grain is known by its resource, its currency and the hash of all else: hashing a row's names once is
    far cheaper than comparing each of them.
    """
    raw = [column(dimension) for dimension in query.group_by]
    groups = "".join(f", {name} AS k{index}" for index, name in enumerate(raw))
    names = "".join(f", any_value(k{index}) AS k{index}" for index in range(len(raw)))
    identity = ", ".join(("account_id", "sku_id", "unit", "charge_category", "charge_class", *raw))
    usage = (
        f"coalesce(lower(charge_category) = '{ChargeCategory.USAGE.lower()}'"
        f" AND lower(charge_class) IS DISTINCT FROM '{CORRECTION.lower()}', false)"
    )
    tiered = f"coalesce(s IN ({', '.join(map(bound, sorted(TIERED)))}), false)"
    conditions = kept(query.where, bound, relation)
    selects = []
    for number, period in slices(query, as_of):
        if number in (PREVIOUS, COMPARED):
            days = [f"day >= {bound(period.start)}", f"day < {bound(period.end)}"]
            selects.append(
                f"SELECT resource_key AS r, billing_currency AS u, hash({identity}) AS h, sku_id AS s,"
                f" unit AS q_unit, account_id AS a, {usage} AS of_use{groups}, {number} AS b,"
                f" {AMOUNTS[query.metric]} AS m, quantity AS q, quantity_unknown AS qx"
                f" FROM {relation('daily', bound, (period,))}"
                f" WHERE {' AND '.join([*days, *conditions])}"
            )
    then, now = f"b = {PREVIOUS}", f"b = {COMPARED}"
    grain, translated = _translated(query, bound, relation)
    return f"""
    WITH summed AS (
        SELECT r, u, any_value(a) AS a, any_value(s) AS s, any_value(q_unit) AS q_unit,
            any_value(of_use) AS of_use{names}, bool_or({then}) AS in0, bool_or({now}) AS in1,
            sum(CASE WHEN {then} THEN m END) AS m0, sum(CASE WHEN {now} THEN m END) AS m1,
            sum(CASE WHEN {then} THEN q END) AS n0, sum(CASE WHEN {now} THEN q END) AS n1, sum(qx) AS qx
        FROM ({" UNION ALL ".join(selects)}) GROUP BY r, u, h
    ), translated AS ({translated}),
    paired AS MATERIALIZED (
        SELECT * EXCLUDE (m0, m1, n0, n1, qx, s, q_unit, a), hash(a) AS a, {tiered} AS tiered,
            coalesce(m0, 0) AS c0, coalesce(m1, 0) AS c1,
            CASE WHEN qx = 0 THEN n0 END AS q0, CASE WHEN qx = 0 THEN n1 END AS q1 FROM {grain}
    ), alive AS (
        SELECT a, r, bool_or(in0) AS then_, bool_or(in1) AS now_ FROM paired WHERE of_use GROUP BY ALL
    ), judged AS (
        SELECT p.*, c1 - c0 AS change, coalesce(CASE
            WHEN NOT of_use THEN {_WHY["other"]}
            WHEN in0 AND in1 AND tiered THEN {_WHY["usage"]}
            WHEN in0 AND in1 THEN CASE WHEN q0 <> 0 AND q1 <> 0 THEN {_WHY["ratio"]} END
            WHEN then_ AND now_ THEN {_WHY["mix"]} WHEN in1 THEN {_WHY["new"]}
            ELSE {_WHY["gone"]} END, {_WHY["other"]}) AS why
        FROM paired p LEFT JOIN alive l ON l.a = p.a AND l.r IS NOT DISTINCT FROM p.r
    ), priced AS (
        SELECT *, CASE WHEN why = {_WHY["ratio"]}
            THEN CAST(c0 AS DOUBLE) * (CAST(q1 - q0 AS DOUBLE) / CAST(q0 AS DOUBLE)) END AS ratio FROM judged
    ), weighed AS (
        SELECT *, CASE WHEN why = {_WHY["usage"]} THEN change WHEN why <> {_WHY["ratio"]} THEN 0
            WHEN abs(CAST(change AS DOUBLE) - ratio) <= {_NOISE} * CAST(abs(c0) + abs(c1) AS DOUBLE)
                THEN change
            ELSE try_cast(ratio AS {MONEY}) END AS by_usage FROM priced
    )
    SELECT u{"".join(f", k{index}" for index in range(len(raw)))}, c0 AS previous, c1 AS current,
        coalesce(by_usage, 0) AS usage,
        CASE WHEN why = {_WHY["ratio"]} AND by_usage IS NOT NULL THEN change - by_usage ELSE 0 END AS price,
        CASE WHEN why = {_WHY["mix"]} THEN change ELSE 0 END AS mix,
        CASE WHEN why = {_WHY["new"]} THEN change ELSE 0 END AS new,
        CASE WHEN why = {_WHY["gone"]} THEN change ELSE 0 END AS gone,
        CASE WHEN why = {_WHY["other"]} OR by_usage IS NULL THEN change ELSE 0 END AS other
    FROM weighed"""


_WHY = {"usage": 1, "ratio": 2, "mix": 3, "new": 4, "gone": 5, "other": 6}


def _translated(query: CostQuery, bound: Bound, relation: Relation) -> tuple[str, str]:
    """(which of the two to read, SQL of the grain by the keys that are shown instead of the raw ones)."""
    found = [key(index, dimension, bound, relation) for index, dimension in enumerate(query.group_by)]
    if not any(join for _, join in found):
        return "summed", "SELECT 1"
    keys = "".join(f", {sql} AS k{index}" for index, (sql, _) in enumerate(found))
    sums = ", ".join(f"sum({name}) AS {name}" for name in ("m0", "m1", "n0", "n1", "qx"))
    joins = "".join(join for _, join in found)
    return "translated", (
        f"SELECT r, u, a, s, q_unit, of_use{keys}, bool_or(in0) AS in0, bool_or(in1) AS in1, {sums}"
        f" FROM summed g{joins} GROUP BY ALL"
    )
