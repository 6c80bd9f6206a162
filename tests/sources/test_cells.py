"""How a cell becomes a value: read exactly, or counted; the rest of the file always loads."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from finops_tui.sources import select
from tests.sources.bills import FOCUS, csv_text, read, rows_of, write


def _costs(folder: Path, *cells: str) -> dict[str, Decimal]:
    """Cell → the billed cost it was read as; rejected cells are missing."""
    bill = write(folder / "bill.csv", csv_text(rows_of(*[{"BilledCost": c, "ResourceId": c} for c in cells])))
    return {line["resource_id"]: line["billed_cost"] for line in read(folder, bill).lines}


def test_amounts_are_read_exactly(tmp_path: Path) -> None:
    written = {
        "12.203249400000000": "12.2032494",
        "-0.000000000000000001": "-0.000000000000000001",
        "1.2E-05": "0.000012",
        " 7 ": "7",
        "$10,000.00 ": "10000",
        "-$5": "-5",
        "($5.25)": "-5.25",
        "1,234,567.89": "1234567.89",
        "1,234,567": "1234567",
        "10.00 €": "10",
        "99999999999999999999": "99999999999999999999",
    }
    assert _costs(tmp_path, *written) == {cell: Decimal(value) for cell, value in written.items()}


def test_what_is_no_amount_rejects_its_line_and_no_other(tmp_path: Path) -> None:
    bad = [
        "NaN",
        "inf",
        "-Infinity",
        "1_000",
        "1,000",
        "1,00",
        "1.000,50",
        "123456789012345678901",
        "0x10",
        "n/a",
    ]
    changes = [{"BilledCost": cell} for cell in ["1", *bad, "2"]]
    bill = write(
        tmp_path / "bill.csv", csv_text(rows_of(*changes, {"BilledCost": ""}, {"BilledCost": "NULL"}))
    )
    result = read(tmp_path, bill)
    reading = result.readings["bill.csv"]
    assert result.total() == 3
    assert reading.rows == 2
    assert reading.rejected == {select.BAD_COST: len(bad), select.NO_COST: 2}
    assert 0 < len(reading.examples) <= 5


def test_an_example_holds_no_control_character(tmp_path: Path) -> None:
    bill = write(tmp_path / "bill.csv", csv_text(rows_of({"BilledCost": "\x1b[31m9\x07\u202e"})))
    (example,) = read(tmp_path, bill).readings["bill.csv"].examples
    assert example.isprintable()
    assert r"\x1b[31m9\x07\u202e" in example


def test_more_than_18_decimals_are_rounded_and_counted(tmp_path: Path) -> None:
    cells = ["0.1234567890123456785", "1E-19", "1.50000000000000000000000", "0.123456789012345678", "120e-19"]
    bill = write(
        tmp_path / "bill.csv", csv_text(rows_of(*[{"BilledCost": c, "ListCost": "0"} for c in cells]))
    )
    result = read(tmp_path, bill)
    assert result.readings["bill.csv"].rounded == 2
    assert sorted(line["billed_cost"] for line in result.lines) == sorted(
        Decimal(v)
        for v in ("0.123456789012345679", "0", "1.5", "0.123456789012345678", "0.000000000000000012")
    )


def test_other_unreadable_cells_are_unknown_and_counted(tmp_path: Path) -> None:
    change = {
        "ListCost": "abc",
        "ContractedCost": "",
        "ChargePeriodEnd": "2023-02-01T30:00:00Z",
        "Tags": "k=v",
    }
    result = read(tmp_path, write(tmp_path / "bill.csv", csv_text(rows_of(change, {}))))
    assert result.readings["bill.csv"].unknown == {"list_cost": 1, "charge_period_end": 1, "tags": 1}
    spoiled = next(line for line in result.lines if line["list_cost"] is None)
    assert spoiled["contracted_cost"] is None
    assert spoiled["charge_period_end"] is None
    assert "k=v" in spoiled["tags"]


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2024-09-18 23:00:00", datetime(2024, 9, 18, 23)),
        ("2023-11-13T10:00Z", datetime(2023, 11, 13, 10)),
        ("2023-11-13T11:00:00.123Z", datetime(2023, 11, 13, 11, 0, 0, 123000)),
        ("2024-09-19T01:00:00+02:00", datetime(2024, 9, 18, 23)),
        ("2024-09-18T18:30:00-0430", datetime(2024, 9, 18, 23)),
        ("2024-09-18 23:00:00 UTC", datetime(2024, 9, 18, 23)),
        ("2024-09-18", datetime(2024, 9, 18)),
        ("2024-09-18 23:00:00 America/New_York", datetime(2024, 9, 19, 3)),
        ("infinity", None),
        ("epoch", None),
        ("0024-09-18", None),
        ("2024-13-01", None),
        ("yesterday", None),
    ],
)
def test_instants_are_utc_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, instant: datetime | None
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    bill = write(tmp_path / "bill.csv", csv_text(rows_of({"ChargePeriodStart": cell})))
    result = read(tmp_path, bill)
    assert [line["charge_period_start"] for line in result.lines] == ([instant] if instant else [])
    assert result.readings["bill.csv"].rejected == ({} if instant else {select.BAD_START: 1})


def _spreadsheet(folder: Path, *periods: tuple[str, str, str]) -> list[datetime]:
    keys = ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart")
    rows = rows_of(*[dict(zip(keys, period, strict=True)) | {"ChargePeriodEnd": ""} for period in periods])
    return sorted(
        line["charge_period_start"] for line in read(folder, write(folder / "b.csv", csv_text(rows))).lines
    )


def test_a_spreadsheet_date_is_read_as_the_whole_file_means_it(tmp_path: Path) -> None:
    april = [datetime(2025, 4, 1), datetime(2025, 4, 2)]
    assert _spreadsheet(tmp_path, ("4/1/25", "5/1/25", "4/1/25"), ("4/1/25", "5/1/25", "4/2/25")) == april
    assert (
        _spreadsheet(tmp_path, ("1/4/2025", "1/5/2025", "1/4/2025"), ("1/4/25", "1/5/25", "2/4/25 0:00"))
        == april
    )
    assert _spreadsheet(tmp_path, ("", "", "13/4/25"), ("", "", "1/4/25")) == [
        datetime(2025, 4, 1),
        datetime(2025, 4, 13),
    ]


def test_a_spreadsheet_date_that_can_mean_two_days_is_rejected(tmp_path: Path) -> None:
    rows = rows_of({"BillingPeriodStart": "", "BillingPeriodEnd": "", "ChargePeriodStart": "4/5/25"})
    result = read(tmp_path, write(tmp_path / "b.csv", csv_text(rows)))
    assert result.readings["b.csv"].rejected == {select.AMBIGUOUS_START: 1}


def test_null_is_a_word_and_a_quoted_one_is_a_name(tmp_path: Path) -> None:
    header, cells = ",".join(FOCUS), [*FOCUS.values()]
    at = list(FOCUS).index("ResourceId")
    cells[-1] = ""
    text = (
        header
        + "\n"
        + "".join(
            ",".join([*cells[:at], word, *cells[at + 1 :]]) + "\n"
            for word in ("NULL", '"NULL"', '""', "", '"a""b, c"')
        )
    )
    found = [line["resource_id"] for line in read(tmp_path, write(tmp_path / "b.csv", text)).lines]
    assert sorted(found, key=str) == ["NULL", None, None, None, 'a"b, c'] or sorted(map(str, found)) == [
        "NULL", "None", "None", "None", 'a"b, c',
    ]  # fmt: skip


def test_an_unknown_currency_is_never_defaulted(tmp_path: Path) -> None:
    bill = csv_text(rows_of(*[{"BillingCurrency": c} for c in ("USD", "", " ", "NULL", "EUR")]))
    found = [line["billing_currency"] for line in read(tmp_path, write(tmp_path / "b.csv", bill)).lines]
    assert sorted(found, key=str) == ["EUR", None, None, None, "USD"]


def test_names_are_kept_as_they_are(tmp_path: Path) -> None:
    names = ["x" * 300, "\x1b]0;evil\x07", "[bold]=1+1|<b>", "  padded  ", "línea\nzwei", "null\x00byte"]
    tags = '{"k\x01":"v\x1b"}'
    bill = csv_text(rows_of(*[{"ResourceId": name, "Tags": tags} for name in names]))
    result = read(tmp_path, write(tmp_path / "b.csv", bill))
    assert sorted(line["resource_id"] for line in result.lines) == sorted(names)
    assert {line["tags"] for line in result.lines} == {r'{"k\u0001":"v\u001b"}'}


def test_tags_are_a_json_object_or_nothing(tmp_path: Path) -> None:
    cells = {
        '{"a":"b"}': '{"a":"b"}',
        "{}": None,
        "": None,
        "{ }": None,
        '"a": "1","b": "2"': '{"a": "1","b": "2"}',
    }
    bill = csv_text(rows_of(*[{"Tags": cell, "ResourceId": f"r{cell}"} for cell in cells]))
    result = read(tmp_path, write(tmp_path / "b.csv", bill))
    assert {line["resource_id"][1:]: line["tags"] for line in result.lines} == cells
    assert result.readings["b.csv"].unknown == {}


def test_words_of_the_vocabulary_have_one_spelling(tmp_path: Path) -> None:
    bill = csv_text(
        rows_of(*[{"ChargeCategory": c, "ChargeClass": k} for c, k in (("USAGE", "correction"), ("Fee", ""))])
    )
    result = read(tmp_path, write(tmp_path / "b.csv", bill))
    assert {(line["charge_category"], line["charge_class"]) for line in result.lines} == {
        ("Usage", "Correction"),
        ("Fee", None),
    }
