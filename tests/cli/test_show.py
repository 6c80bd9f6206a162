"""`show` against the contract: fields, exactness, formats, for every view."""

import csv
import io
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import simplejson

from finops_tui.cli import main
from finops_tui.cli.parser import FORMATS, VIEWS
from tests.bills import BillLine
from tests.conftest import Cli

AS_OF = "2026-10-20"
ROW_FIELDS = {
    "costs": "service cost currency quantity unit previous delta delta_percent share",
    "movers": "service currency previous current delta price usage mix new gone other",
    "trends": "service slope_per_day growth_percent volatility_percent weekend_ratio month_end_effect "
    "first_seen last_seen",
    "status": "source account last_success last_error complete_through rows files",
    "changes": "",
    "overview": "",
}
DATES = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Show:
    """`show` in this process, on the small bill."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def text(self, *arguments: str, status: int = 0) -> str:
        assert main(["--home", str(self.home), "--as-of", AS_OF, "show", *arguments]) == status
        return self.capsys.readouterr().out

    def json(self, *arguments: str) -> Any:
        return simplejson.loads(
            self.text(*arguments, "--format", "json"), use_decimal=True, parse_int=Decimal
        )


@pytest.fixture
def show(imported_home: Path, capsys: pytest.CaptureFixture[str]) -> Show:
    return Show(imported_home, capsys)


LINES = tuple(BillLine.sample())


def summed(*fields: str, since: date = date.min) -> dict[tuple[Any, ...], Decimal]:
    """The bill's own sums."""
    sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for line in LINES:
        if line.day >= since:
            sums[tuple(getattr(line, name) for name in fields)] += line.cost
    return dict(sums)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_one_json_object_with_the_fields_of_the_contract(show: Show, view: str) -> None:
    text = show.text(view, "--format", "json")
    assert text.isascii()
    assert (
        not re.search(r"\b(NaN|Infinity)\b|[0-9][eE][+-]?[0-9]", re.sub(r'"[^"]*"', "", text))
        or view == "trends"
    )
    answer = simplejson.loads(text, use_decimal=True)
    assert answer["view"] == view
    assert answer["as_of"] == AS_OF
    assert set(answer) >= {"currency", "complete_through", "complete", "incomplete", "rows"}
    assert DATES.fullmatch(answer["complete_through"])
    assert [set(item) for item in answer["complete"]] == [{"provider", "account", "through"}] * 2
    for row in answer["rows"]:
        assert set(row) >= set(ROW_FIELDS[view].split())


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("written", FORMATS)
def test_every_view_has_every_format_and_no_control_characters(show: Show, view: str, written: str) -> None:
    text = show.text(view, "--format", written)
    assert text.endswith("\n")
    assert text.replace("\n", "").isprintable()
    if written == "csv":
        header, *rows = csv.reader(io.StringIO(text))
        assert all(len(row) == len(header) for row in rows)
        assert len(set(header)) == len(header)


def test_costs_are_the_exact_sums_of_the_bill(show: Show) -> None:
    answer = show.json("costs", "--group-by", "account,service,currency", "--period", "all")
    found = {(r["account"], r["service"], r["currency"]): r["cost"] for r in answer["rows"]}
    assert found == summed("account", "service", "currency")
    assert answer["currency"] is None
    assert {t["currency"]: t["cost"] for t in answer["totals"]} == {
        key[0]: cost for key, cost in summed("currency").items()
    }


def test_keys_are_named_by_the_dimension_as_asked(show: Show) -> None:
    row = show.json("costs", "--group-by", "compartment:2,tag:team,charge_category", "--period", "all")[
        "rows"
    ][0]
    assert {"compartment:2", "tag:team", "charge_category"} <= set(row)


def test_csv_and_json_say_the_same_numbers(show: Show) -> None:
    asked = ("costs", "--group-by", "service,tag:team", "--period", "all", "--compare", "year")
    rows = list(csv.DictReader(io.StringIO(show.text(*asked, "--format", "csv"))))
    for from_csv, from_json in zip(rows, show.json(*asked)["rows"], strict=True):
        assert Decimal(from_csv["cost"]) == from_json["cost"]
        assert from_csv["tag:team"] == (from_json["tag:team"] or "")
        assert from_csv["previous"] == ""


def test_the_default_is_thirty_complete_days_by_service_in_json(show: Show) -> None:
    answer = simplejson.loads(show.text("costs"), use_decimal=True)
    assert answer["group_by"] == ["service"]
    assert answer["compare"] is None
    days = date.fromisoformat(answer["period"]["end"]) - date.fromisoformat(answer["period"]["start"])
    assert days.days == 30


def test_from_and_to_are_a_period_with_an_exclusive_end(show: Show) -> None:
    answer = show.json("costs", "--group-by", "currency", "--from", "2026-10-01", "--to", "2026-10-03")
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for line in LINES:
        if date(2026, 10, 1) <= line.day < date(2026, 10, 3):
            expected[line.currency] += line.cost
    assert {row["currency"]: row["cost"] for row in answer["rows"]} == expected
    since = show.json("costs", "--group-by", "currency", "--from", "2026-10-01")
    assert {(row["currency"],): row["cost"] for row in since["rows"]} == summed(
        "currency", since=date(2026, 10, 1)
    )


