"""The line items behind a number: which file each came from, and its correction trail."""

from decimal import Decimal
from typing import Any


class LineTable:
    """Live line items under a filter, newest first; windowed."""

    count: int
    totals: dict[str | None, Decimal | None]
    """Billed cost per currency; None: unknown on every line."""
    generation: int

    def page(self, offset: int, limit: int) -> tuple[dict[str, Any], ...]:
        """Lines as dicts of focus.LINE_COLUMNS plus `file` (the file's name), `compartment` (path),
        `corrects` and `corrected_by` (references of the other lines of a correction, or None)."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the data."""
        raise NotImplementedError
