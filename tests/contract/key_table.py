"""The README's table of keys: `python -m tests.contract.key_table` refreshes it from the registry."""

import re
from pathlib import Path

from finops_tui.tui.commands import key_table

README = Path(__file__).parent.parent.parent / "README.md"
_BETWEEN = re.compile(r"(<!-- keys: begin[^>]*-->\n).*?(<!-- keys: end -->)", re.DOTALL)


def refreshed(readme: str) -> str:
    """The README's text with the table as the registry has it now; ValueError without its markers."""
    text, found = _BETWEEN.subn(lambda m: f"{m[1]}\n{key_table()}\n{m[2]}", readme)
    if found != 1:
        raise ValueError("README.md must have the markers 'keys: begin' and 'keys: end' once")
    return text


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(encoding="utf-8")), encoding="utf-8")
