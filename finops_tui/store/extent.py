"""What one statement tells of a whole generation: its currencies, its lines, where amounts are unknown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finops_tui.focus import Metric
from finops_tui.store.compile import AMOUNTS, Bound
from finops_tui.store.daily import UNKNOWN
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot

_METRICS = tuple(metric for metric in AMOUNTS if metric is not Metric.QUANTITY)


@dataclass(frozen=True)
class Extent:
    """What the cache holds in one generation."""

    currencies: tuple[str | None, ...]
    """The main one, then those with most lines first: the order of their blocks in every table."""
    lines: int
    """Live lines before the session's day."""
    all_known: frozenset[Metric]
    """The metrics whose amount is known on every live line."""


def extent(session: Session, snapshot: Snapshot) -> Extent:
    """Asked of the rollup once per generation."""
    found = session.extents.get(snapshot.generation)
    if found is None:
        found = _ask(session, snapshot)
        session.extents = {snapshot.generation: found}
    return found


def _ask(session: Session, snapshot: Snapshot) -> Extent:
    bound = Bound()
    rollup = session.relation(snapshot)("rollup", bound, ())
    unknown = ", ".join(f"CAST(sum({UNKNOWN[AMOUNTS[metric]]}) AS BIGINT)" for metric in _METRICS)
    rows = session.rows(
        "SELECT billing_currency, CAST(coalesce(sum(lines) FILTER (day < "
        f"{bound(session.as_of)}), 0) AS BIGINT) AS n, {unknown} FROM {rollup}"
        " GROUP BY 1 ORDER BY n DESC, 1 NULLS LAST",
        bound,
    )
    return Extent(
        main_first((row[0] for row in rows), session.main_currency),
        sum(row[1] for row in rows),
        frozenset(metric for place, metric in enumerate(_METRICS, 2) if not any(row[place] for row in rows)),
    )


def main_first(currencies: Iterable[str | None], main: str | None) -> tuple[str | None, ...]:
    """The currencies in their order, but the main one, where one is named, before all others."""
    return tuple(sorted(currencies, key=lambda currency: main is None or currency != main))


def blocks(column: str, currencies: Sequence[str | None], bound: Bound) -> str:
    """SQL of a currency's place among the others; amounts of two currencies are not compared."""
    cases = "".join(
        f" WHEN {column} IS NOT DISTINCT FROM {bound(currency)} THEN {place}"
        for place, currency in enumerate(currencies)
    )
    return f"CASE{cases} END"
