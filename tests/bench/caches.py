"""Big caches, made by the program's own store out of lines that DuckDB generates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

import duckdb

from finops_tui.focus import MONEY, ROW_COLUMNS, Source
from finops_tui.paths import Paths, locate
from finops_tui.store.refresh import LoadedFile, Refresh

FIRST_DAY, DAYS = date(2026, 8, 21), 60
AS_OF = FIRST_DAY + timedelta(days=DAYS)
TENANCY = "ocid1.tenancy.oc1..bench"
COMPARTMENTS = {
    f"ocid1.compartment.oc1..c{n:02}": f"root/{('eng', 'data', 'ops')[n % 3]}/team{n % 9}/app{n}"
    for n in range(40)
}


@dataclass(frozen=True)
class Shape:
    """How the lines of a bill lie: per UTC day `lines_a_day` lines over a window of resources."""

    title: str
    lines: int
    hourly: bool
    """Hourly lines of resources that live all 60 days; else daily ones of resources that live five."""

    @property
    def lines_a_day(self) -> int:
        return self.lines // DAYS

    @property
    def resource(self) -> str:
        """SQL: the number of the resource of line `n` of day `d`."""
        if self.hourly:
            return f"(n % {max(1, self.lines_a_day // 24)}) // 2"
        return f"n + {self.lines_a_day} * (d // 5)"

    @property
    def hour(self) -> str:
        """SQL: the hour of the day of line `n`; NULL when a line is a day long."""
        return f"n // {max(1, self.lines_a_day // 24)} % 24" if self.hourly else "NULL::BIGINT"


def build(home: Path, shape: Shape) -> Paths:
    """A cache of the shape's lines under `home`, committed month by month like report files."""
    paths = locate("default", home=home).create()
    with duckdb.connect() as connection, Refresh(paths) as refresh:
        connection.execute("SET TimeZone = 'UTC'")
        for number, days in enumerate(_months()):
            staged = refresh.stage / f"bench-{number}.parquet"
            connection.execute(_copy(shape, days, staged))
            refresh.add(staged, [_file(shape, day) for day in days])
            refresh.name_compartments(COMPARTMENTS)
            refresh.commit()
    return paths


def _months() -> Iterator[list[date]]:
    days = [FIRST_DAY + timedelta(days=n) for n in range(DAYS)]
    for month in sorted({day.replace(day=1) for day in days}):
        yield [day for day in days if day.replace(day=1) == month]


def _file(shape: Shape, day: date) -> LoadedFile:
    name = f"FOCUS Reports/{day:%Y/%m/%d}/0001.csv.gz"
    return LoadedFile(
        name=name,
        source=Source.FOCUS_REPORT,
        sha256=sha256(name.encode()).hexdigest(),
        size=0,
        rows=shape.lines_a_day,
        rejected={},
        examples=(),
        rounded=0,
        ignored=(),
        arrived=datetime.combine(day, time(6)) + timedelta(days=1),
    )


def _copy(shape: Shape, days: list[date], staged: Path) -> str:
    start = (days[0] - FIRST_DAY).days
    values = _values()
    columns = ", ".join(
        f"({values[name]})::{type_} AS {name}" if name in values else f"NULL::{type_} AS {name}"
        for name, type_ in ROW_COLUMNS.items()
    )
    return f"""COPY (
        WITH line AS (
            SELECT d, n, {shape.resource} AS r, {shape.hour} AS h,
                (hash(n, d) >> 2)::BIGINT AS random, ('{FIRST_DAY}'::DATE + d::INTEGER) AS day
            FROM range({start}, {start + len(days)}) AS a(d), range({shape.lines_a_day}) AS b(n)
        ), spread AS (SELECT *, (hash(r) >> 2)::BIGINT AS own FROM line)
        SELECT {columns}, (d - {start})::BIGINT AS x_file FROM spread
    ) TO '{staged}' (FORMAT parquet, COMPRESSION zstd)"""


def _values() -> dict[str, str]:
    """Column → SQL over (d, n, r, h, random, own, day)."""
    cost = f"((random % 1000000)::{MONEY} / 1000000 * (1 + own % 7)::{MONEY})"
    environment = "['prod', 'dev', 'test'][1 + own % 3]"
    start = "day::TIMESTAMP + to_hours(coalesce(h, 0))"
    return {
        "charge_period_start": start,
        "charge_period_end": f"{start} + to_hours(CASE WHEN h IS NULL THEN 24 ELSE 1 END)",
        "billing_period_start": "date_trunc('month', day)",
        "billing_period_end": "date_trunc('month', day) + INTERVAL 1 MONTH",
        "provider_name": "'Oracle Cloud'",
        "billing_account_id": f"'{TENANCY}'",
        "billing_account_name": "'bench'",
        "sub_account_id": f"'{TENANCY}' || own % 3",
        "sub_account_name": "'bench-' || own % 3",
        "billing_currency": "'USD'",
        "charge_category": "'Usage'",
        "charge_description": "'SKU ' || (own + n % 2) % 60",
        "billed_cost": cost,
        "effective_cost": cost,
        "list_cost": f"{cost} * 1.25::{MONEY}",
        "contracted_cost": cost,
        "pricing_quantity": "1",
        "pricing_unit": "'OCPU Per Hour'",
        "consumed_quantity": "1",
        "consumed_unit": "'HOURS'",
        "region_id": "['us-ashburn-1', 'eu-frankfurt-1', 'ap-tokyo-1'][1 + own % 3]",
        "resource_id": "'ocid1.instance.oc1.iad.' || md5(r::VARCHAR)",
        "resource_name": "'machine-' || r",
        "resource_type": "'instance'",
        "service_category": "['Compute', 'Storage', 'Networking'][1 + own % 3]",
        "service_name": "'SERVICE_' || own % 14",
        "sku_id": "'B' || (90000 + (own + n % 2) % 60)",
        "tags": f"""'{{"env": "' || {environment} || '", "team": "team' || own % 30 || '"}}'""",
        "x_compartment_id": "'ocid1.compartment.oc1..c' || lpad((own % 40)::VARCHAR, 2, '0')",
        "x_compartment_name": "'app' || own % 40",
    }
