"""The lake during one commit: which Parquet files are live, which this commit makes, which it retires."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from finops_tui.store import parquet, schema


@dataclass(frozen=True)
class Part:
    """A Parquet file of the manifest. `first_day` and `last_day` are of its charges, inclusive."""

    path: str
    kind: str
    month: str | None
    source: str | None
    rows: int
    bytes: int
    first_day: date | None = None
    last_day: date | None = None
    max_arrived: datetime | None = None
    first_key: str | None = None
    """Least resource id of its lines; None: it has no lines of a resource, or is no lines file."""
    last_key: str | None = None


@dataclass
class Lake:
    """Everything one commit knows of the files; nothing is visible before the manifest names it."""

    cache: Path
    connection: duckdb.DuckDBPyConnection
    live: Sequence[Part]
    folded: frozenset[int] = frozenset()
    """Years whose months share one file of each kind."""
    made: list[Part] = field(default_factory=list)
    retired: list[Part] = field(default_factory=list)
    token: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def folder(self) -> Path:
        return self.cache / schema.LAKE

    def month_sql(self, day: str) -> str:
        """SQL: the month label of the files that hold the charges of `day`."""
        if not self.folded:
            return f"strftime({day}, '%Y-%m')"
        years = ", ".join(map(str, sorted(self.folded)))
        return (
            f"CASE WHEN year({day}) IN ({years}) THEN strftime({day}, '%Y') ELSE strftime({day}, '%Y-%m') END"
        )

    def month_of(self, day: date) -> str:
        """The month label of the files that hold the charges of `day`."""
        return f"{day.year:04}" if day.year in self.folded else f"{day.year:04}-{day.month:02}"

    def label_of(self, part: Part) -> str:
        """The month label a file belongs under now; "" where it holds no charges."""
        return self.month_of(part.first_day) if part.first_day else ""

    def parts(self, kind: str, months: Iterable[str] | None = None, source: str | None = None) -> list[Part]:
        """Live files of a kind whose charges belong under one of the month labels."""
        wanted = None if months is None else set(months)
        return [
            part
            for part in self.live
            if part.kind == kind
            and (source is None or part.source == source)
            and (wanted is None or self.label_of(part) in wanted)
        ]

    def scan(self, parts: Iterable[Part]) -> str:
        """SQL that reads these files."""
        return parquet.scan(self.cache / part.path for part in parts)

    def retire(self, parts: Iterable[Part]) -> None:
        """Leave these files out of the next manifest."""
        self.retired.extend(parts)

    def name(self, kind: str, label: str = "", number: int = 0) -> str:
        """A file name no other commit uses."""
        pieces = [kind, *([label] if label else []), self.token, *([str(number)] if number else [])]
        return "-".join(pieces) + ".parquet"

    def write(
        self, kind: str, select: str, *, month: str | None = None, arrived: datetime | None = None
    ) -> Part:
        """Write one file of a kind from the rows of `select`, in their order."""
        group = parquet.SMALL_ROW_GROUP if kind in ("daily", "shadow") else parquet.ROW_GROUP
        path = parquet.write(self.connection, select, self.folder / self.name(kind, month or ""), group)
        return self.register(path, kind, month, arrived=arrived)

    def register(
        self,
        path: Path,
        kind: str,
        month: str | None = None,
        *,
        source: str | None = None,
        arrived: datetime | None = None,
    ) -> Part:
        """Take a written file into this commit, with the days it holds and the newest arrival."""
        day = {"lines": "CAST(charge_period_start AS DATE)"}.get(kind, "day")
        days = f"min({day}), max({day})" if month else "NULL, NULL"
        held = "max(x_arrived), min(resource_id), max(resource_id)" if kind == "lines" else "NULL, NULL, NULL"
        row = self.connection.execute(
            f"SELECT count(*), {days}, {held} FROM {parquet.scan([path])}"
        ).fetchone()
        assert row is not None
        part = Part(
            path=str(path.relative_to(self.cache)),
            kind=kind,
            month=month,
            source=source,
            rows=row[0],
            bytes=path.stat().st_size,
            first_day=row[1],
            last_day=row[2],
            max_arrived=arrived or row[3],
            first_key=row[4],
            last_key=row[5],
        )
        self.made.append(part)
        return part

    def next_live(self) -> list[Part]:
        """The files that are live once this commit is done."""
        gone = {part.path for part in self.retired}
        return [part for part in self.live if part.path not in gone] + self.made

    def discard(self) -> None:
        """Delete what a failed commit made."""
        for path in self.folder.glob(f"*{self.token}*"):
            if path.is_dir():
                for inner in path.iterdir():
                    inner.unlink(missing_ok=True)
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
