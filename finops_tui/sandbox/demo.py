"""The sample tenancy as report files, newest month first: what `--demo` loads."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from finops_tui.errors import StoreError
from finops_tui.focus import Source
from finops_tui.sandbox.origin import origin_of
from finops_tui.sandbox.reports import Part, daily_parts, report_parts
from finops_tui.sandbox.world import build, world_of
from finops_tui.worker.batch import Batch, BatchFile

RETENTION_DAYS = 60
_SETTLED_DAYS = 3


def compartment_paths(seed: int, anchor: date) -> Mapping[str, str]:
    """Compartment OCID → full path, as the identity service knows them ("root/eng/ml")."""
    return {compartment.id: compartment.path for compartment in build(seed, origin_of(anchor)).compartments}


def batches(
    seed: int, anchor: date, as_of: date, folder: Path, retention_days: int = RETENTION_DAYS
) -> Iterator[Batch]:
    """The files that exist at `as_of` 00:00 UTC, a batch per month, newest first, written when asked for.

    The last `retention_days` days come as report objects with hourly lines, older days as daily lines of the
    Usage API; a UTC day is in exactly one of the two. UsageError: the world has no such day;
    StoreError: `folder` cannot be written.
    """
    world = world_of(seed, anchor, as_of)
    now = datetime.combine(as_of, datetime.min.time())
    first = as_of - timedelta(days=max(retention_days, _SETTLED_DAYS))
    for month in reversed([m for m in world.months if m < as_of]):
        charges = world.month(month)
        if charges.span.days > (first - month).days:
            parts = report_parts(world, charges, first, now)
            files = tuple(_written(part, folder, Source.FOCUS_REPORT) for part in parts)
            if files:
                yield Batch(f"reports, {month:%B %Y}", files)
        files = tuple(
            _written(part, folder, Source.USAGE_API) for part in daily_parts(world, charges, first, now)
        )
        if files:
            yield Batch(f"usage, {month:%B %Y}", files)


def _written(part: Part, folder: Path, source: Source) -> BatchFile:
    path = folder / part.name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(part.body)
    except OSError as error:
        raise StoreError(
            f"The sample tenancy's files cannot be written to {folder}: {error.strerror}.",
            "Free some 100 MB there, or use another --home.",
        ) from error
    return BatchFile(path, part.name, source, part.arrived)
