"""What people decided and nobody can compute again: saved views. Deleting the cache loses none of it."""

from contextlib import closing

from finops_tui.paths import Paths
from finops_tui.store import schema
from finops_tui.store.manifest import now
from finops_tui.store.state import explained, open_ledger, open_to_read, transaction


def saved_views(paths: Paths) -> dict[str, str]:
    """Name → text of the query, by name."""
    connection = open_to_read(paths.ledger_db, schema.LEDGER_VERSION)
    if connection is None:
        return {}
    with closing(connection), explained(paths.ledger_db):
        return dict(connection.execute("SELECT name, query FROM saved_view ORDER BY name").fetchall())


def save_view(paths: Paths, name: str, query: str) -> None:
    """Keep a query under a name; one of that name is replaced."""
    paths.create()
    with closing(open_ledger(paths)) as connection, transaction(connection, paths.ledger_db):
        connection.execute("INSERT OR REPLACE INTO saved_view VALUES (?, ?, ?)", (name, query, now()))


def forget_view(paths: Paths, name: str) -> bool:
    """Forget a saved view; False where there is none of that name."""
    if name not in saved_views(paths):
        return False
    with closing(open_ledger(paths)) as connection, transaction(connection, paths.ledger_db):
        connection.execute("DELETE FROM saved_view WHERE name = ?", (name,))
    return True
