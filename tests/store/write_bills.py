"""Small bills for the store's tests: lines as Python values, staged as a door does it, read back exactly."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from finops_tui.focus import LINE_COLUMNS, ROW_COLUMNS, Source
from finops_tui.paths import Paths, locate
from finops_tui.store import parquet
from finops_tui.store.manifest import live_parts
from finops_tui.store.refresh import Committed, LoadedFile, Refresh
from finops_tui.store.state import open_state


@dataclass(frozen=True)
class Line:
    """One charge; what is not given is NULL."""

    day: date
    cost: Decimal | None = Decimal(1)
    account: str | None = "acme"
    service: str | None = "Compute"
    resource: str | None = None
    tags: str | None = None
    currency: str | None = "USD"
    charge_class: str | None = None
    provider: str | None = "Oracle"
    sku: str | None = "B1"
    hour: int = 0

    def columns(self) -> dict[str, object]:
        start = datetime.combine(self.day, time(self.hour))
        return {
            "charge_period_start": start,
            "charge_period_end": start + timedelta(hours=1),
            "provider_name": self.provider,
            "billing_account_id": self.account,
            "billing_account_name": self.account,
            "billing_currency": self.currency,
            "charge_category": "Usage",
            "charge_class": self.charge_class,
            "billed_cost": self.cost,
            "effective_cost": self.cost,
            "pricing_quantity": self.cost,
            "pricing_unit": "h",
            "resource_id": self.resource,
            "resource_name": self.resource,
            "service_name": self.service,
            "sku_id": self.sku,
            "tags": self.tags,
        }


@dataclass(frozen=True)
class File:
    """A source file and its lines."""

    name: str
    lines: tuple[Line, ...]
    source: Source = Source.IMPORT
    arrived: datetime | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def loaded(self) -> LoadedFile:
        return LoadedFile(
            self.name, self.source, self.sha256, 1, len(self.lines), {}, (), 0, (), self.arrived
        )


def stage(folder: Path, files: Sequence[File]) -> Path:
    """Write the files' lines as a door does: ROW_COLUMNS and the index of the file."""
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    columns = ", ".join(f"{name} {type_}" for name, type_ in ROW_COLUMNS.items())
    rows = [
        [*(line.columns().get(name) for name in ROW_COLUMNS), index]
        for index, file in enumerate(files)
        for line in file.lines
    ]
    with closing(duckdb.connect()) as connection:
        connection.execute(f"CREATE TABLE staged ({columns}, x_file BIGINT)")
        mark = "(" + ", ".join("?" * (len(ROW_COLUMNS) + 1)) + ")"
        for start in range(0, len(rows), 100):
            chunk = rows[start : start + 100]
            values = [value for row in chunk for value in row]
            connection.execute(f"INSERT INTO staged VALUES {', '.join([mark] * len(chunk))}", values)
        connection.execute(f"COPY staged TO '{path}' (FORMAT PARQUET)")
    return path


def load(paths: Paths, *files: File) -> Committed:
    """One refresh with one commit of these files; those whose bytes are in are left out, as importers do."""
    with Refresh(paths) as refresh:
        wanted = [file for file in files if refresh.known(file.sha256, file.name) != "same"]
        refresh.add(stage(refresh.stage, wanted), [file.loaded() for file in wanted])
        return refresh.commit()


def home(folder: Path) -> Paths:
    return locate("default", home=folder)


@dataclass
class Held:
    """What a cache holds, read without the read side."""

    paths: Paths
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        state = open_state(self.paths)
        assert state is not None
        with closing(state):
            self.parts = live_parts(state)

    def ask(self, kinds: Iterable[str], select: str, rest: str = "") -> list[tuple[Any, ...]]:
        """Rows of a statement over the live files of some kinds."""
        files = [self.paths.cache / part.path for part in self.parts if part.kind in kinds]
        if not files:
            return []
        with closing(duckdb.connect(config={"python_enable_replacements": "false"})) as connection:
            sql = f"SELECT {select} FROM {parquet.scan(files)} {rest}"
            return connection.execute(sql).fetchall()

    def totals(self, *kinds: str) -> dict[tuple[str | None, str | None], Decimal | None]:
        """(account, currency) → billed cost."""
        account = "account_id" if kinds != ("lines",) else "billing_account_id"
        rows = self.ask(kinds, f"{account}, billing_currency, sum(billed_cost)", "GROUP BY 1, 2")
        return {(row[0], row[1]): row[2] for row in rows}

    def lines(self) -> list[tuple[Any, ...]]:
        """All lines, sorted, without the number of their file."""
        columns = ", ".join(name for name in LINE_COLUMNS if name != "x_file")
        return self.ask(["lines"], columns, "ORDER BY ALL")
