"""The one place that opens DuckDB, with its configuration locked.

TimeZone is UTC (it follows $TZ otherwise and days shift); no extension is installed or loaded on its own; the
temp directory lies inside the cache; memory and threads are bounded; Python variables are not visible to SQL.
"""

import os
import secrets
from pathlib import Path

import duckdb

from finops_tui.errors import StoreError

MEMORY_LIMIT = "1GB"
THREADS = 4


def literal(value: object) -> str:
    """The text of `value` as an SQL string literal, for where DuckDB takes no bound parameter (COPY … TO)."""
    return "'" + str(value).replace("'", "''") + "'"


def connect(
    temp: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection that spills into `temp` (created, 0700) and cannot be reconfigured.

    It spills into a folder of its own there, PID-…, made when needed and removed when closed, so that what a
    killed process left can be told from what is in use.
    """
    try:
        temp.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot create {temp}: {error.strerror}", "Choose a writable place with --home DIR."
        ) from error
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": memory_limit,
            "threads": str(threads or min(THREADS, os.cpu_count() or 1)),
            "temp_directory": str(temp / f"{os.getpid()}-{secrets.token_hex(4)}"),
            "preserve_insertion_order": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET lock_configuration = true")
    return connection
