"""Parquet files of the lake: how SQL names them, and how one is written so that it survives a power cut."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from finops_tui.engine import literal

ROW_GROUP: Final = 122_880
"""Rows of a row group: DuckDB's own unit of parallel reading."""
SMALL_ROW_GROUP: Final = 16_384
"""Rows of a row group where a question often wants few of them: it reads the groups that may hold them."""


def scan(files: Iterable[Path], options: str = "") -> str:
    """SQL that reads the files as one relation; their names are taken literally, not as patterns."""
    names = ("".join(f"[{char}]" if char in "[*?" else char for char in str(path)) for path in files)
    return f"read_parquet([{', '.join(map(literal, names))}], hive_partitioning = false{options})"


def _seal(path: Path) -> None:
    """Make the file private and put its bytes on the disk."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Put the folder's entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(connection: duckdb.DuckDBPyConnection, select: str, path: Path, row_group: int = ROW_GROUP) -> Path:
    """Write the rows of `select` (in its order) to one sealed file, in row groups of so many rows."""
    connection.execute(f"COPY ({select}) TO {literal(path)} ({_OPTIONS}, ROW_GROUP_SIZE {row_group})")
    _seal(path)
    return path


_OPTIONS = "FORMAT PARQUET, COMPRESSION zstd, COMPRESSION_LEVEL 1"
