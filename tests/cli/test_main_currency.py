"""The configured main currency comes first wherever several stand in one answer, whatever their amounts."""

from pathlib import Path

import pytest

from tests.conftest import Cli


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_the_main_currency_leads_costs_overview_and_report(
    run_cli: Cli, bill: Path, home: Path, currency: str
) -> None:
    run_cli("import", str(bill)).must_be_done()
    env = {"FINOPS_TUI_CURRENCY": currency}
    costs = run_cli("show", "costs", "--period", "all", "--format", "json", env=env).must_be_done().json()
    overview = run_cli("show", "overview", "--format", "json", env=env).must_be_done().json()
    report = run_cli("report", "--period", "all", env=env).must_be_done().out
    seen = list(dict.fromkeys(row["currency"] for row in costs["rows"]))
    assert seen[0] == currency and len(seen) == 2
    assert [block["currency"] for block in overview["currencies"]] == seen
    headings = [line[3:] for line in report.splitlines() if line in ("## USD", "## EUR")]
    assert headings == seen
