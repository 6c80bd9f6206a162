"""Reads the sample tenancy's files back, for comparison with what the world says."""

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from finops_tui.engine import connect
from finops_tui.sandbox.reports import Part
from finops_tui.worker.batch import BatchFile

Key = tuple[date, str, str, str]
"""Day, account, service, currency."""


def rows(part: Part) -> list[dict[str, str]]:
    """The lines of a part by column name."""
    text = gzip.decompress(part.body).decode()
    return list(csv.DictReader(io.StringIO(text), strict=True))


def billed(files: Iterable[BatchFile], temp: Path) -> dict[Key, Decimal]:
    """The exact sum of BilledCost in the files."""
    paths = [str(file.path) for file in files]
    with connect(temp) as connection:
        found = connection.execute(
            """SELECT ChargePeriodStart::TIMESTAMPTZ::DATE, SubAccountId, ServiceName, BillingCurrency,
                      sum(BilledCost::DECIMAL(38,18))
               FROM read_csv(?, all_varchar = true, header = true) GROUP BY ALL""",
            [paths],
        ).fetchall()
    return {(day, account, service, currency): cost for day, account, service, currency, cost in found}


@dataclass(frozen=True)
class Correction:
    """A correction line, how many lines it refers to, and their cost."""

    arrived: datetime
    day_end: datetime
    cost: Decimal
    corrected: Decimal
    matches: int


def back_references(parts: Iterable[Part], folder: Path) -> list[Correction]:
    """Every correction in the parts with what it refers to: same SKU, resource and charge period."""
    arrived = {}
    for number, part in enumerate(parts):
        path = folder / f"{number}.csv.gz"
        path.write_bytes(part.body)
        arrived[str(path)] = part.arrived
    with connect(folder / "temp") as connection:
        found = connection.execute(
            """WITH lines AS (
                 SELECT *, filename AS file
                 FROM read_csv(?, all_varchar = true, header = true, filename = true))
               SELECT c.file, any_value(c.ChargePeriodStart::TIMESTAMPTZ::DATE + 1),
                      any_value(c.BilledCost::DECIMAL(38,18)),
                      coalesce(sum(l.BilledCost::DECIMAL(38,18)), 0), count(l.SkuId)
               FROM lines c LEFT JOIN lines l ON l.oci_ReferenceNumber = c.oci_BackReferenceNumber
                AND l.SkuId = c.SkuId AND l.ResourceId = c.ResourceId
                AND l.ChargePeriodStart = c.ChargePeriodStart
               WHERE c.oci_BackReferenceNumber IS NOT NULL GROUP BY c.file, c.oci_ReferenceNumber""",
            [list(arrived)],
        ).fetchall()
    return [
        Correction(arrived[file], datetime(day.year, day.month, day.day), *rest) for file, day, *rest in found
    ]
