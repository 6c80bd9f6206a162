"""A home of its own, what its cache says, and bills to load into it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from finops_tui.paths import Paths, locate
from finops_tui.store.reader import Cache
from tests.sources.bills import csv_text, rows_of, write

T = TypeVar("T")

AS_OF = date(2026, 11, 24)


def home(folder: Path) -> Paths:
    """The places of a profile under `folder`."""
    return locate("default", home=folder / "home")


def total(paths: Paths) -> Decimal:
    """The billed cost of everything in the cache, all in USD; 0 when nothing is."""
    cache = Cache(paths, AS_OF)
    try:
        if cache.generation() == 0:
            return Decimal(0)
        rows = cache.costs(cache.ask(group_by=("provider",), period="all")).rows
        return sum((row.amount.cost for row in rows if row.amount.cost is not None), Decimal(0))
    finally:
        cache.close()


def told(paths: Paths, question: Callable[[Cache], T]) -> T:
    """What the cache answers."""
    cache = Cache(paths, AS_OF)
    try:
        return question(cache)
    finally:
        cache.close()


def bill(path: Path, *costs: str) -> Path:
    """A FOCUS bill with a line per cost."""
    return write(
        path,
        csv_text(rows_of(*[{"BilledCost": cost, "ResourceId": f"i-{at}"} for at, cost in enumerate(costs)])),
    )
