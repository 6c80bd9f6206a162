"""The header of a CSV file: its delimiter and its columns. No sampling of values, no guessing of types."""

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from finops_tui.errors import SourceError

DELIMITERS = (",", ";", "\t", "|")
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
HEADER_LIMIT = 1 << 20
"""No header is longer than this; what has no line end before is no CSV."""

SPECIMENS: Final = 50
"""Lines looked at before a file is read; when none of so many fits the header, no line will."""


@dataclass(frozen=True)
class Header:
    """The first record of a CSV file, and the second as a specimen of its values."""

    names: tuple[str, ...]
    delimiter: str
    specimen: tuple[str, ...]


def read_header(text: bytes) -> Header:
    """The header in the first bytes of a file; a SourceError where there is none."""
    if text.startswith(_UTF16):
        raise SourceError("is UTF-16 text", "Save it as UTF-8 CSV.")
    text = text.removeprefix(_UTF8_BOM)
    if b"\0" in text.partition(b"\n")[0]:
        raise SourceError("is binary data, not text")
    if len(text) >= HEADER_LIMIT and b"\n" not in text and b"\r" not in text:
        raise SourceError("has no line end in its first megabyte; it is no CSV")
    decoded = text.decode("utf-8", errors="replace")
    parsed = {delimiter: _records(decoded, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda candidate: len(next(iter(parsed[candidate]), [])))
    names, *records = parsed[delimiter] or [[]]
    if not any(names):
        raise SourceError("begins with an empty line where its header should be")
    widths = {len(record) for record in records}
    if len(records) == SPECIMENS and len(names) not in widths:
        raise SourceError(f"has {min(widths)} cells in its lines and {len(names)} in its header")
    return Header(tuple(names), delimiter, tuple(records[0]) if records else ())


def _records(text: str, delimiter: str) -> list[list[str]]:
    """The header and the lines after it that are not empty, as many as can be read, SPECIMENS at most."""
    records: list[list[str]] = []
    with suppress(csv.Error):
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record or not records:
                records.append(record)
            if len(records) > SPECIMENS:
                break
    return records
