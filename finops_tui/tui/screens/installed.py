"""Which class each screen is; the heavier ones are imported when they are first opened."""

from collections.abc import Sequence

from finops_tui.errors import UsageError
from finops_tui.store.query import Period, Where
from finops_tui.tui.screens.base import BaseScreen


def first_screen() -> BaseScreen:
    """The root of the stack."""
    from finops_tui.tui.screens.overview import OverviewScreen

    return OverviewScreen()


def make_screen(name: str) -> BaseScreen:
    """A screen by its name in the registry."""
    if name == "explore":
        from finops_tui.tui.screens.explore import ExploreScreen

        return ExploreScreen()
    if name == "data":
        from finops_tui.tui.screens.data import DataScreen

        return DataScreen()
    raise UsageError(f"there is no screen {name}")


def resource_screen(resource_id: str) -> BaseScreen:
    """One resource over time."""
    from finops_tui.tui.screens.resource import ResourceScreen

    return ResourceScreen(resource_id)


def lines_screen(where: Sequence[Where], period: Period) -> BaseScreen:
    """The line items behind a number."""
    from finops_tui.tui.screens.line_items import LinesScreen

    return LinesScreen(where, period)
