"""A cost table for the screen: asked once, shown in windows, filtered and sorted without asking again."""

from finops_tui.store.query import Amount, CostQuery, CostRow


class CostTable:
    """The rows of a query, however many; every method is safe to call from a worker thread."""

    query: CostQuery
    count: int
    """Rows under the filter."""
    totals: dict[str | None, Amount]
    """Of the rows under the filter, per currency (quantity metric: per unit)."""
    all_count: int
    """Rows of the query, whatever the filter."""
    all_totals: dict[str | None, Amount]
    """Of all rows; shares refer to these."""
    incomplete: tuple[str, ...]
    generation: int
    text: str
    """The filter; empty: none."""

    def page(self, offset: int, limit: int) -> tuple[CostRow, ...]:
        """Rows `offset` … `offset + limit - 1` in the table's order."""
        raise NotImplementedError

    def filter(self, text: str) -> "CostTable":
        """The rows whose key or label contains `text`, ignoring case. The same data; close any of them."""
        raise NotImplementedError

    def sorted(self, order_by: str, descending: bool) -> "CostTable":
        """The same rows in another order: cost, previous, compared, delta, delta_percent, or a dimension."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the data (shared by what `filter` and `sorted` returned). Twice is no harm."""
        raise NotImplementedError
