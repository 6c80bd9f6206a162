"""What an import did, file by file: what a person and a script are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from finops_tui.errors import DONE, INCOMPLETE
from finops_tui.escape import printable
from finops_tui.sources.reading import FileReading, Refusal


class Outcome(StrEnum):
    """What became of a file."""

    LOADED = "loaded"
    REPLACED = "replaced"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class FileReport:
    """One file of an import. Names and examples are the file's: hostile until escaped."""

    name: str
    outcome: Outcome
    rows: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Reason → lines that were not loaded."""
    examples: tuple[str, ...] = ()
    rounded: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Column → cells that could not be read and count as unknown."""
    ignored: tuple[str, ...] = ()
    reason: str = ""
    """Why it was refused."""
    lacking: tuple[str, ...] = ()
    """Columns that a bill has and this file lacks."""
    hint: str = ""

    @classmethod
    def of(cls, name: str, reading: FileReading, outcome: Outcome) -> "FileReport":
        """The report on a file that was read."""
        return cls(
            name,
            outcome,
            reading.rows,
            reading.rejected,
            reading.examples,
            reading.rounded,
            reading.unknown,
            reading.ignored,
        )

    @classmethod
    def refused(cls, name: str, refusal: Refusal) -> "FileReport":
        """The report on a file that was not loaded."""
        return cls(name, Outcome.REFUSED, reason=refusal.reason, lacking=refusal.lacking, hint=refusal.hint)


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `generation` is the cache's now; 0: nothing was ever loaded."""

    files: tuple[FileReport, ...]
    generation: int

    def count(self, *outcomes: Outcome) -> int:
        """Files with one of these outcomes."""
        return sum(file.outcome in outcomes for file in self.files)

    @property
    def rows(self) -> int:
        """Lines that were loaded."""
        return sum(file.rows for file in self.files)

    @property
    def rejected(self) -> int:
        """Lines that were not."""
        return sum(sum(file.rejected.values()) for file in self.files)

    @property
    def exit_status(self) -> int:
        """INCOMPLETE when a file was refused, or no line of it could be read."""
        barren = any(file.rejected and not file.rows for file in self.files)
        return INCOMPLETE if barren or self.count(Outcome.REFUSED) else DONE

    def summary(self) -> str:
        """One line: files and lines."""
        loaded = self.count(Outcome.LOADED, Outcome.REPLACED)
        parts = [f"{_number(self.rows, 'line')} loaded from {_number(loaded, 'file')}"]
        if replaced := self.count(Outcome.REPLACED):
            parts.append(f"{_number(replaced, 'file')} replaced an older version")
        if known := self.count(Outcome.KNOWN):
            parts.append(f"{_number(known, 'file')} already in the cache")
        if rejected := self.rejected:
            parts.append(f"{_number(rejected, 'line')} rejected")
        if refused := self.count(Outcome.REFUSED):
            parts.append(f"{_number(refused, 'file')} refused")
        return "; ".join(parts)

    def problems(self) -> tuple[str, ...]:
        """A line for each refused file and each kind of unreadable line or cell, safe to print."""
        return tuple(line for file in self.files for line in _problems(file))


def _problems(file: FileReport) -> Iterable[str]:
    name = printable(file.name, 300)
    if file.outcome is Outcome.REFUSED:
        yield f"{name}: {printable(file.reason, 600)}" + (
            f". {printable(file.hint, 600)}" if file.hint else ""
        )
    for reason, lines in file.rejected.items():
        yield f"{name}: {_number(lines, 'line')} rejected: {reason}"
    for column, cells in file.unknown.items():
        yield f"{name}: {_number(cells, 'cell')} of {column} unreadable, taken as unknown"
    if file.rounded:
        yield f"{name}: {_number(file.rounded, 'amount')} with more than 18 decimals rounded"
    for example in file.examples:
        yield f"{name}: for example {printable(example, 200)}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
