"""Load files into the cache: skip what is in, replace what changed, stage, add, commit.

A commit makes everything added since the last visible at once. Killed at any instant, the cache holds the
state before or after a commit, and the next run loads the rest.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from finops_tui.errors import SourceError
from finops_tui.paths import Paths
from finops_tui.sources.discover import discover
from finops_tui.sources.reading import FileReading, Refusal, Staged, StoredFile
from finops_tui.sources.staging import Door, refusal
from finops_tui.sources.verify import identify
from finops_tui.store.refresh import LoadedFile, Refresh
from finops_tui.worker.batch import Batch, BatchFile
from finops_tui.worker.progress import Listener, ProgressFile, Step
from finops_tui.worker.report import FileReport, ImportReport, Outcome
from finops_tui.worker.signals import stoppable


def import_paths(
    paths: Paths,
    targets: Sequence[str | Path],
    progress: Listener | None = None,
    committed: Callable[[], None] | None = None,
) -> ImportReport:
    """Load the bills that `targets` name, in one commit: old or new total, whenever it is killed.

    Files that cannot be read are refused by name, the rest is loaded. UsageError: a target names nothing;
    LockedError: another refresh runs; StoreError: disk full or cache unusable.
    """
    found = discover(targets)
    files = tuple(BatchFile(path, str(path)) for path in found.files)
    report = load(paths, [Batch("files", files)], {}, progress, committed)
    unseen = tuple(FileReport.refused(str(problem.path), problem) for problem in found.problems)
    return ImportReport(unseen + report.files, report.generation)


def load(
    paths: Paths,
    batches: Iterable[Batch],
    compartments: Mapping[str, str],
    progress: Listener | None = None,
    committed: Callable[[], None] | None = None,
) -> ImportReport:
    """Load batches, one commit each; `committed` is called after each commit that changed something.

    `compartments`: OCID → path ("root/eng/ml"). Raises what `import_paths` raises, but UsageError.
    """
    note = ProgressFile(paths)
    reports: list[FileReport] = []
    generation = 0
    with stoppable(), Refresh(paths) as refresh:
        try:
            if compartments:
                refresh.name_compartments(compartments)
            for number, batch in enumerate(batches):
                folder = refresh.stage / f"batch-{number:04d}"
                rows = sum(file.rows for file in reports)
                reports += _Loading(refresh, batch, folder, rows, (note, progress)).run()
                outcome = refresh.commit()
                shutil.rmtree(folder, ignore_errors=True)
                if committed is not None and outcome.generation != generation:
                    committed()
                generation = outcome.generation
        finally:
            note.finish()
    return ImportReport(tuple(reports), generation)


class _Loading:
    """One batch on its way into the cache."""

    def __init__(
        self,
        refresh: Refresh,
        batch: Batch,
        folder: Path,
        rows: int,
        listeners: tuple[Listener | None, ...],
    ) -> None:
        self._refresh = refresh
        self._batch = batch
        self._folder = folder
        self._rows = rows
        self._listeners = tuple(listener for listener in listeners if listener is not None)
        self._reports: list[FileReport] = []
        self._known: dict[str, str] = {}
        self._meant: dict[Path, tuple[BatchFile, Outcome]] = {}

    def run(self) -> list[FileReport]:
        """Stage and add every file of the batch that is not in yet."""
        self._say()
        fresh = list(self._fresh())
        if fresh:
            with Door(self._folder) as door:
                for result in door.stage(fresh):
                    self._take(result)
        for name, sha256 in self._known.items():  # last: its twin may have been refused
            if self._refresh.known(sha256, name) == "same":
                self._refresh.admit(name, sha256)
        return self._reports

    def _fresh(self) -> Iterator[StoredFile]:
        """The files to read: neither in the cache nor the same bytes as one before in this batch."""
        seen: set[str] = set()
        for file in self._batch.files:
            try:
                stored = identify(file.path)
            except SourceError as error:
                self._done(FileReport.refused(file.name, refusal(file.path, error)))
                continue
            state = self._refresh.known(stored.sha256, file.name)
            if state == "same" or stored.sha256 in seen:
                self._known[file.name] = stored.sha256
                self._done(FileReport(file.name, Outcome.KNOWN))
                continue
            seen.add(stored.sha256)
            self._meant[file.path] = (file, Outcome.REPLACED if state == "changed" else Outcome.LOADED)
            yield stored

    def _take(self, result: Staged | Refusal) -> None:
        if isinstance(result, Refusal):
            file, _ = self._meant[result.path]
            self._done(FileReport.refused(file.name, result))
            return
        self._refresh.add(result.path, [self._loaded(reading) for reading in result.readings])
        for reading in result.readings:
            file, outcome = self._meant[reading.file.path]
            self._rows += reading.rows
            self._done(FileReport.of(file.name, reading, outcome))

    def _loaded(self, reading: FileReading) -> LoadedFile:
        file, _ = self._meant[reading.file.path]
        return LoadedFile(
            name=file.name,
            source=file.source,
            sha256=reading.file.sha256,
            size=reading.file.size,
            rows=reading.rows,
            rejected=reading.rejected,
            examples=reading.examples,
            rounded=reading.rounded,
            ignored=reading.ignored,
            arrived=file.arrived,
            unread=reading.unknown,
        )

    def _done(self, report: FileReport) -> None:
        self._reports.append(report)
        if report.outcome is Outcome.REFUSED:
            self._refresh.refuse(report.name, report.reason, report.hint)
        self._say()

    def _say(self) -> None:
        step = Step(self._batch.label, len(self._reports), len(self._batch.files), self._rows)
        for listener in self._listeners:
            listener(step)
