"""What the Data screen says: sources, files and changed days as rows, and each of them as facts."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from finops_tui import figures as fmt
from finops_tui.focus import Source
from finops_tui.store.facts import DayChange, FileRefusal, FileStatus, SourceStatus
from finops_tui.tui.text import plain
from finops_tui.tui.theme import Tone
from finops_tui.tui.widgets.columns import Column
from finops_tui.tui.widgets.window import Cell, Row

NAME = 44
"""Cells of a file's name in the table; the whole one stands in its details."""

SOURCE_NAMES = {
    Source.FOCUS_REPORT: "FOCUS report",
    Source.COST_REPORT: "cost report",
    Source.USAGE_API: "Usage API",
    Source.IMPORT: "import",
}

FILE_COLUMNS = (
    Column("file", "File", priority=1, least=NAME, most=NAME),
    Column("source", "Source", priority=5),
    Column("rows", "Lines", "right", priority=1),
    Column("rejected", "Rejected", "right", priority=2),
    Column("unread", "Unreadable", "right", priority=3),
    Column("rounded", "Rounded", "right", priority=6),
    Column("ignored", "Columns left out", "right", priority=7),
    Column("size", "Size", "right", priority=4),
    Column("loaded", "Loaded (UTC)", priority=4),
)
REFUSAL_COLUMNS = (
    Column("file", "Refused file", priority=1, least=20, most=NAME),
    Column("why", "Why", priority=2, least=20, most=60, grows=True),
    Column("at", "Tried (UTC)", priority=3),
)
CHANGE_COLUMNS = (
    Column("day", "Day that changed", priority=1),
    Column("what", "What", priority=3, least=12, most=40, grows=True),
    Column("old", "Was", "right", priority=2),
    Column("new", "Is", "right", priority=1),
    Column("delta", "Change", "right", priority=1),
    Column("currency", "", priority=1),
    Column("seen", "Seen (UTC)", priority=4),
    Column("reason", "Why", priority=5, least=10, most=30),
)


def source_columns(sources: Sequence[SourceStatus]) -> tuple[Column, ...]:
    """The columns; the one for errors only where a source has one."""
    columns = (
        Column("source", "Source", priority=1),
        Column("account", "Account", priority=1, least=12, most=40, grows=True),
        Column("provider", "Provider", priority=6),
        Column("through", "Complete through", priority=2),
        Column("error", "Last error", priority=2, least=12, most=40),
        Column("days", "Days in", priority=4),
        Column("rows", "Lines", "right", priority=3),
        Column("loaded", "Last loaded (UTC)", priority=4),
    )
    failed = any(s.last_error for s in sources)
    return tuple(c for c in columns if c.key != "error" or failed)


def source_rows(sources: Sequence[SourceStatus]) -> list[Row]:
    """What each source has delivered for each account."""
    return [_row(("source", s.source, s.provider, s.account), _source_cells(s), s) for s in sources]


def _source_cells(s: SourceStatus) -> dict[str, str | Cell]:
    through: str | Cell = fmt.day(s.complete_through, year=True)
    return {
        "source": SOURCE_NAMES[s.source],
        "account": s.name or s.account or "(none)",
        "provider": s.provider or "",
        "through": through if s.complete_through else Cell("not one day yet", "attention"),
        "days": f"{fmt.day(s.first_day, year=True)} – {fmt.day(s.last_day, year=True)}",
        "rows": fmt.count(s.rows),
        "loaded": moment(s.last_success),
        "error": Cell(plain(s.last_error or ""), "attention"),
    }


def refusal_rows(refusals: Sequence[FileRefusal]) -> list[Row]:
    """The files that are not in, newest attempt first."""
    return [
        _row(("refused", f.name), {"file": short_name(f.name), "why": f.reason, "at": moment(f.at)}, f)
        for f in refusals
    ]


def file_rows(files: Sequence[FileStatus]) -> list[Row]:
    """The loaded files, newest first; those with rejected lines stand out."""
    return [_row(("file", f.name, f.sha256), _file_cells(f), f) for f in files]


def _file_cells(f: FileStatus) -> dict[str, str | Cell]:
    rejected = sum(f.rejected.values())
    unread = sum(f.unread.values())
    return {
        "file": short_name(f.name),
        "source": SOURCE_NAMES[f.source],
        "rows": fmt.count(f.rows),
        "rejected": Cell(fmt.count(rejected), _attention(rejected)),
        "unread": Cell(fmt.count(unread), _attention(unread)),
        "rounded": fmt.count(f.rounded),
        "ignored": fmt.count(len(f.ignored)),
        "size": size(f.size),
        "loaded": moment(f.loaded),
    }


def _attention(count: int) -> Tone:
    return "attention" if count else ""


def change_rows(changes: Sequence[DayChange]) -> list[Row]:
    """Past days whose cost was another one when they were loaded again, newest sighting first."""
    return [
        _row(("change", c.day, c.account, c.service, c.currency, c.seen), _change_cells(c), c)
        for c in changes
    ]


