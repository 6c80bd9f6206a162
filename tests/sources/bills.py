"""Bills that the tests write, and the door as the tests call it."""

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from finops_tui.errors import SourceError
from finops_tui.sources.reading import FileReading, Refusal, StoredFile
from finops_tui.sources.staging import Door, refusal
from finops_tui.sources.verify import identify

FOCUS: dict[str, str] = {
    "BilledCost": "1.5",
    "EffectiveCost": "1.25",
    "ListCost": "2",
    "ContractedCost": "1.4",
    "BillingCurrency": "USD",
    "BillingAccountId": "acct-1",
    "BillingPeriodStart": "2026-10-01T00:00:00Z",
    "BillingPeriodEnd": "2026-11-01T00:00:00Z",
    "ChargePeriodStart": "2026-10-07T10:00:00Z",
    "ChargePeriodEnd": "2026-10-07T11:00:00Z",
    "ChargeCategory": "Usage",
    "ProviderName": "AWS",
    "ServiceName": "EC2",
    "ResourceId": "i-1",
    "Tags": '{"team":"ml"}',
}


def rows_of(*changes: Mapping[str, str]) -> list[dict[str, str]]:
    """FOCUS lines that differ from the specimen as told."""
    return [{**FOCUS, **change} for change in changes]


def csv_text(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Lines as CSV with their keys as header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(path: Path, content: str | bytes) -> Path:
    """A file, compressed when its name says so."""
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(raw, 1) if path.suffix == ".gz" else raw)
    return path


@dataclass
class Result:
    """What the door made of some files."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    readings: dict[str, FileReading] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    calls: int = 0

    def total(self) -> Decimal:
        return sum((line["billed_cost"] for line in self.lines), Decimal(0))


def read(folder: Path, *paths: Path) -> Result:
    """Put files through the door; a line has its file's name as `file`."""
    result = Result()
    files: list[StoredFile] = []
    for path in paths:
        try:
            files.append(identify(path))
        except SourceError as error:
            result.refused[path.name] = refusal(path, error)
    with Door(folder / "stage") as door, closing(duckdb.connect()) as connection:
        for staged in door.stage(files):
            if isinstance(staged, Refusal):
                result.refused[staged.path.name] = staged
                continue
            result.calls += 1
            query = connection.execute(f"SELECT * FROM read_parquet('{staged.path}')")
            result.columns = [column[0] for column in query.description or ()]
            for values in query.fetchall():
                line = dict(zip(result.columns, values, strict=True))
                line["file"] = staged.readings[line["x_file"]].file.path.name
                result.lines.append(line)
            for reading in staged.readings:
                result.readings[reading.file.path.name] = reading
    return result
