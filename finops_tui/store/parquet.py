"""Parquet files of the lake: how SQL names them, and how one is written so that it survives a power cut."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import duckdb

ROW_GROUP: Final = 122_880
"""Rows of a row group: DuckDB's own unit of parallel reading."""

GROUPS_PER_FILE: Final = 8
"""Row groups of a lines file, so that none exceeds a million rows (8 x 122,880 = 983,040)."""

ROWS_PER_FILE: Final = ROW_GROUP * GROUPS_PER_FILE


def text(value: str) -> str:
    """SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def scan(files: Iterable[Path], options: str = "") -> str:
    """SQL that reads the files as one relation; their names are taken literally, not as patterns."""
    names = ("".join(f"[{char}]" if char in "[*?" else char for char in str(path)) for path in files)
    return f"read_parquet([{', '.join(map(text, names))}], hive_partitioning = false{options})"


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


def write(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> Path:
    """Write the rows of `select` (in its order) to one sealed file."""
    connection.execute(f"COPY ({select}) TO {text(str(path))} ({_OPTIONS})")
    _seal(path)
    return path


def write_split(
    connection: duckdb.DuckDBPyConnection, select: str, folder: Path, names: Sequence[str]
) -> list[Path]:
    """Write the rows of `select` (in its order) to as many files of at most ROWS_PER_FILE as needed.

    They are made in `folder`/parts-NAME and moved to `folder`/NAME when whole: `names` must suffice.
    """
    parts = folder / f"parts-{names[0]}"
    connection.execute(
        f"COPY ({select}) TO {text(str(parts))} ({_OPTIONS}, ROW_GROUPS_PER_FILE {GROUPS_PER_FILE})"
    )
    made = sorted(parts.iterdir(), key=lambda part: int(part.stem.rpartition("_")[2]))
    targets = [folder / name for name, _ in zip(names, made, strict=False)]
    for part, target in zip(made, targets, strict=True):
        _seal(part)
        part.rename(target)
    parts.rmdir()
    return targets


_OPTIONS = f"FORMAT PARQUET, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP}"
