"""Check a file before a reader sees it: its identity, and for gzip its checksum, length and expansion.

DuckDB reads a gzip with a wrong checksum without complaint, so the check is ours: every file is decompressed
once, streaming, into a scratch file that DuckDB then reads in parallel.
"""

import errno
import hashlib
import os
import shutil
import stat
import zlib
from pathlib import Path
from typing import BinaryIO

from finops_tui.errors import SourceError, StoreError
from finops_tui.sources.reading import Kind, StoredFile

_CHUNK = 1 << 16
_OUT = 1 << 22
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"

BOMB_BYTES = 256 << 20
"""Below this size an expansion harms nobody, whatever its ratio."""
BOMB_RATIO = 200
"""A bill in CSV shrinks 5 to 50 fold; deflate itself ends at 1,032."""
DISK_SHARE = 0.8
"""How much of the free disk a decompressed file may take: the cache needs the rest."""


def identify(path: Path) -> StoredFile:
    """Who this file is: SHA-256, size and kind. A SourceError says why it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SourceError("is not a regular file")
        with path.open("rb") as file:
            magic = file.read(4)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            status = os.fstat(file.fileno())
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from error
    if not magic:
        raise SourceError("is empty")
    kind = Kind.GZIP if magic.startswith(_GZIP) else Kind.PARQUET if magic == _PARQUET else Kind.CSV
    return StoredFile(path, digest, status.st_size, status.st_mtime_ns, kind)


def unchanged(file: StoredFile) -> bool:
    """Whether the file still is what was hashed: nobody wrote to it while it was read."""
    try:
        status = file.path.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified_ns)


def beginning(file: StoredFile, limit: int) -> bytes:
    """The first `limit` bytes of the text, decompressed where it is gzip."""
    try:
        with file.path.open("rb") as source:
            if file.kind is not Kind.GZIP:
                return source.read(limit)
            inflater, text = zlib.decompressobj(wbits=31), b""
            while len(text) < limit and not inflater.eof and (chunk := source.read(_CHUNK)):
                text += inflater.decompress(chunk, limit - len(text))
            return text
    except zlib.error as error:
        raise _damaged(error) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from error


def inflate(file: StoredFile, target: Path) -> int:
    """Decompress a gzip file of any number of members into `target`; returns the bytes written.

    SourceError: truncated, wrong checksum or length, foreign bytes after the end, or an expansion bomb.
    StoreError: the disk is full.
    """
    allowance = int(shutil.disk_usage(target.parent).free * DISK_SHARE)
    try:
        with file.path.open("rb") as source, target.open("wb") as scratch:
            return _inflate(source, scratch, file.size, allowance)
    except zlib.error as error:
        raise _damaged(error) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(target.parent) from error
        raise SourceError(f"cannot be decompressed: {error.strerror or error}") from error


def count_lines(text: Path) -> int:
    """Lines of a text file, whatever its line end is; the last one needs none."""
    feeds = returns = 0
    chunk = last = b""
    with text.open("rb") as source:
        while chunk := source.read(_OUT):
            feeds += chunk.count(b"\n")
            returns += 0 if feeds else chunk.count(b"\r")
            last = chunk
    return (feeds or returns) + (last[-1:] not in (b"\n", b"\r", b""))


def unify_line_ends(text: Path) -> bool:
    """Give a file that mixes CRLF and LF one line end, LF; whether it did mix them. A link becomes a file."""
    unified = text.with_suffix(".unified")
    windows = other = 0
    with text.open("rb") as source, unified.open("wb") as target:
        while chunk := source.read(_OUT):
            if chunk.endswith(b"\r"):
                chunk += source.read(1)
            pairs = chunk.count(b"\r\n")
            windows += pairs
            other += chunk.count(b"\n") - pairs
            target.write(chunk.replace(b"\r\n", b"\n"))
    if windows and other:
        unified.replace(text)
        return True
    unified.unlink()
    return False


def disk_full(folder: Path) -> StoreError:
    """The error for a disk that ran full while something was written into `folder`."""
    return StoreError(
        f"the disk that holds {folder} is full; nothing was changed",
        "Free some space, or choose another place with --home DIR.",
    )


def _inflate(source: BinaryIO, scratch: BinaryIO, size: int, allowance: int) -> int:
    written = 0
    inflater = zlib.decompressobj(wbits=31)
    chunk = source.read(_CHUNK)
    while chunk:
        text = inflater.decompress(chunk, _OUT)
        scratch.write(text)
        written += len(text)
        if written > BOMB_BYTES and written > size * BOMB_RATIO:
            raise SourceError(f"expands to more than {BOMB_RATIO} times its size; no bill does")
        if written > allowance:
            raise SourceError(
                f"expands to more than the {allowance >> 20} MB that can be spared on the disk of the cache",
                "Free some space, or choose another place with --home DIR.",
            )
        if inflater.eof:
            chunk = _following(inflater.unused_data, source)
            if chunk:
                inflater = _next_member(chunk)
        else:
            chunk = inflater.unconsumed_tail or source.read(_CHUNK)
    if not inflater.eof:
        raise SourceError("is truncated: its gzip data ends early")
    return written


def _following(chunk: bytes, source: BinaryIO) -> bytes:
    """What stands after a gzip member, without the zero bytes that pad a block."""
    while True:
        if chunk := chunk.lstrip(b"\0"):
            return chunk
        if not (chunk := source.read(_CHUNK)):
            return b""


def _next_member(chunk: bytes) -> "zlib._Decompress":
    if chunk[:2] not in (_GZIP, _GZIP[:1]):
        raise SourceError("has bytes after its gzip data that are no gzip")
    return zlib.decompressobj(wbits=31)


def _damaged(error: zlib.error) -> SourceError:
    text = str(error)
    what = (
        "its checksum is wrong"
        if "data check" in text
        else "its length is wrong"
        if "length check" in text
        else "its gzip data is corrupt"
    )
    return SourceError(f"is damaged: {what}")
