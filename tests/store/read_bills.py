"""Bills for the read side's tests: charges as Python values, loaded by the real Refresh, summed in Python."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from finops_tui.engine import literal
from finops_tui.focus import ROW_COLUMNS, Source
from finops_tui.paths import Paths, locate
from finops_tui.store.refresh import LoadedFile, Refresh

AS_OF = date(2026, 11, 24)


@dataclass(frozen=True)
class Charge:
    """One line of a bill; None is NULL."""

    day: date
    billed: Decimal | None = Decimal(1)
    hour: int = 0
    provider: str | None = "Oracle"
    account: str | None = "acme"
    service: str | None = "COMPUTE"
    category: str | None = "Compute"
    sku: str | None = "B1"
    compartment: str | None = None
    region: str | None = "us-ashburn-1"
    resource: str | None = None
    name: str | None = None
    tags: str | None = None
    charge_category: str | None = "Usage"
    charge_class: str | None = None
    currency: str | None = "USD"
    list_cost: Decimal | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    reference: str | None = None
    back_reference: str | None = None

    def row(self) -> dict[str, object]:
        start = datetime.combine(self.day, time(self.hour))
        return {
            "charge_period_start": start,
            "charge_period_end": start + timedelta(hours=1),
            "provider_name": self.provider,
            "billing_account_id": self.account,
            "sub_account_name": f"Account {self.account}" if self.account else None,
            "sub_account_id": self.account,
            "billing_currency": self.currency,
            "charge_category": self.charge_category,
            "charge_class": self.charge_class,
            "charge_description": f"SKU {self.sku}" if self.sku else None,
            "billed_cost": self.billed,
            "effective_cost": self.billed,
            "list_cost": self.list_cost,
            "pricing_quantity": self.quantity,
            "pricing_unit": self.unit,
            "region_id": self.region,
            "resource_id": self.resource,
            "resource_name": self.name,
            "service_category": self.category,
            "service_name": self.service,
            "sku_id": self.sku,
            "tags": self.tags,
            "x_compartment_id": self.compartment,
            "x_reference": self.reference,
            "x_back_reference": self.back_reference,
        }


def load(
    paths: Paths,
    charges: Iterable[Charge],
    *,
    name: str = "bill.csv",
    source: Source = Source.IMPORT,
    arrived: datetime | None = None,
    compartments: Mapping[str, str] | None = None,
    rejected: Mapping[str, int] | None = None,
) -> None:
    """Load the charges as one file."""
    rows = [charge.row() for charge in charges]
    sha = hashlib.sha256(repr((name, rows)).encode()).hexdigest()
    with Refresh(paths) as refresh:
        if refresh.known(sha, name) == "same":
            return
        path = refresh.stage / "1.parquet"
        stage(path, rows)
        file = LoadedFile(name, source, sha, 1, len(rows), rejected or {}, (), 0, (), arrived)
        refresh.add(path, [file])
        refresh.name_compartments(compartments or {})
        refresh.commit()


def load_many(paths: Paths, select: str, rows: int) -> None:
    """Load the rows of a SELECT (columns of ROW_COLUMNS by name, the others NULL) as one file."""
    with Refresh(paths) as refresh:
        path = refresh.stage / "1.parquet"
        with closing(duckdb.connect()) as connection:
            columns = ", ".join(f"{name} {type_}" for name, type_ in ROW_COLUMNS.items())
            connection.execute(f"CREATE TABLE staged ({columns}, x_file BIGINT)")
            connection.execute(f"INSERT INTO staged BY NAME SELECT *, 0 AS x_file FROM ({select})")
            connection.execute(f"COPY staged TO {literal(str(path))} (FORMAT PARQUET)")
        refresh.add(path, [LoadedFile("many.csv", Source.IMPORT, "0" * 64, 1, rows, {}, (), 0, (), None)])
        refresh.commit()


def stage(path: Path, rows: list[dict[str, object]]) -> None:
    """Write rows as a door does."""
    columns = ", ".join(f"{name} {type_}" for name, type_ in ROW_COLUMNS.items())
    values = [[*(row.get(name) for name in ROW_COLUMNS), 0] for row in rows]
    with closing(duckdb.connect()) as connection:
        connection.execute(f"CREATE TABLE staged ({columns}, x_file BIGINT)")
        mark = "(" + ", ".join("?" * (len(ROW_COLUMNS) + 1)) + ")"
        for start in range(0, len(values), 200):
            chunk = values[start : start + 200]
            flat = [value for row in chunk for value in row]
            connection.execute(f"INSERT INTO staged VALUES {', '.join([mark] * len(chunk))}", flat)
        connection.execute(f"COPY staged TO {literal(str(path))} (FORMAT PARQUET)")


def home(folder: Path) -> Paths:
    return locate("default", home=folder)


def days(start: date, count: int) -> list[date]:
    return [start + timedelta(days=index) for index in range(count)]


NAMES = tuple(field.name for field in fields(Charge))


def bill(start: date, count: int, **changes: object) -> list[Charge]:
    """A day-by-day bill of three resources, dearer each day."""
    return [
        Charge(
            day,
            Decimal(number + 1) + Decimal(index) / 8,
            service=("COMPUTE", "DATABASE")[number % 2],
            resource=f"ocid1.instance.oc1..{number}",
            name=f"web-{number}",
            compartment=f"c{number % 2}",
            quantity=Decimal(24),
            unit="HOUR",
            **changes,  # type: ignore[arg-type]
        )
        for index, day in enumerate(days(start, count))
        for number in range(3)
    ]
