"""The README tells the truth: its keys are the registry's, its files and pictures exist."""

import re
from pathlib import Path

from finops_tui.config import load
from tests.contract.key_table import README, refreshed


def test_the_key_table_is_fresh() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == refreshed(text), "run python -m tests.contract.key_table"


def test_what_it_links_to_exists() -> None:
    text = README.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text) + re.findall(r'src="(?!https?:)([^"]+)"', text)
    assert [target for target in targets if not (README.parent / target).exists()] == []
    assert any(target.startswith("screenshots/") for target in targets)


def test_the_sample_configuration_is_one(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    file = tmp_path / "config.toml"
    file.write_text(found[1], encoding="utf-8")
    assert load(file, "emea").currency == "EUR"
