"""What a door says about a file: who it is, what was read of it, and what was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """How the bytes are stored, told by their first bytes and not by the name."""

    CSV = "csv"
    GZIP = "csv.gz"
    PARQUET = "parquet"


@dataclass(frozen=True)
class StoredFile:
    """A file as it lies on disk: its identity is the SHA-256 of the stored bytes."""

    path: Path
    sha256: str
    size: int
    modified_ns: int
    kind: Kind


@dataclass(frozen=True)
class FileReading:
    """What was read of one bill. `rows` lines were staged; `rejected` says per reason how many were not."""

    file: StoredFile
    rows: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    """A few of the cells or lines that could not be read, control characters escaped."""
    rounded: int = 0
    """Amounts with more than 18 decimals; they were rounded to 18."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Column → cells that hold something unreadable; they are NULL in lines that were loaded."""
    ignored: tuple[str, ...] = ()
    """Columns of the file that have no place in the vocabulary."""


@dataclass(frozen=True)
class Refusal:
    """A file that was not loaded: why, and which columns a bill needs that it lacks."""

    path: Path
    reason: str
    lacking: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Staged:
    """A Parquet file of focus.ROW_COLUMNS and `x_file`, the index of the line's file in `readings`.

    A few columns of the door's own follow (why a line was rejected …): read it by column name.
    """

    path: Path
    readings: tuple[FileReading, ...]
