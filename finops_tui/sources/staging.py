"""Bills become staged Parquet: focus.ROW_COLUMNS plus `x_file`, with a reading of each file.

Files with the same header are read in one call; one huge file streams. What is unpacked for a call is removed
with it.
"""

import errno
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from finops_tui import engine
from finops_tui.errors import FinopsError, SourceError, StoreError
from finops_tui.sources import cells, rawtext
from finops_tui.sources.dates import has_slash_dates, reading_of
from finops_tui.sources.dialect import NoBillError, Plan, plan
from finops_tui.sources.header import HEADER_LIMIT, Header, read_header
from finops_tui.sources.reading import FileReading, Kind, Refusal, Staged, StoredFile
from finops_tui.sources.readings import BROKEN_LINE, readings_of
from finops_tui.sources.select import Shape, statement
from finops_tui.sources.verify import beginning, count_lines, disk_full, inflate, unchanged, unify_line_ends

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

        StoreError: the disk is full or the folder cannot be written.
        """
        try:
            yield from self._stage(files)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise disk_full(self._folder) from error
            raise StoreError(f"cannot write into {self._folder}: {error.strerror or error}") from error

    def _stage(self, files: Sequence[StoredFile]) -> Iterator[Staged | Refusal]:
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
        try:
            shape, source, size = self._open(file, text)
        except BaseException:
            text.unlink(missing_ok=True)
            raise
        group = groups.setdefault((source, shape.instant), _Group(shape, source))
        group.files.append(file)
        group.texts.append(text)
        group.size += size
        return group

    def _open(self, file: StoredFile, text: Path) -> tuple[Shape, rawtext.Source, int]:
        """How the file is read, and how many bytes it has, unpacked as `text`."""
        if file.kind is Kind.PARQUET:
            size = self._link(file, text)
            source = rawtext.parquet_source(self._connection, text)
            return Shape(plan(source.names)), source, size * 4
        header = _header(file)
        mapping = plan(header.names)  # before unpacking: what is no bill is not worth the disk
        size = inflate(file, text) if file.kind is Kind.GZIP else self._link(file, text)
        source = rawtext.csv_source(header)
        return Shape(mapping, self._instant(header, mapping, source, text)), source, size

    def _instant(self, header: Header, mapping: Plan, source: rawtext.Source, text: Path) -> str:
        if not has_slash_dates(mapping, header.specimen):
            return "instant"
        try:
            return reading_of(self._connection, mapping, source.query([text]))
        except duckdb.Error:
            if not self._mend([text]):
                raise SourceError("cannot be read as CSV") from None
            return reading_of(self._connection, mapping, source.query([text]))

    def _read(self, group: _Group) -> Iterator[Staged | Refusal]:
        """Stage a group; where one file spoils it, each file for itself."""
        try:
            yield self._staged(group)
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, SourceError) as error:
            _raise_disk_full(error, self._folder)
            if len(group.files) == 1:
                yield Refusal(group.files[0].path, _first_line(error), hint=getattr(error, "hint", ""))
                return
            for file, text in zip(group.files, group.texts, strict=True):
                yield from self._read(_Group(group.shape, group.source, [file], [text]))
        finally:
            for text in group.texts:
                text.unlink(missing_ok=True)

    def _staged(self, group: _Group) -> Staged:
        """Stage a group; files that mix line ends, which look like broken lines, are mended first."""
        try:
            staged = self._copy(group)
        except duckdb.Error as error:
            _raise_disk_full(error, self._folder)
            if not self._mend(group.texts):
                raise
            return self._copy(group)
        broken = [BROKEN_LINE in reading.rejected for reading in staged.readings]
        if self._mend(text for text, is_broken in zip(group.texts, broken, strict=True) if is_broken):
            staged.path.unlink()
            staged = self._copy(group)
        if not all(map(_accounted, staged.readings, group.texts)):
            staged.path.unlink()
            staged = self._copy(replace(group, source=group.source.sequential()))
        return staged

    def _mend(self, texts: Iterable[Path]) -> bool:
        """Whether any of `texts` had line ends of two kinds; they have one now."""
        mended = [unify_line_ends(text) for text in texts if text.suffix == ".csv"]
        return any(mended)

    def _copy(self, group: _Group) -> Staged:
        target = self._folder / f"staged-{self._next():08d}.parquet"
        raw = group.source.query(group.texts)
        self._connection.execute("DROP TABLE IF EXISTS reject_errors")
        self._connection.execute("DROP TABLE IF EXISTS reject_scans")
        try:
            self._connection.execute(
                f"COPY ({statement(group.shape, raw)}) TO {engine.literal(target)} {rawtext.PARQUET}"
            )
            if not all(map(unchanged, group.files)):
                raise SourceError("changed while it was read", "Import it again when it is complete.")
            return Staged(
                target, readings_of(self._connection, target, group.shape.plan, group.files, group.texts)
            )
        except BaseException:
            target.unlink(missing_ok=True)
            raise

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


def _accounted(reading: FileReading, text: Path) -> bool:
    """Whether each line was either staged or rejected.

    DuckDB 2.0 reading a file in several pieces can drop a piece without a word where lines are broken. A file
    with line ends within its cells is not accounted for either; it too is read again, from end to end.
    """
    if text.suffix != ".csv" or text.stat().st_size < rawtext.PARALLEL_BYTES:
        return True
    return reading.rows + sum(reading.rejected.values()) + 1 == count_lines(text)


def _header(file: StoredFile) -> Header:
    head = beginning(file, 1 << 16)
    return read_header(head if b"\n" in head or b"\r" in head else beginning(file, HEADER_LIMIT))


def _raise_disk_full(error: Exception, folder: Path) -> None:
    text = str(error)
    if "No space left" in text or "Disk quota" in text:
        raise disk_full(folder) from error


def _first_line(error: Exception) -> str:
    if isinstance(error, SourceError):
        return str(error)
    return "cannot be read: " + str(error).partition("\n")[0].removeprefix("Invalid Input Error: ")
