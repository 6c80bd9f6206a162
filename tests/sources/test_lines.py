"""Lines of a CSV: broken ones are counted, whole ones load; identical ones all count; sums are exact."""

import csv
import io
from collections import defaultdict
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finops_tui.focus import ROW_COLUMNS
from finops_tui.sources import readings
from tests.sources.bills import FOCUS, csv_text, read, rows_of, write


def test_broken_lines_are_counted_and_the_rest_loads(tmp_path: Path) -> None:
    header, *lines = csv_text(rows_of(*[{"BilledCost": str(cost)} for cost in range(1, 7)])).splitlines()
    lines[1] = lines[1].rpartition(",")[0]
    lines[3] += ",one,more"
    raw = "\n".join([header, *lines, ""]).encode()
    raw = raw.replace(b"i-1", b"\xff\xfe", 1)
    result = read(tmp_path, write(tmp_path / "b.csv", raw))
    assert sorted(line["billed_cost"] for line in result.lines) == [3, 5, 6]
    reading = result.readings["b.csv"]
    assert reading.rejected == {readings.BAD_ENCODING: 1, readings.BROKEN_LINE: 2}
    assert any(example.startswith("line 5:") for example in reading.examples)


def test_no_line_of_a_long_file_is_lost_where_many_are_broken(tmp_path: Path) -> None:
    header, line = csv_text(rows_of({"Tags": ""})).splitlines()
    broken = line.rpartition(",")[0]
    bill = write(tmp_path / "b.csv", header + f"\n{broken},\n{broken}" * 150_000 + "\n")
    reading = read(tmp_path, bill).readings["b.csv"]
    assert reading.rows == 150_000
    assert reading.rejected == {readings.BROKEN_LINE: 150_000}


def test_a_long_file_whose_header_does_not_fit_its_lines_is_refused(tmp_path: Path) -> None:
    header, line = csv_text(rows_of({})).splitlines()
    bill = write(tmp_path / "b.csv", header + f"\n{line}," * 1000 + "\n")
    assert "16 cells" in read(tmp_path, bill).refused["b.csv"].reason


def test_a_long_file_with_line_ends_in_its_cells_is_whole(tmp_path: Path) -> None:
    rows = rows_of({"ResourceId": "two\nlines"}, *[{}] * 49)
    header, _, body = csv_text(rows).partition("\n")
    bill = write(tmp_path / "b.csv.gz", header + "\n" + body * 1000)
    assert read(tmp_path, bill).readings["b.csv.gz"].rows == 50_000


def test_a_quote_that_never_closes_loses_no_line_silently(tmp_path: Path) -> None:
    header, *lines = csv_text(rows_of(*[{"Tags": ""}] * 9)).splitlines()
    lines[5] = lines[5].replace("i-1", '"i-1')
    result = read(tmp_path, write(tmp_path / "b.csv", "\n".join([header, *lines, ""])))
    reading = result.readings["b.csv"]
    assert reading.rows == 5
    assert sum(reading.rejected.values()) == 4


@pytest.mark.parametrize(
    "ends", [("\n", "\n"), ("\r\n", "\r\n"), ("\r", "\r"), ("\r\n", "\n"), ("\n", "\r\n")]
)
def test_line_ends_of_any_kind_even_mixed(tmp_path: Path, ends: tuple[str, str]) -> None:
    lines = csv_text(rows_of(*[{"BilledCost": "1"}] * 10)).splitlines()
    text = "".join(line + ends[at % 2] for at, line in enumerate(lines))
    assert read(tmp_path, write(tmp_path / "b.csv", text.encode())).total() == 10


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    bill = write(tmp_path / "b.csv", csv_text(rows_of({"ServiceName": "a,b;c"}), delimiter))
    assert [line["service_name"] for line in read(tmp_path, bill).lines] == ["a,b;c"]


def test_bom_case_and_order_of_the_header_do_not_matter(tmp_path: Path) -> None:
    row = dict(reversed(FOCUS.items()))
    shouted = "\ufeff" + csv_text([{name.upper(): value for name, value in row.items()}])
    snake = csv_text([{"billed_cost": "2", "billing currency": "USD", "charge_period_start": "2026-10-01"}])
    result = read(tmp_path, write(tmp_path / "a.csv", shouted), write(tmp_path / "b.csv", snake))
    assert result.total() == Decimal("3.5")
    assert {line["resource_id"] for line in result.lines} == {"i-1", None}


def test_identical_lines_all_count_and_many_files_are_read_in_one_call(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / f"b{number}.csv.gz", csv_text(rows_of(*[{"BilledCost": str(number)}] * 3)))
        for number in range(12)
    ]
    result = read(tmp_path, *paths)
    assert result.calls == 1
    assert {name: reading.rows for name, reading in result.readings.items()} == {
        path.name: 3 for path in paths
    }
    assert all(line["file"] == f"b{line['billed_cost']:.0f}.csv.gz" for line in result.lines)
    assert result.columns[: len(ROW_COLUMNS) + 1] == [*ROW_COLUMNS, "x_file"]


def test_a_header_alone_is_a_bill_without_lines(tmp_path: Path) -> None:
    result = read(tmp_path, write(tmp_path / "b.csv", csv_text(rows_of({})).splitlines()[0]))
    assert result.readings["b.csv"].rows == 0
    assert result.refused == {}


def test_a_file_that_is_written_to_while_it_is_read_is_refused(tmp_path: Path) -> None:
    from finops_tui.sources.reading import Refusal
    from finops_tui.sources.staging import Door
    from finops_tui.sources.verify import identify

    bill = write(tmp_path / "b.csv", csv_text(rows_of({})))
    stored = identify(bill)
    bill.write_text(csv_text(rows_of({}, {})))
    with Door(tmp_path / "stage") as door:
        (refused,) = door.stage([stored])
    assert isinstance(refused, Refusal)
    assert "changed" in refused.reason


_AMOUNTS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=18),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=22),
    st.sampled_from(["", "NaN", "abc", "1_0", "9" * 25]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["AWS", "Oracle", ""]), st.sampled_from(["USD", "EUR", " "]), _AMOUNTS),
        min_size=1,
        max_size=40,
    )
)
def test_sums_are_exact_and_every_line_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str, Decimal | str]]
) -> None:
    folder = tmp_path_factory.mktemp("bill")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ProviderName", "BillingCurrency", "BilledCost", "ChargePeriodStart"])
    expected: defaultdict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    rounded = 0
    for provider, currency, amount in lines:
        text = f"{amount:f}" if isinstance(amount, Decimal) else amount
        writer.writerow([provider, currency, text, "2026-10-01"])
        if isinstance(amount, Decimal):
            kept = Context(prec=50, rounding=ROUND_HALF_UP).quantize(amount, Decimal(1).scaleb(-18))
            rounded += kept != amount
            expected[provider or None, currency.strip() or None] += kept
    result = read(folder, write(folder / "b.csv", out.getvalue()))
    reading = result.readings["b.csv"]
    found: defaultdict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    for line in result.lines:
        found[line["provider_name"], line["billing_currency"]] += line["billed_cost"]
    assert found == expected
    assert reading.rows + sum(reading.rejected.values()) == len(lines)
    assert reading.rounded == rounded
