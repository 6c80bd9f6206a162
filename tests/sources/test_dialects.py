"""Every dialect becomes the same vocabulary; what is no bill is refused with the columns it lacks."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.sources.bills import FOCUS, csv_text, read, rows_of, write

COST_REPORT: dict[str, str] = {
    "lineItem/referenceNo": "V2.1",
    "lineItem/tenantId": "ocid1.tenancy.oc1..aaaa",
    "lineItem/intervalUsageStart": "2026-10-21T18:00Z",
    "lineItem/intervalUsageEnd": "2026-10-21T19:00Z",
    "product/service": "COMPUTE",
    "product/compartmentId": "ocid1.compartment.oc1..bbbb",
    "product/compartmentName": "ml",
    "product/region": "us-ashburn-1",
    "product/resourceId": "ocid1.instance.oc1.iad.cccc",
    "usage/billedQuantity": "8",
    "cost/subscriptionId": "15649487",
    "cost/productSku": "B93113",
    "product/Description": "Standard - E4 - OCPU",
    "cost/unitPrice": "0.007290000000000000",
    "cost/myCost": "0.058320000000000000",
    "cost/currencyCode": "GBP",
    "cost/skuUnitDescription": "OCPU Hours",
    "lineItem/isCorrection": "false",
    "lineItem/backreferenceNo": "",
}

OCI_FOCUS: dict[str, str] = {
    "BilledCost": "0.25",
    "BillingAccountId": "20209880",
    "BillingCurrency": "USD",
    "ChargeCategory": "Usage",
    "ChargePeriodStart": "2026-10-02T00:00:00Z",
    "ChargePeriodEnd": "2026-10-02T01:00:00Z",
    "EffectiveCost": "0.0000000000",
    "InvoiceIssuer": "",
    "Provider": "Oracle",
    "Publisher": "Oracle",
    "Region": "us-phoenix-1",
    "UsageQuantity": "8",
    "UsageUnit": "OCPU Hours",
    "oci_ReferenceNumber": "R-1",
    "oci_CompartmentId": "ocid1.compartment.oc1..dddd",
    "oci_CompartmentName": "prod",
    "oci_BackReferenceNumber": "",
}


def _only(folder: Path, row: dict[str, str]) -> dict[str, Any]:
    (line,) = read(folder, write(folder / "b.csv", csv_text([row]))).lines
    return line


def test_an_oci_cost_report_line(tmp_path: Path) -> None:
    line = _only(tmp_path, COST_REPORT)
    expected = {
        "provider_name": "Oracle",
        "charge_category": "Usage",
        "charge_class": None,
        "billed_cost": Decimal("0.05832"),
        "effective_cost": Decimal("0.05832"),
        "list_cost": None,
        "contracted_cost": None,
        "list_unit_price": None,
        "contracted_unit_price": Decimal("0.00729"),
        "pricing_quantity": Decimal(8),
        "pricing_unit": "OCPU Hours",
        "billing_currency": "GBP",
        "sub_account_id": "ocid1.tenancy.oc1..aaaa",
        "billing_account_id": "15649487",
        "service_category": None,
        "service_name": "COMPUTE",
        "x_compartment_id": "ocid1.compartment.oc1..bbbb",
        "x_compartment_name": "ml",
        "x_reference": "V2.1",
        "charge_period_start": datetime(2026, 10, 21, 18),
        "billing_period_start": datetime(2026, 10, 1),
        "billing_period_end": datetime(2026, 11, 1),
        "tags": None,
    }
    assert {name: line[name] for name in expected} == expected


def test_tag_columns_of_any_name_become_one_object(tmp_path: Path) -> None:
    tags = {
        "Oracle-Tags.CreatedBy": "me",
        "my key": 'a "quoted" \\ value',
        "back\\slash": "x\x1by",
        "it's": "ünï",
    }
    row = COST_REPORT | {f"tags/{key}": value for key, value in tags.items()} | {"tags/empty": ""}
    assert json.loads(_only(tmp_path, row)["tags"]) == tags


def test_cost_reports_with_different_headers_load_together(tmp_path: Path) -> None:
    first = write(tmp_path / "1.csv.gz", csv_text([COST_REPORT | {"tags/a": "1"}]))
    second = write(tmp_path / "2.csv.gz", csv_text([{"tags/b": "2"} | COST_REPORT]))
    result = read(tmp_path, first, second)
    assert {line["file"]: json.loads(line["tags"]) for line in result.lines} == {
        "1.csv.gz": {"a": "1"},
        "2.csv.gz": {"b": "2"},
    }


@pytest.mark.parametrize(
    ("flag", "back", "charge_class"),
    [("true", "V2.0", "Correction"), ("false", "V2.0", None), ("", "", None), ("TRUE", "", "Correction")],
)
def test_only_the_flag_of_a_cost_report_makes_a_correction(
    tmp_path: Path, flag: str, back: str, charge_class: str | None
) -> None:
    line = _only(tmp_path, COST_REPORT | {"lineItem/isCorrection": flag, "lineItem/backreferenceNo": back})
    assert (line["charge_class"], line["x_back_reference"]) == (charge_class, back or None)


@pytest.mark.parametrize("prefix", ["oci_", "x_oci_"])
def test_an_oci_focus_line_with_its_preview_names(tmp_path: Path, prefix: str) -> None:
    row = {name.replace("oci_", prefix): value for name, value in OCI_FOCUS.items()}
    line = _only(tmp_path, row)
    expected = {
        "provider_name": "Oracle",
        "publisher_name": "Oracle",
        "invoice_issuer_name": None,
        "region_id": "us-phoenix-1",
        "consumed_quantity": Decimal(8),
        "consumed_unit": "OCPU Hours",
        "billed_cost": Decimal("0.25"),
        "effective_cost": Decimal("0.25"),
        "contracted_cost": None,
        "charge_class": None,
        "x_reference": "R-1",
        "x_back_reference": None,
        "x_compartment_id": "ocid1.compartment.oc1..dddd",
        "x_compartment_name": "prod",
    }
    assert {name: line[name] for name in expected} == expected
    corrected = _only(tmp_path, row | {f"{prefix}BackReferenceNumber": "R-0"})
    assert (corrected["charge_class"], corrected["x_back_reference"]) == ("Correction", "R-0")


@pytest.mark.parametrize(
    ("change", "effective"),
    [
        ({"ProviderName": "Oracle", "EffectiveCost": "0"}, "1.5"),
        ({"ProviderName": "oracle cloud infrastructure", "EffectiveCost": ""}, "1.5"),
        ({"ProviderName": "OCI", "EffectiveCost": "0.00"}, "1.5"),
        ({"ProviderName": "Oracle", "EffectiveCost": "0.7"}, "0.7"),
        ({"ProviderName": "Oracle", "EffectiveCost": "0", "ChargeCategory": "Purchase"}, "0"),
        ({"ProviderName": "Oracle", "EffectiveCost": "", "ChargeCategory": "Credit"}, None),
        ({"ProviderName": "Oracle", "EffectiveCost": "0", "ChargeCategory": "Adjustment"}, "1.5"),
        ({"ProviderName": "Oracle", "EffectiveCost": "0", "ChargeCategory": "Tax"}, "0"),
        ({"ProviderName": "AWS", "EffectiveCost": "0", "ChargeCategory": "Adjustment"}, "0"),
        ({"ProviderName": "AWS", "EffectiveCost": "0"}, "0"),
        ({"ProviderName": "Microsoft", "EffectiveCost": ""}, None),
    ],
)
def test_effective_cost_is_the_billed_cost_where_oracle_leaves_it_out(
    tmp_path: Path, change: dict[str, str], effective: str | None
) -> None:
    found = _only(tmp_path, FOCUS | change)["effective_cost"]
    assert found == (None if effective is None else Decimal(effective))


def test_the_provider_of_focus_1_3_is_found_under_its_new_names(tmp_path: Path) -> None:
    row = {name: value for name, value in FOCUS.items() if name != "ProviderName"}
    assert (
        _only(tmp_path, row | {"ServiceProviderName": "Acme", "HostProviderName": "AWS"})["provider_name"]
        == "Acme"
    )
    assert _only(tmp_path, row | {"PublisherName": "Pub"})["provider_name"] == "Pub"
    assert _only(tmp_path, row | {"ProviderName": "", "PublisherName": "Pub"})["provider_name"] == "Pub"
    assert _only(tmp_path, row)["provider_name"] is None


def test_a_charge_period_may_lie_outside_its_billing_period(tmp_path: Path) -> None:
    line = _only(tmp_path, FOCUS | {"ChargePeriodStart": "2026-09-30T22:00:00Z"})
    assert line["charge_period_start"] == datetime(2026, 9, 30, 22)


@pytest.mark.parametrize(
    ("missing", "lacking"),
    [
        (["BilledCost"], ("BilledCost",)),
        (["BillingCurrency", "ChargePeriodStart"], ("BillingCurrency", "ChargePeriodStart")),
    ],
)
def test_what_is_no_bill_says_which_columns_it_lacks(
    tmp_path: Path, missing: list[str], lacking: tuple[str, ...]
) -> None:
    row = {name: value for name, value in FOCUS.items() if name not in missing}
    result = read(tmp_path, write(tmp_path / "b.csv", csv_text([row])))
    assert result.refused["b.csv"].lacking == lacking
    assert all(name in result.refused["b.csv"].reason for name in lacking)


def test_a_usage_report_and_a_commitment_dataset_are_told_apart(tmp_path: Path) -> None:
    usage = {name: value for name, value in COST_REPORT.items() if not name.startswith("cost/")}
    commitment = {"ContractCommitmentId": "c", "ContractCommitmentCost": "1", "BillingCurrency": "USD"}
    paths = [write(tmp_path / "u.csv", csv_text([usage])), write(tmp_path / "c.csv", csv_text([commitment]))]
    refused = read(tmp_path, *paths).refused
    assert refused["u.csv"].lacking == ("cost/myCost", "cost/currencyCode")
    assert "usage report" in refused["u.csv"].reason
    assert "contract-commitment" in refused["c.csv"].reason


def test_a_cost_column_that_is_there_twice_is_not_guessed(tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([[*FOCUS, "billed_cost"], [*FOCUS.values(), "7"]])
    refused = read(tmp_path, write(tmp_path / "b.csv", out.getvalue())).refused
    assert "2 times" in refused["b.csv"].reason


def test_columns_that_are_not_kept_are_named(tmp_path: Path) -> None:
    bill = write(tmp_path / "b.csv", csv_text(rows_of({"x_Custom": "1", "SubAccountType": "2"})))
    assert read(tmp_path, bill).readings["b.csv"].ignored == ("x_Custom", "SubAccountType")


_TYPED = """SELECT
    1.5::DECIMAL(20,6) AS "BilledCost", 0.1::DOUBLE AS "EffectiveCost", 3::INTEGER AS "ListCost",
    '2026-10-07 12:00:00+02'::TIMESTAMPTZ AS "ChargePeriodStart", DATE '2026-10-01' AS "BillingPeriodStart",
    'USD' AS "BillingCurrency", 'NULL' AS "ResourceId", {tags} AS "Tags" """


@pytest.mark.parametrize(
    "tags",
    ["MAP {'a': '1', 'b': 'x y'}", "{'a': '1', 'b': 'x y', 'c': NULL}", """'{"a":"1","b":"x y"}'""",
     "[{'key': 'a', 'value': '1'}, {'key': 'b', 'value': 'x y'}]"],
)  # fmt: skip
def test_parquet_of_any_types(tmp_path: Path, tags: str) -> None:
    bill = tmp_path / "b[1].parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({_TYPED.format(tags=tags)}) TO '{bill}' (FORMAT parquet)")
    (line,) = read(tmp_path, bill).lines
    assert line["billed_cost"] == Decimal("1.5")
    assert line["effective_cost"] == Decimal("0.1")
    assert line["list_cost"] == 3
    assert line["charge_period_start"] == datetime(2026, 10, 7, 10)
    assert line["billing_period_start"] == datetime(2026, 10, 1)
    assert line["resource_id"] is None
    assert json.loads(line["tags"]) == {"a": "1", "b": "x y"}


def test_parquet_that_holds_no_number_counts_the_line(tmp_path: Path) -> None:
    bill = tmp_path / "b.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT unnest(['nan'::DOUBLE, 2]) AS "BilledCost", 'USD' AS "BillingCurrency",
            TIMESTAMP '2026-10-01' AS "ChargePeriodStart") TO '{bill}' (FORMAT parquet)"""
        )
    result = read(tmp_path, bill)
    assert result.total() == 2
    assert sum(result.readings["b.parquet"].rejected.values()) == 1
