"""The line items behind a number: which file each came from, and its correction trail."""

from decimal import Decimal
from typing import Any

from finops_tui.focus import CORRECTION, LINE_COLUMNS
from finops_tui.store import snapshot as manifest
from finops_tui.store.compile import Bound, Relation, kept, like
from finops_tui.store.daily import DIMENSIONS
from finops_tui.store.query import NONE, Period, Where
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot

KEPT_WHOLE = 100_000
"""Lines up to which they are copied into memory once; above, each window is sorted out of the files."""
_IDS = 200
_ORDER = (
    "charge_period_start DESC, resource_id NULLS LAST, sku_id NULLS LAST, charge_category NULLS LAST,"
    " billed_cost DESC NULLS LAST, x_reference NULLS LAST, x_file, consumed_quantity NULLS LAST,"
    " tags NULLS LAST"
)


class LineTable:
    """Live line items under a filter, newest first; windowed."""

    def __init__(self, session: Session, where: tuple[Where, ...], period: Period) -> None:
        self._session, self._where, self._period = session, where, period
        self._table: str | None = None
        self.count: int
        self.totals: dict[str | None, Decimal | None]
        """Billed cost per currency; None: unknown on every line."""
        self.generation: int
        session.read(self._look)

    def _look(self, snapshot: Snapshot) -> None:
        self._snapshot, self.generation = snapshot, snapshot.generation
        self._ids = self._resource_ids(self._session.relation(snapshot))
        if self._ids is not None:  # few resources have few lines: read them once
            self._keep()
        self._sum()
        if self._table is not None and self.count > KEPT_WHOLE:
            self.close()
            self._table = None
            self._sum()
        elif self._table is None and self.count <= KEPT_WHOLE:
            self._keep()

    def _sum(self) -> None:
        bound = Bound()
        rows = self._session.rows(
            f"SELECT billing_currency, count(*), sum(billed_cost) FROM {self._table or self._source(bound)}"
            " GROUP BY 1 ORDER BY 1 NULLS LAST",
            bound,
        )
        self.count = sum(row[1] for row in rows)
        self.totals = {row[0]: row[2] for row in rows}

    def _keep(self) -> None:
        name, bound = self._session.table_name("lines_"), Bound()
        self._session.rows(
            f"CREATE TABLE {name} AS SELECT *, row_number() OVER (ORDER BY {_ORDER}) - 1 AS n"
            f" FROM {self._source(bound)} LIMIT {bound(KEPT_WHOLE + 1)}",
            bound,
        )
        self._table = name

    def page(self, offset: int, limit: int) -> tuple[dict[str, Any], ...]:
        """Lines as dicts of focus.LINE_COLUMNS plus `file` (the file's name), `compartment` (path),
        `corrects` (the reference a correction corrects) and `corrected_by` (the references of its
        corrections, comma between them); None where there is none."""
        offset, limit = max(0, offset), max(0, limit)
        bound = Bound()
        columns = ", ".join(LINE_COLUMNS)
        if self._table:
            where = f"WHERE n >= {bound(offset)} AND n < {bound(offset + limit)} ORDER BY n"
            sql = f"SELECT {columns}, compartment FROM {self._table} {where}"
        else:
            window = f"ORDER BY {_ORDER} LIMIT {bound(limit)} OFFSET {bound(offset)}"
            sql = f"SELECT {columns}, compartment FROM {self._source(bound)} {window}"
        names = (*LINE_COLUMNS, "compartment")
        found = self._session.read(lambda _: self._session.rows(sql, bound))
        lines = [dict(zip(names, row, strict=True)) for row in found]
        self._name_files(lines)
        self._follow_corrections(lines)
        return tuple(lines)

    def close(self) -> None:
        """Let go of the data. Twice is no harm."""
        if self._table:
            self._session.drop(self._table)

    def _source(self, bound: Bound) -> str:
        """SQL: the kept live lines of the period, with their compartment's path."""
        held = self._snapshot if self._ids is None else self._snapshot.of_resources(self._ids)
        relation = self._session.relation(self._snapshot)
        start = bound(self._period.start)
        end = bound(min(self._period.end, self._session.as_of))
        asked = Period(self._period.start, min(self._period.end, self._session.as_of))
        account, day = DIMENSIONS["account_id"], DIMENSIONS["day"]
        extra = ", ".join(
            f"{DIMENSIONS[name]} AS {name}" for name in ("account_id", "resource_key", "tagset_key")
        )
        compartment = f"coalesce({DIMENSIONS['x_compartment_id']}) AS x_compartment_id"
        days = [f"charge_period_start >= {start}", f"charge_period_start < {end}"]
        pushed, rest = self._pushed(bound)
        if self._session.known:
            days.append(f"x_arrived < {bound(self._session.as_of)}")
        live = f"SELECT l.* FROM {held.relation('lines', bound, (asked,))} l"
        if self._session.known or self._snapshot.of("shadow"):  # else no line is outranked
            live += (
                f" SEMI JOIN (SELECT * FROM {relation('units', bound, ())} WHERE live) u"
                f" ON u.provider_name IS NOT DISTINCT FROM l.provider_name AND u.day = {day}"
                f" AND u.account_id IS NOT DISTINCT FROM {account} AND u.x_source = l.x_source"
            )
        live += f" WHERE {' AND '.join([*days, *pushed])}"
        conditions = kept(rest, bound, relation)
        filtered = f"SELECT * FROM (SELECT * REPLACE ({compartment}), {extra} FROM ({live}))"
        if conditions:
            filtered += f" WHERE {' AND '.join(conditions)}"
        paths = f"SELECT id, name FROM {relation('names', bound, ())} WHERE kind = 'compartment'"
        return (
            f"(SELECT f.*, coalesce(p.name, f.x_compartment_id) AS compartment FROM ({filtered}) f"
            f" LEFT JOIN ({paths}) p ON p.id = f.x_compartment_id)"
        )

    def _pushed(self, bound: Bound) -> tuple[list[str], list[Where]]:
        """A filter on few resources as their ids, by which lines are sorted: (conditions, other filters)."""
        if self._ids is None:
            return [], list(self._where)
        rest = [w for w in self._where if w.dimension != "resource" or w.negated]
        ids = ", ".join(bound(resource) for resource in self._ids)
        return [f"resource_id IN ({ids})" if ids else "false"], rest

    def _resource_ids(self, relation: Relation) -> list[str] | None:
        """The resources the filters keep; None where they are not few or not what is asked."""
        patterns = [w.pattern for w in self._where if w.dimension == "resource" and not w.negated]
        if not patterns or NONE in patterns:
            return None
        bound, tests = Bound(), []
        for text, plain in map(like, patterns):
            test = f"= {bound(text)}" if plain else f"LIKE {bound(text)} ESCAPE '\\'"
            tests.append(f"resource_id {test} OR resource_name {test}")
        rows = self._session.rows(
            f"SELECT resource_id FROM {relation('resources', bound, ())} WHERE {' OR '.join(tests)}"
            f" ORDER BY 1 LIMIT {_IDS + 1}",
            bound,
        )
        return [row[0] for row in rows] if len(rows) <= _IDS else None

    def _name_files(self, lines: list[dict[str, Any]]) -> None:
        numbers = sorted({line["x_file"] for line in lines if line["x_file"] is not None})
        names: dict[int, str] = {}
        with manifest.state(self._session.paths) as connection:
            if connection is not None:
                marks = ", ".join("?" * len(numbers))
                names = dict(
                    connection.execute(
                        f"SELECT number, name FROM source_file WHERE number IN ({marks})", numbers
                    )
                )
        for line in lines:
            line["file"] = names.get(line["x_file"])

    def _follow_corrections(self, lines: list[dict[str, Any]]) -> None:
        references = sorted({line["x_reference"] for line in lines if line["x_reference"]})
        corrections: dict[str, str] = {}
        if references:
            corrections = dict(self._session.read(lambda snapshot: self._corrections(snapshot, references)))
        for line in lines:
            correction = (line["charge_class"] or "").lower() == CORRECTION.lower()
            line["corrects"] = line["x_back_reference"] if correction else None
            line["corrected_by"] = corrections.get(line["x_reference"])

    def _corrections(self, snapshot: Snapshot, references: list[str]) -> list[tuple[Any, ...]]:
        bound = Bound()
        files = self._session.relation(snapshot)("lines", bound, ())
        known = f" AND x_arrived < {bound(self._session.as_of)}" if self._session.known else ""
        return self._session.rows(
            "SELECT x_back_reference, string_agg(DISTINCT x_reference, ', ' ORDER BY x_reference)"
            f" FROM {files} WHERE x_back_reference IN (SELECT unnest(CAST({bound(references)} AS VARCHAR[])))"
            f" AND lower(charge_class) = '{CORRECTION.lower()}'"
            f" AND charge_period_start < {bound(self._session.as_of)}{known} GROUP BY 1",
            bound,
        )
