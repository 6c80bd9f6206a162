"""What Explore shows, as a view of the report formats: exactly the rows on the screen, filter included."""

from dataclasses import replace

from finops_tui.report import views
from finops_tui.report.view import View
from finops_tui.store.reader import Cache
from finops_tui.store.table import CostTable


def on_screen(cache: Cache, table: CostTable) -> View:
    """The answer to the table's question, its rows narrowed to the filter and in the table's order."""
    query = table.query.but(order_by=table.order_by, descending=table.descending, limit=None)
    view = views.costs(cache, query)
    if not table.text:
        return view
    needle = table.text.casefold()
    names = [name for d in query.group_by for name in (d, views.NAMED.get(d, d))]
    rows = tuple(
        row for row in view.rows if any(needle in str(row.get(name) or "(none)").casefold() for name in names)
    )
    totals = [
        {"currency": unit, "cost": amount.cost, "previous": amount.previous, "delta": amount.delta}
        for unit, amount in table.totals.items()
    ]
    extra = {**view.extra, "filter": table.text, "count": len(rows), "totals": totals}
    return replace(view, rows=rows, extra=extra, title=f"{view.title}, holding {table.text!r}")
