"""The one place that opens DuckDB, with its configuration locked.

TimeZone is UTC (it follows $TZ otherwise and days shift); no extension is installed or loaded on its own; the
temp directory lies inside the cache; memory and threads are bounded; Python variables are not visible to SQL.
"""

import os
from pathlib import Path

import duckdb

MEMORY_LIMIT = "1GB"
THREADS = 4


def connect(
    temp: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection that spills into `temp` (created, 0700) and cannot be reconfigured."""
    temp.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": memory_limit,
            "threads": str(threads or min(THREADS, os.cpu_count() or 1)),
            "temp_directory": str(temp),
            "preserve_insertion_order": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    return connection