def _change_cells(c: DayChange) -> dict[str, str | Cell]:
    delta = c.new - c.old if c.new is not None and c.old is not None else None
    return {
        "day": fmt.day(c.day, year=True),
        "what": " · ".join(t for t in (c.service, c.account) if t) or "(none)",
        "old": fmt.money(c.old),
        "new": fmt.money(c.new),
        "delta": Cell(fmt.moved(delta), fmt.tone(delta)),
        "currency": c.currency or "?",
        "seen": moment(c.seen),
        "reason": c.reason,
    }


def name(found: object) -> str:
    """What tells the thing a row was made from: an account, a file's name, a day."""
    if isinstance(found, SourceStatus):
        return found.account or ""
    if isinstance(found, FileStatus | FileRefusal):
        return found.name
    return str(found.day) if isinstance(found, DayChange) else ""


def facts(found: object) -> tuple[str, str, list[tuple[str, str]]]:
    """Heading, name and everything known of the thing a row was made from."""
    if isinstance(found, SourceStatus):
        return "Source", SOURCE_NAMES[found.source], _source_facts(found)
    if isinstance(found, FileStatus):
        return "File", PurePath(found.name).name, _file_facts(found)
    if isinstance(found, FileRefusal):
        return "Refused file", PurePath(found.name).name, _refusal_facts(found)
    assert isinstance(found, DayChange)
    return "Changed day", fmt.day(found.day, year=True), _change_facts(found)


def _source_facts(s: SourceStatus) -> list[tuple[str, str]]:
    through = fmt.day(s.complete_through, year=True) if s.complete_through else "not one day yet"
    return [
        ("source", SOURCE_NAMES[s.source]),
        ("provider", s.provider or "unknown"),
        ("account", s.account or "(none)"),
        ("name", s.name or "unknown"),
        ("complete", f"through {through}" if s.complete_through else through),
        ("first day", fmt.day(s.first_day, year=True)),
        ("last day", fmt.day(s.last_day, year=True)),
        ("lines", fmt.count(s.rows)),
        ("files", fmt.count(s.files)),
        ("last loaded", f"{moment(s.last_success)} UTC"),
        ("last error", s.last_error or "none"),
    ]


def _file_facts(f: FileStatus) -> list[tuple[str, str]]:
    arrived = f"{moment(f.arrived)} UTC" if f.arrived else "imported: each line the day after its charge"
    rejected = sorted(f.rejected.items(), key=lambda item: -item[1])
    return [
        ("file", f.name),
        ("source", SOURCE_NAMES[f.source]),
        ("lines", fmt.count(f.rows)),
        ("rejected", fmt.count(sum(f.rejected.values()))),
        *(("", f"{fmt.count(lines)} × {why}") for why, lines in rejected),
        *(("example" if i == 0 else "", text) for i, text in enumerate(f.examples)),
        ("unreadable", f"{fmt.counted(sum(f.unread.values()), 'cell')}, taken as unknown"),
        *(("", f"{fmt.count(cells)} × {column}") for column, cells in sorted(f.unread.items())),
        ("rounded", f"{fmt.count(f.rounded)} amounts with more than 18 decimals"),
        ("left out", f"columns: {', '.join(f.ignored)}" if f.ignored else "no column"),
        ("size", f"{fmt.count(f.size)} bytes"),
        ("sha-256", f.sha256),
        ("published", arrived),
        ("loaded", f"{moment(f.loaded)} UTC"),
    ]


def _refusal_facts(f: FileRefusal) -> list[tuple[str, str]]:
    return [
        ("file", f.name),
        ("refused", f.reason),
        ("what to do", f.hint or "nothing: it holds no cost"),
        ("tried", f"{moment(f.at)} UTC"),
    ]


def _change_facts(c: DayChange) -> list[tuple[str, str]]:
    delta = c.new - c.old if c.new is not None and c.old is not None else None
    code = c.currency or "(no currency)"
    return [
        ("day", fmt.day(c.day, year=True)),
        ("account", c.account or "(none)"),
        ("provider", c.provider or "unknown"),
        ("service", c.service or "(none)"),
        ("was", f"{fmt.money(c.old, decimals=6)} {code}"),
        ("is", f"{fmt.money(c.new, decimals=6)} {code}"),
        ("change", f"{fmt.moved(delta, decimals=6)} {code}"),
        ("seen", f"{moment(c.seen)} UTC"),
        ("why", c.reason or "unknown"),
    ]


def moment(value: datetime | None) -> str:
    """`24 Nov 2026 06:10`."""
    return fmt.UNKNOWN if value is None else f"{fmt.day(value.date(), year=True)} {value:%H:%M}"


def short_name(name: str) -> str:
    """The end of a path, which tells two apart."""
    end = "/".join(PurePath(name).parts[-4:]).removeprefix("//")
    return end if len(end) <= NAME else f"…{end[1 - NAME :]}"


def size(value: int) -> str:
    """`3.5 MB`: decimal units, as disks are sold."""
    return f"{value} B" if value < 1000 else f"{fmt.short_count(max(value, 10_000))}B"


def _row(key: tuple[object, ...], cells: dict[str, str | Cell], data: object) -> Row:
    spelt = {name: c if isinstance(c, Cell) else Cell(plain(c)) for name, c in cells.items()}
    return Row(key, spelt, data=data)
