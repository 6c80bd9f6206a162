"""One world for the tests that need no particular one."""

from datetime import date

import pytest

from finops_tui.sandbox.origin import origin_of
from finops_tui.sandbox.world import World, build


@pytest.fixture
def world() -> World:
    return build(7, origin_of(date(2026, 10, 20)))
