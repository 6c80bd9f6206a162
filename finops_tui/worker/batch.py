"""What the worker loads in one go: files, where they came from and when they were published."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from finops_tui.focus import Source


@dataclass(frozen=True)
class BatchFile:
    """A file on disk and its identity in its source."""

    path: Path
    name: str
    """The object's name in its bucket, or the absolute path of an imported file."""
    source: Source = Source.IMPORT
    arrived: datetime | None = None
    """When the source published it, naive UTC; None: imported, each line counts as arrived the day after."""


@dataclass(frozen=True)
class Batch:
    """Files that become visible together; `label` is what progress says ("reports, November 2026")."""

    label: str
    files: tuple[BatchFile, ...]
