"""The one writer of the cache: holds the lock, takes staged lines, makes them visible all at once."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

import duckdb

from finops_tui import engine
from finops_tui.errors import StoreError
from finops_tui.paths import Paths
from finops_tui.store import history, labels, linefiles, manifest, merge, parquet
from finops_tui.store.arriving import Arrival, LoadedFile, prepare, stage_lines, unreadable_lines
from finops_tui.store.lake import Lake, Part
from finops_tui.store.lock import refresh_lock
from finops_tui.store.state import explained, store_error, transaction

__all__ = ["Committed", "LoadedFile", "Refresh"]

MEMORY_LIMIT: Final = "800MB"
"""DuckDB's share of the 1 GiB an import may take."""

LIVE_FILES: Final = 90
"""From this many live files on, the oldest years' months are folded together, to stay under a hundred."""

PER_MONTH: Final = 3
"""Files a month usually has: lines, daily, rollup."""


@dataclass(frozen=True)
class Committed:
    """What one commit made visible."""

    generation: int
    rows: int
    files: int
    months: tuple[str, ...]
    """Labels of the months whose numbers it made anew, oldest first."""
    unreadable_tags: int = 0
    """Lines whose tags are no JSON object: kept, under the tag `(unreadable)`."""


class Refresh:
    """`with Refresh(paths) as refresh:` holds the cache for writing; LockedError says who else does.

    Killed at any moment it leaves the state before or after a commit; what is left over is cleared away by
    the next one.
    """

    stage: Path
    """Empty scratch folder inside the cache, for staged Parquet; gone when the refresh ends."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.stage = paths.scratch / "staged"
        self._stack = ExitStack()
        self._added: list[tuple[Path, int, LoadedFile]] = []
        self._compartments: dict[str, str] = {}
        self._refused: dict[str, tuple[str, str]] = {}
        self._claims: dict[str, str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.paths.create()
            stack.enter_context(refresh_lock(self.paths.lock_file))
            self._state = stack.enter_context(closing(manifest.open_for_refresh(self.paths)))
            with explained(self.paths.cache):
                stack.callback(shutil.rmtree, self.paths.scratch, ignore_errors=True)
                shutil.rmtree(self.paths.scratch, ignore_errors=True)
                self.stage.mkdir(mode=0o700, parents=True)
                manifest.sweep(self.paths, self._state)
                history.deliver(self.paths, self._state)
                self._units_at_start = [p for p in manifest.live_parts(self._state) if p.kind == "units"]
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def known(self, sha256: str, name: str) -> Literal["same", "changed", "new"]:
        """Whether a file is in: the same bytes under any name, this name with other bytes, or neither."""
        with explained(self.paths.state_db):
            if sha256 in self._claims.values() or manifest.same_bytes(self._state, sha256):
                return "same"
            named = name in self._claims or manifest.claimed(self._state, [name])
        return "changed" if named else "new"

    def add(self, staged: Path, files: Sequence[LoadedFile]) -> None:
        """Take a staged Parquet file into the next commit; its x_file is the index into `files`.

        A file replaces one of the same name, whether committed or added before.
        """
        for index, file in enumerate(files):
            self.admit(file.name, file.sha256)
            self._added = [entry for entry in self._added if entry[2].sha256 != file.sha256]
            self._added.append((staged, index, file))

    def refuse(self, name: str, reason: str, hint: str = "") -> None:
        """Remember with the next commit that this file could not be loaded, and why."""
        self._refused[name] = (reason, hint)

    def admit(self, name: str, sha256: str) -> None:
        """Say that the file of this name now has these bytes, which are in (`known` says "same") or added.

        What it had before counts no longer, unless another name has those bytes; a refusal is forgotten.
        """
        self._refused.pop(name, None)
        self._claims[name] = sha256
        claimed = set(self._claims.values())
        self._added = [entry for entry in self._added if entry[2].sha256 in claimed]

    def name_compartments(self, paths: Mapping[str, str]) -> None:
        """Say the full paths of compartments (id → "root/a/b"); visible with the next commit."""
        self._compartments.update(paths)

    def commit(self) -> Committed:
        """Make all that was added visible at once. After a StoreError the cache is as it was."""
        with explained(self.paths.cache):
            replaced = manifest.replaced(self._state, self._claims, [file.sha256 for *_, file in self._added])
            if self._added or replaced or self._compartments:
                done = self._commit(replaced)
            else:
                with transaction(self._state, self.paths.state_db):
                    self._remember(manifest.now())
                done = Committed(manifest.generation(self._state), 0, 0, ())
        self._added, self._compartments, self._claims, self._refused = [], {}, {}, {}
        with suppress(
            StoreError
        ):  # the commit stands; what could not be delivered waits for the next refresh
            history.deliver(self.paths, self._state)
        return done

    def _commit(self, replaced: set[int]) -> Committed:
        first = manifest.next_number(self._state)
        arrivals = [Arrival(first + n, file, path, i) for n, (path, i, file) in enumerate(self._added)]
        live = manifest.live_parts(self._state)
        with closing(engine.connect(self.paths.scratch / "spill", memory_limit=MEMORY_LIMIT)) as connection:
            lake = Lake(self.paths.cache, connection, live)
            try:
                lake.folded, newly = folded_years(live, stage_lines(connection, arrivals))
                return self._write(lake, arrivals, replaced, newly)
            except BaseException as error:
                lake.discard()
                if isinstance(error, duckdb.Error):
                    raise store_error(error, self.paths.cache) from error
                raise

    def _write(
        self, lake: Lake, arrivals: Sequence[Arrival], replaced: set[int], newly: frozenset[int]
    ) -> Committed:
        connection = lake.connection
        prepare(lake)
        rows = _checked_rows(connection, arrivals)
        affected = merge.take_out(lake, replaced)
        merge.judge_units(lake, manifest.reach(self._state, connection, replaced, arrivals))
        history.remember_settled(connection, lake, self._units_at_start)
        months = merge.touched_months(lake, newly)
        linefiles.write_lines(lake, affected, replaced, newly)
        merge.write_daily(lake, months)
        changes = history.changed_days(lake, lake.parts("rollup", months))
        merge.write_units(lake)
        labels.write_resources(lake)
        labels.write_tagsets(lake)
        names = labels.write_names(lake, self._compartments)
        connection.execute(f"CREATE TEMP VIEW account_name AS SELECT * FROM {lake.scan([names])}")
        _check_sum(lake)
        parquet.sync_folder(lake.folder)
        generation = self._swap(lake, arrivals, replaced, changes)
        return Committed(generation, rows, len(arrivals), tuple(months), unreadable_lines(connection))

    def _swap(
        self, lake: Lake, arrivals: Sequence[Arrival], replaced: set[int], changes: Sequence[history.Change]
    ) -> int:
        at = manifest.now()
        with transaction(self._state, self.paths.state_db):
            generation = manifest.swap(self._state, lake, arrivals, replaced, at)
            history.queue(self._state, changes, generation, at)
            self._remember(at)
        return generation

    def _remember(self, at: str) -> None:
        manifest.remember_claims(self._state, self._claims)
        manifest.remember_refusals(self._state, self._refused, self._claims, at)


def folded_years(live: Sequence[Part], arriving: set[str]) -> tuple[frozenset[int], frozenset[int]]:
    """(years with one file of each kind after this commit, those of them that become so by it).

    `live` are the files before it, `arriving` the months (YYYY-MM) it brings lines of. The newest year stays.
    """
    folded = {int(part.month) for part in live if part.month and len(part.month) == 4}
    before = frozenset(folded)
    held = [part.month for part in live if part.month and len(part.month) == 7]
    new = [month for month in arriving - set(held) if int(month[:4]) not in folded]
    count = len(live) + PER_MONTH * len(new)
    for year in sorted({int(month[:4]) for month in (*held, *new)})[:-1]:
        if count < LIVE_FILES:
            break
        folded.add(year)
        count -= sum(1 for month in held if int(month[:4]) == year) - PER_MONTH
        count -= PER_MONTH * sum(1 for month in new if int(month[:4]) == year)
    return frozenset(folded), frozenset(folded) - before


def _checked_rows(connection: duckdb.DuckDBPyConnection, arrivals: Sequence[Arrival]) -> int:
    """Number of arriving lines; StoreError where it is not what the door said it staged."""
    row = connection.execute("SELECT coalesce(sum(lines), 0)::BIGINT FROM delta").fetchone()
    rows, said = (row[0] if row else 0), sum(arrival.file.rows for arrival in arrivals)
    if rows != said:
        raise StoreError(
            f"{said} lines were read but {rows} were staged: nothing was changed", "Load the files again."
        )
    return int(rows)


def _check_sum(lake: Lake) -> None:
    """The invariant, as far as it is free: as many lines in daily and shadow as in the lines files."""
    live = lake.next_live()
    lines = sum(part.rows for part in live if part.kind == "lines")
    tables = [part for part in live if part.kind in ("daily", "shadow")]
    counted = 0
    if tables:
        row = lake.connection.execute(f"SELECT sum(lines)::BIGINT FROM {lake.scan(tables)}").fetchone()
        counted = row[0] if row else 0
    if lines != counted:
        raise StoreError(
            f"the daily tables count {counted} lines and the lines files {lines}: nothing was changed",
            "The cache is damaged; delete it and load again.",
        )
