"""What Explore shows, as a view of the report formats: exactly the rows on the screen, filter included."""

from dataclasses import replace

from finops_tui.report import views
from finops_tui.report.view import View
from finops_tui.store.query import CostResult
from finops_tui.store.reader import Cache
from finops_tui.store.table import CostTable


def on_screen(cache: Cache, table: CostTable) -> View:
    """All rows of the table, in its order and narrowed to its filter; the question is not asked again."""
    query = table.query.but(order_by=table.order_by, descending=table.descending, limit=None)
    rows = tuple(table.page(0, table.count))
    result = CostResult(query, rows, table.totals, table.count, table.incomplete, table.generation)
    view = views.answered(result, cache.calendar(query.period, query.where))
    if not table.text:
        return view
    extra = {**view.extra, "filter": table.text}
    return replace(view, extra=extra, title=f"{view.title}, holding {table.text!r}")
