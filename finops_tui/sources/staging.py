"""Bills become staged Parquet: focus.ROW_COLUMNS plus `x_file`, with a reading of each file.

Files with the same header are read in one call; one huge file streams. What is unpacked for a call is removed
with it.
"""

import errno
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from finops_tui import engine
from finops_tui.errors import FinopsError, SourceError
from finops_tui.sources import cells, rawtext
from finops_tui.sources.dates import has_slash_dates, reading_of
from finops_tui.sources.dialect import NoBillError, Plan, plan
from finops_tui.sources.header import Header, read_header
from finops_tui.sources.reading import Kind, Refusal, Staged, StoredFile
from finops_tui.sources.readings import readings_of
from finops_tui.sources.select import Shape, statement
from finops_tui.sources.verify import beginning, disk_full, inflate, unchanged

MEMORY_LIMIT: Final = "450MB"
GROUP_BYTES: Final = 256 << 20
"""Text that is read in one call, unless a single file is larger."""
GROUP_FILES: Final = 500


@dataclass
class _Group:
    """Files that one SELECT can read: same columns at the same places, same dates."""

    shape: Shape
    source: rawtext.Source
    files: list[StoredFile] = field(default_factory=list)
    texts: list[Path] = field(default_factory=list)
    size: int = 0


class Door:
    """Reads bills into `folder`. A context manager; one per batch, so that its memory is given back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._connection = engine.connect(folder / "spill", memory_limit=MEMORY_LIMIT)
        cells.define(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def stage(self, files: Sequence[StoredFile]) -> Iterator[Staged | Refusal]:
        """Staged batches and refused files, as they come. The caller removes a staged file when done with it.

        StoreError: the disk is full.
        """
        groups: dict[object, _Group] = {}
        for file in files:
            try:
                group = self._admit(file, groups)
            except SourceError as error:
                yield refusal(file.path, error)
                continue
            if group.size >= GROUP_BYTES or len(group.files) >= GROUP_FILES:
                del groups[next(key for key, value in groups.items() if value is group)]
                yield from self._read(group)
            elif sum(waiting.size for waiting in groups.values()) >= 2 * GROUP_BYTES:
                for waiting in groups.values():
                    yield from self._read(waiting)
                groups.clear()
        for group in groups.values():
            yield from self._read(group)

    def _admit(self, file: StoredFile, groups: dict[object, _Group]) -> _Group:
        """Look at the file's header, unpack it, and put it to those of its kind."""
        text = self._folder / f"{self._next():08d}.{'parquet' if file.kind is Kind.PARQUET else 'csv'}"
        if file.kind is Kind.PARQUET:
            self._link(file, text)
            source: rawtext.Source = rawtext.parquet_source(self._connection, text)
            shape = Shape(plan(source.names))
            size = file.size * 4
        else:
            header = read_header(beginning(file))
            mapping = plan(header.names)  # before unpacking: what is no bill is not worth the disk
            size = inflate(file, text) if file.kind is Kind.GZIP else self._link(file, text)
            source = rawtext.csv_source(header)
            shape = Shape(mapping, self._instant(header, mapping, source, text))
        key = (source, shape.instant)
        group = groups.setdefault(key, _Group(shape, source))
        group.files.append(file)
        group.texts.append(text)
        group.size += size
        return group

    def _instant(self, header: Header, mapping: Plan, source: rawtext.Source, text: Path) -> str:
        if not has_slash_dates(mapping, header.specimen):
            return "instant"
        return reading_of(self._connection, mapping, source.query([text]))

    def _read(self, group: _Group) -> Iterator[Staged | Refusal]:
        """Stage a group; where one file spoils it, each file for itself."""
        try:
            yield from self._copy(group)
        except (duckdb.Error, SourceError) as error:
            _raise_disk_full(error, self._folder)
            if len(group.files) == 1:
                yield Refusal(group.files[0].path, f"cannot be read: {_first_line(error)}")
                return
            for file, text in zip(group.files, group.texts, strict=True):
                yield from self._read(_Group(group.shape, group.source, [file], [text]))
        finally:
            for text in group.texts:
                text.unlink(missing_ok=True)

    def _copy(self, group: _Group) -> Iterator[Staged | Refusal]:
        changed = [file for file in group.files if not unchanged(file)]
        if changed:
            raise SourceError("changed while it was read")
        target = self._folder / f"staged-{self._next():08d}.parquet"
        raw = group.source.query(group.texts)
        with suppress(duckdb.CatalogException):
            self._connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
        self._connection.execute(f"COPY ({statement(group.shape, raw)}) TO '{target}' {rawtext.PARQUET}")
        readings = readings_of(self._connection, target, group.shape.plan, group.files, group.texts)
        yield Staged(target, readings)

    def _link(self, file: StoredFile, text: Path) -> int:
        """A name that DuckDB does not take for a glob, whatever the file is called."""
        text.symlink_to(file.path)
        return file.size

    def _next(self) -> int:
        self._number += 1
        return self._number


def refusal(path: Path, error: FinopsError) -> Refusal:
    """The refusal that an error about one file means."""
    return Refusal(path, str(error), error.lacking if isinstance(error, NoBillError) else (), error.hint)


def _raise_disk_full(error: Exception, folder: Path) -> None:
    text = str(error)
    if "No space left" in text or "Disk quota" in text or errno.errorcode[errno.ENOSPC] in text:
        raise disk_full(folder) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].removeprefix("Invalid Input Error: ")
