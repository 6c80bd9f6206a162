"""How people write periods, comparisons, dimensions and filters, and which days they mean."""

from finops_tui.store.query import Where


def parse_where(text: str) -> Where:
    """`service=COMP*`, `tag:team!=ml` → the filter; UsageError says what is allowed."""
    raise NotImplementedError


def parse_group_by(text: str) -> tuple[str, ...]:
    """`account,service` → dimensions; `none` → (); UsageError names the unknown one."""
    raise NotImplementedError


def parse_dimension(text: str) -> str:
    """A dimension in its canonical spelling (`compartment:2`, `tag:team`); UsageError otherwise."""
    raise NotImplementedError


def check_period(text: str) -> str:
    """The text when it spells a period (7d, 90d, mtd, last-month, 2026-10, qtd, ytd, all,
    2026-10-01..2026-10-15 with an exclusive end); UsageError otherwise."""
    raise NotImplementedError


def check_compare(text: str) -> str:
    """The text when it is `previous`, `year`, `none` or spells a period; UsageError otherwise."""
    raise NotImplementedError
