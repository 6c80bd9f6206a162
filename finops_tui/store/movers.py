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
from finops_tui.store.query import CostQuery, Mover
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot
from finops_tui.store.tiered import TIERED

PARTS = ("usage", "price", "mix", "new", "gone", "other")
_NOISE = "1e-12"
"""Relative remainder below which a price change is the rounding of a double, not a price change."""
_GRAIN = "a, r, s, q_unit, u"


def movers(session: Session, query: CostQuery) -> tuple[Mover, ...]:
    """The groups whose cost differs, largest |delta| first; at most `query.limit`.

    UsageError when the query compares nothing or adds up quantities. Unknown amounts are left out.
    """
    if query.compare is None or query.compared is None:
        raise UsageError(
            "movers need two periods", "Add --compare previous, or choose days that are complete."
        )
    if query.metric is Metric.QUANTITY:
        raise UsageError("movers split money, not quantities", "Use another --metric.")
    rows = session.read(lambda snapshot: _ask(session, query, snapshot))
    found = [_mover(row, len(query.group_by)) for row in rows]
    found.sort(key=lambda mover: [(k is None, k or "") for k in (*mover.keys, mover.currency)])
    found.sort(key=lambda mover: abs(mover.delta), reverse=True)
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
    top = (
        f"SELECT * FROM (SELECT {columns}u, {sums} FROM ({parts}) GROUP BY ALL)"
        f" WHERE {some} ORDER BY abs(current - previous) DESC{keys}, u NULLS LAST{limit}"
    )
    shown, names = labels(query.group_by, bound, relation)
    return session.rows(
        f"SELECT {shown + ', ' if shown else ''}g.u, g.previous, g.current,"
        f" {', '.join(f'g.{name}' for name in PARTS)} FROM ({top}) g{names}",
        bound,
    )


def _split(query: CostQuery, as_of: date, bound: Bound, relation: Relation) -> str:
    """SQL: per grain its group keys, currency, both periods' cost and the six parts."""
    amount = AMOUNTS[query.metric]
    groups = "".join(f", {column(dimension)} AS k{index}" for index, dimension in enumerate(query.group_by))
    names = "".join(f", k{index}" for index in range(len(query.group_by)))
    conditions = kept(query.where, bound, relation)
    usage = (
        f"coalesce(lower(charge_category) = '{ChargeCategory.USAGE.lower()}'"
        f" AND lower(charge_class) IS DISTINCT FROM '{CORRECTION.lower()}', false)"
    )
    selects = []
    for number, period in slices(query, as_of):
        if number in (PREVIOUS, COMPARED):
            days = [f"day >= {bound(period.start)}", f"day < {bound(period.end)}"]
            selects.append(
                "SELECT account_id AS a, resource_key AS r, sku_id AS s, unit AS q_unit,"
                f" billing_currency AS u, {usage} AS of_use{groups}, {number} AS b,"
                f" sum({amount}) AS m, sum(quantity) AS q, sum(quantity_unknown) AS qx"
                f" FROM {relation('daily', bound, (period,))}"
                f" WHERE {' AND '.join([*days, *conditions])} GROUP BY ALL"
            )
    translated = [key(index, dimension, bound, relation) for index, dimension in enumerate(query.group_by)]
    keys = "".join(f", {sql} AS k{index}" for index, (sql, _) in enumerate(translated))
    joins = "".join(join for _, join in translated)
    then, now = f"b = {PREVIOUS}", f"b = {COMPARED}"
    return f"""
    WITH raw AS ({" UNION ALL ".join(selects)}),
    summed AS MATERIALIZED (
        SELECT {_GRAIN}, of_use, b, m, q, qx{keys} FROM raw g{joins}
    ),
    paired AS (
        SELECT {_GRAIN}{names}, of_use, bool_or({then}) AS in0, bool_or({now}) AS in1,
            coalesce(sum(CASE WHEN {then} THEN m END), 0) AS c0,
            coalesce(sum(CASE WHEN {now} THEN m END), 0) AS c1,
            CASE WHEN sum(qx) = 0 THEN sum(CASE WHEN {then} THEN q END) END AS q0,
            CASE WHEN sum(qx) = 0 THEN sum(CASE WHEN {now} THEN q END) END AS q1
        FROM summed GROUP BY ALL
    ), alive AS (
        SELECT a, r, bool_or({then}) AS then_, bool_or({now}) AS now_ FROM summed WHERE of_use GROUP BY ALL
    ), judged AS (
        SELECT p.*, c1 - c0 AS change, coalesce(CASE
            WHEN NOT of_use THEN 'other'
            WHEN in0 AND in1 AND list_contains({bound(sorted(TIERED))}, s) THEN 'usage'
            WHEN in0 AND in1 THEN CASE WHEN q0 <> 0 AND q1 <> 0 THEN 'ratio' END
            WHEN then_ AND now_ THEN 'mix' WHEN in1 THEN 'new' ELSE 'gone' END, 'other') AS why,
            CAST(c0 AS DOUBLE) * (CAST(q1 - q0 AS DOUBLE) / CAST(nullif(q0, 0) AS DOUBLE)) AS ratio
        FROM paired p LEFT JOIN alive l ON l.a IS NOT DISTINCT FROM p.a AND l.r IS NOT DISTINCT FROM p.r
    ), priced AS (
        SELECT *, CASE WHEN why = 'usage' THEN change WHEN why <> 'ratio' THEN 0
            WHEN abs(CAST(change AS DOUBLE) - ratio) <= {_NOISE} * CAST(abs(c0) + abs(c1) AS DOUBLE)
                THEN change
            ELSE try_cast(ratio AS {MONEY}) END AS by_usage FROM judged
    )
    SELECT u{names}, c0 AS previous, c1 AS current, coalesce(by_usage, 0) AS usage,
        CASE WHEN why = 'ratio' AND by_usage IS NOT NULL THEN change - by_usage ELSE 0 END AS price,
        CASE WHEN why = 'mix' THEN change ELSE 0 END AS mix,
        CASE WHEN why = 'new' THEN change ELSE 0 END AS new,
        CASE WHEN why = 'gone' THEN change ELSE 0 END AS gone,
        CASE WHEN why = 'other' OR by_usage IS NULL THEN change ELSE 0 END AS other
    FROM priced"""
