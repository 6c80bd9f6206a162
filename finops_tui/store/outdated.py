"""A cache that an older program wrote: which files have to be loaded again."""

import sqlite3
from contextlib import closing

from finops_tui.focus import Source
from finops_tui.paths import Paths
from finops_tui.store import schema
from finops_tui.store.state import version


def outdated_files(paths: Paths) -> tuple[str, ...] | None:
    """Names of the imported files of an older program's cache; None: it is of this program, or none."""
    found = version(paths.state_db)
    if found is None or found >= schema.STATE_VERSION:
        return None
    uri = f"{paths.state_db.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute(
                "SELECT DISTINCT name FROM source_file WHERE source = ? AND retired_at IS NULL ORDER BY name",
                (Source.IMPORT.value,),
            ).fetchall()
    except sqlite3.Error:  # so old that it kept no such table
        return ()
    return tuple(name for (name,) in rows)
