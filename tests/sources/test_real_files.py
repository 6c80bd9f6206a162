"""The bills that others wrote: the door's sums are the exact sums of the files. Skipped where absent."""

import csv
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.sources.bills import read

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BILLS = [*sorted(DATA.glob("focus/**/*.csv*")), *sorted(DATA.glob("oci-cost-reports/*.csv"))]

pytestmark = pytest.mark.skipif(
    not BILLS, reason=f"needs the sample bills beside the checkout, in {DATA.parent.name}"
)


def _records(path: Path) -> Iterator[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    for record in csv.DictReader(io.StringIO(text, newline="")):
        yield {name.lower(): value for name, value in record.items()}


def _expected(path: Path) -> dict[tuple[str | None, str | None], Decimal] | None:
    """Provider and currency → sum, by Python's own csv and decimal; None: the file is no bill."""
    sums: defaultdict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    for record in _records(path):
        cost = record.get("billedcost", record.get("cost/mycost"))
        currency = record.get("billingcurrency", record.get("cost/currencycode"))
        if (
            cost is None
            or currency is None
            or ("chargeperiodstart" not in record and "cost/mycost" not in record)
        ):
            return None
        provider = (
            "Oracle" if "cost/mycost" in record else record.get("providername") or record.get("provider")
        )
        sums[provider, currency.strip() or None] += Decimal(re.sub(r"[$, ]", "", cost))
    return dict(sums)


@pytest.mark.parametrize("path", BILLS, ids=lambda path: path.name)
def test_each_bill_sums_to_the_last_decimal(tmp_path: Path, path: Path) -> None:
    expected = _expected(path)
    result = read(tmp_path, path)
    if expected is None:
        assert result.refused[path.name].lacking
        return
    found: defaultdict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    for line in result.lines:
        found[line["provider_name"], line["billing_currency"]] += line["billed_cost"]
    assert found == expected
    assert result.readings[path.name].rejected == {}


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_parquet_and_csv_of_one_bill_are_the_same_lines(tmp_path: Path, cloud: str) -> None:
    paths = sorted((DATA / "focus").glob(f"focus_1_2_cost_and_usage_{cloud}*"))
    if len(paths) < 2:
        pytest.skip("needs the bill in both formats")
    result = read(tmp_path, *paths)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for line in result.lines:
        kinds[line.pop("file")].append(repr({**line, "x_file": None}))
    first, *others = (sorted(lines) for lines in kinds.values())
    assert len(first) == 1000
    assert all(other == first for other in others)
