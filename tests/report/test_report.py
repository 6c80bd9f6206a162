"""The report: its sums, its bytes, what it says when there is little to say, and hostile names in it."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import simplejson
from markdown_it import MarkdownIt

from finops_tui.cli import main
from finops_tui.paths import locate
from finops_tui.report import document, written
from finops_tui.store.reader import Cache
from tests.bills import BillLine, write_focus
from tests.conftest import Cli

AS_OF = date(2026, 10, 20)
HOSTILE = "evil | `x` <img src=x onerror=alert(1)> [a](javascript:alert(1)) https://evil.example \x1b[31m"


def cells(text: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, header first."""
    part = text.split(f"{heading}", 1)[1].split("\n#", 1)[0]
    rows = [line.strip().strip("|").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: |")]


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@pytest.fixture
def cache(imported_home: Path) -> Iterator[Cache]:
    with closing(Cache(locate("default", home=imported_home), AS_OF)) as cache:
        yield cache


def test_two_runs_in_two_zones_and_a_plain_locale_give_the_same_bytes(
    run_cli: Cli, imported_home: Path, tmp_path: Path
) -> None:
    texts = set()
    for number, env in enumerate(({"TZ": "America/New_York"}, {"TZ": "Asia/Tokyo", "LC_ALL": "C"}, {})):
        target = tmp_path / f"{number}.md"
        run_cli(
            "report", "--as-of", str(AS_OF), "-o", str(target), home=imported_home, env=env
        ).must_be_done()
        texts.add(target.read_bytes())
    assert len(texts) == 1
    assert texts.pop().count(b"\n") > 50


def test_the_tables_sum_to_the_total_and_currencies_stay_apart(cache: Cache) -> None:
    text = written.markdown(document.build(cache, title="acme"))
    for currency in ("USD", "EUR"):
        part = text.split(f"\n## {currency}\n")[1].split("\n## ")[0]
        total = next(row for row in cells(text, "## Summary") if row[0] == currency)[1]
        month = [line for line in BillLine.sample() if date(2026, 10, 1) <= line.day < AS_OF]
        expected = sum((line.cost for line in month if line.currency == currency), Decimal(0))
        assert amount(total) == expected.quantize(Decimal("0.01"))
        for heading in ("Where it goes: service", "Where it goes: compartment", "Accounts"):
            _, *rows = cells(part, heading)
            listed = sum(amount(row[1]) for row in rows if row[0] != "Total")
            assert abs(listed - amount(total)) <= Decimal("0.005") * len(rows)


def test_what_is_left_over_is_one_row(cache: Cache) -> None:
    text = written.markdown(document.build(cache, title="acme", group_by=("resource",), limit=3))
    rows = cells(text, "Where it goes: resource")
    assert [row[0] for row in rows][4] == "14 more"
    assert rows[-1][0] == "Total"


def test_every_footnote_that_is_cited_is_there_and_once(cache: Cache) -> None:
    text = written.markdown(document.build(cache, title="acme"))
    body, _, notes = text.partition("\n[^1]: ")
    cited = set(re.findall(r"\[\^(\d+)\]", body))
    defined = re.findall(r"^\[\^(\d+)\]:", f"[^1]: {notes}", flags=re.MULTILINE)
    assert cited == set(defined)
    assert defined == [str(n) for n in range(1, len(defined) + 1)]
    for word in (
        "As of 20 Oct 2026",
        "Every day of the period is complete",
        "The bill of all 2 accounts is complete through",
        "Corrections",
        "unrounded",
    ):
        assert word in notes


def test_filters_and_periods_are_said_and_kept(cache: Cache) -> None:
    from finops_tui.store.periods import parse_where

    where = [parse_where("service=COMPUTE")]
    text = written.markdown(document.build(cache, title="acme", period="2026-09", where=where))
    assert text.startswith("# Cost report: acme, 1–30 Sep 2026")
    assert "service=COMPUTE" in text
    assert "BLOCK\\_STORAGE" not in text
    assert "BLOCK_STORAGE" not in text
    assert "Only charges with service=COMPUTE" in text


def test_json_and_csv_hold_the_same_sections_unrounded(
    imported_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--home", str(imported_home), "--as-of", str(AS_OF), "report", "--period", "2026-09"]
    assert main([*asked, "--format", "json"]) == 0
    answer = simplejson.loads(capsys.readouterr().out, use_decimal=True, parse_int=Decimal)
    assert answer["view"] == "report"
    assert {"as_of", "currency", "complete_through", "complete", "incomplete", "rows"} <= set(answer)
    services = [section for section in answer["sections"] if section["id"] == "service"]
    assert [section["currency"] for section in services] == ["USD", "EUR"]
    expected = sum(
        line.cost
        for line in BillLine.sample()
        if line.currency == "USD" and line.service == "COMPUTE" and line.day.month == 9
    )
    row = next(row for row in services[0]["rows"] if row["name"] == "COMPUTE")
    assert row["cost"] == expected
    for form in ("csv", "table"):
        assert main([*asked, "--format", form]) == 0
        assert "COMPUTE" in capsys.readouterr().out


def test_hostile_names_are_shown_and_do_nothing(home: Path, tmp_path: Path) -> None:
    lines = [
        BillLine(
            AS_OF - timedelta(days=n), Decimal(5), service=HOSTILE, tags={"team": "x|y"}, region="<b>r</b>"
        )
        for n in range(1, 60)
    ]
    bill = write_focus(tmp_path / "bill.csv", lines)
    assert main(["--home", str(home), "import", str(bill)]) == 0
    target = tmp_path / "report.md"
    assert main(["--home", str(home), "--as-of", str(AS_OF), "report", "-o", str(target)]) == 0
    text = target.read_text()
    assert "\x1b" not in text
    assert "evil" in text
    assert "<img" not in text
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    kinds = {child.type for token in tokens for child in token.children or []}
    assert kinds <= {"text", "text_special", "softbreak"}
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    assert "<b>" not in html
    assert "javascript" not in "".join(re.findall(r'href="[^"]*"', html))


def test_an_empty_cache_still_gives_a_report_that_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home), "--as-of", str(AS_OF), "report"]) == 0
    text = capsys.readouterr().out
    assert "No charge lies in the period." in text
    assert "nothing is loaded yet" in text


def test_the_month_before_stands_in_while_this_one_has_no_full_day(imported_home: Path) -> None:
    with closing(Cache(locate("default", home=imported_home), date(2026, 10, 1))) as cache:
        report = document.build(cache, title="acme")
    assert report.query.period.start == date(2026, 9, 1)