def test_days_and_months_are_dates_and_add_up(show: Show) -> None:
    for granularity in ("day", "month"):
        rows = show.json("costs", "--group-by", "none", "--granularity", granularity, "--period", "all",
                         "--where", "currency=USD")["rows"]  # fmt: skip
        assert all(DATES.fullmatch(row["date"]) for row in rows)
        assert sum(row["cost"] for row in rows) == summed("currency")[("USD",)]
    assert all(row["date"].endswith("-01") for row in rows)


def test_quantity_is_per_unit_and_no_money(show: Show) -> None:
    answer = show.json("costs", "--metric", "quantity", "--group-by", "account", "--period", "all")
    for row in answer["rows"]:
        assert row["cost"] is None
        assert row["quantity"] == sum(line.quantity for line in LINES if line.account == row["account"])


def test_the_parts_of_a_mover_sum_to_its_change(show: Show) -> None:
    answer = show.json("movers", "--group-by", "service", "--period", "30d")
    assert answer["rows"]
    for row in answer["rows"]:
        parts = sum(row[part] for part in ("price", "usage", "mix", "new", "gone", "other"))
        assert parts == row["delta"] == row["current"] - row["previous"]


def test_trends_know_when_a_group_was_first_seen_whatever_the_period(show: Show) -> None:
    for row in show.json("trends", "--period", "30d")["rows"]:
        assert row["first_seen"] == str(min(line.day for line in LINES if line.service == row["service"]))
        slope = row["slope_per_day"]
        assert slope["lower"] <= slope["mean"] <= slope["upper"]
    short = show.json("trends", "--period", "3d")["rows"]
    assert {row["slope_per_day"]["mean"] for row in short} == {None}
    assert all(row["note"] for row in short)


def test_sort_and_limit(show: Show) -> None:
    asked = ("costs", "--group-by", "resource", "--period", "all")
    everything = show.json(*asked)["rows"]
    assert [row["currency"] for row in everything] == ["USD"] * 17 + ["EUR"], (
        "amounts of two are not compared"
    )
    costs = [row["cost"] for row in everything if row["currency"] == "USD"]
    assert costs == sorted(costs, reverse=True)
    by_name = [row["resource"] for row in show.json(*asked, "--sort", "resource")["rows"] if row["resource"]]
    assert by_name == sorted(by_name)
    smallest = show.json(*asked, "--sort", "cost:asc", "--limit", "3")
    assert [row["cost"] for row in smallest["rows"]] == sorted(costs)[:3]
    assert smallest["count"] == len(everything)
    shares = [row["share"] for row in show.json(*asked, "--sort", "share:asc", "--limit", "2")["rows"]]
    assert shares == sorted(row["share"] for row in everything)[:2]


def test_fail_on_is_0_where_no_row_has_a_severity(show: Show) -> None:
    show.text("costs", "--fail-on", "low", status=0)


def test_an_empty_cache_answers_empty_and_says_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for view in VIEWS:
        answer = simplejson.loads(Show(home, capsys).text(view, "--format", "json"))
        assert answer["rows"] == []
        assert "finops-tui import" in answer["incomplete"][0]
        for written in ("table", "csv", "md"):
            Show(home, capsys).text(view, "--format", written)


def test_an_end_before_the_first_charge_answers_empty(
    show: Show, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show.json("costs", "--to", "2020-01-01")["rows"] == []
    assert Show(home, capsys).json("costs", "--to", "2026-10-01")["rows"] == [], "an empty cache too"


def test_time_zones_and_locales_give_the_same_bytes(run_cli: Cli, imported_home: Path) -> None:
    for arguments in (("costs", "--format", "md"), ("overview",)):
        texts = {
            run_cli("show", *arguments, "--as-of", AS_OF, home=imported_home, env=env).must_be_done().out
            for env in ({"TZ": "America/New_York"}, {"TZ": "Asia/Tokyo", "LC_ALL": "C"})
        }
        assert len(texts) == 1


def test_a_latin_1_locale_gets_ascii_tables(run_cli: Cli, imported_home: Path) -> None:
    env = {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1"}
    ran = run_cli("show", "costs", "--format", "table", "--as-of", AS_OF, home=imported_home, env=env)
    assert ran.must_be_done().out.isascii()
    assert "----" in ran.out


def test_the_demo_equals_the_truth_to_the_last_decimal(run_cli: Cli, demo_home: Path) -> None:
    world = ("--seed", "7", "--as-of", AS_OF)
    asked = ("show", "costs", "--group-by", "account,service,currency", "--period", "all", "--format", "json")
    answer = run_cli("--demo", *world, *asked, home=demo_home).must_be_done().json()
    truth = run_cli("sandbox", "truth", *world, home=demo_home).must_be_done().json()

    def totals(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], Decimal]:
        return {(r["account"], r["service"], r["currency"]): Decimal(r["cost"]) for r in rows}

    assert totals(answer["rows"]) == totals(truth["totals"])
    assert len(answer["rows"]) > 20
