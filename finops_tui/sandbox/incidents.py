"""What goes wrong: two or three incidents a month, each with a known cause, drawn from the seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from finops_tui.sandbox.fleet import Fleet, Use
from finops_tui.sandbox.names import draws
from finops_tui.sandbox.prices import INDEX
from finops_tui.sandbox.usage import Floats, Shape, Window


@dataclass(frozen=True)
class Change:
    """What an incident does to the activities of existing resources: times `factor`, at once or as a `ramp`
    over the whole duration, or, if `hold`, everything runs at its full amount."""

    factor: float = 1.0
    ramp: bool = False
    hold: bool = False


@dataclass(frozen=True)
class Incident:
    """An incident: hours from the origin, `stop` exclusive. It runs resources of its own (`added`) or changes
    activities (numbers in `activities`) of existing ones (`touched`)."""

    kind: str
    cause: str
    service: str
    path: str
    start: int
    stop: int
    added: tuple[int, ...] = ()
    touched: tuple[int, ...] = ()
    activities: tuple[int, ...] = ()
    change: Change = Change()

    @property
    def resources(self) -> tuple[int, ...]:
        return self.added + self.touched


@dataclass(frozen=True)
class Recipe:
    """An incident that changes existing resources, those whose name starts with `name`: the meters of `skus`.

    It lasts `low` to `high` hours.
    """

    kind: str
    service: str
    path: str
    name: str
    skus: tuple[str, ...]
    change: Change
    low: int
    high: int
    cause: str

    def happen(self, fleet: Fleet, start: int, rng: np.random.Generator) -> Incident:
        stop = start + int(rng.integers(self.low, self.high))
        wanted = {INDEX[sku] for sku in self.skus}
        resources, activities = set(), set()
        for meter in fleet.meters:
            thing = fleet.resources[meter.resource]
            lives = thing.start < start and thing.stop > stop and thing.tenancy == 0
            if meter.sku in wanted and lives and thing.name.startswith(self.name):
                resources.add(meter.resource)
                activities.add(meter.activity)
        return Incident(
            self.kind, self.cause, self.service, self.path, start, stop, (), tuple(sorted(resources)),
            tuple(sorted(activities)), self.change,
        )  # fmt: skip


def _left_volumes(fleet: Fleet, start: int, rng: np.random.Generator) -> Incident:
    gb, count, run = int(rng.integers(9, 17)) * 500, int(rng.integers(11, 17)), int(rng.integers(10, 99))
    stop = start + int(rng.integers(16 * 24, 30 * 24))
    uses = [Use("block.gb", gb), Use("block.vpu", gb * 20)]
    names = [f"train-vol-{run}{number:02d}" for number in range(count)]
    path = "eng/ml/training"
    added = tuple(fleet.add("volume", name, path, uses, start=start, stop=stop) for name in names)
    cause = f"{count} volumes of {gb} GB were left behind by a training run"
    return Incident("level_shift", cause, "BLOCK_STORAGE", f"root/{path}", start, stop, added)


def _forgotten_trial(fleet: Fleet, start: int, rng: np.random.Generator) -> Incident:
    stop = start + int(rng.integers(9 * 24, 24 * 24))
    name = f"bi-trial-{rng.integers(10, 99)}"
    added = fleet.add("analyticsinstance", name, "data/bi", [Use("oac", 3)], start=start, stop=stop)
    cause = "a trial instance was created for a workshop and forgotten"
    return Incident("new_spend", cause, "ANALYTICS", "root/data/bi", start, stop, (added,))


def _full_clone(fleet: Fleet, start: int, rng: np.random.Generator) -> Incident:
    stop = start + int(rng.integers(7 * 24, 18 * 24))
    uses = [Use("atp.ecpu", 24), Use("atp.gb", 4000, Shape.GROWTH, 0.0)]
    name, path = f"erp-clone-{rng.integers(10, 99)}", "apps/erp/test"
    added = fleet.add("autonomousdatabase", name, path, uses, region=1, start=start, stop=stop)
    cause = "a full clone of the production database was made for a test"
    return Incident("new_spend", cause, "DATABASE", f"root/{path}", start, stop, (added,))


_HOLD = Change(hold=True)
_DAY = 24
_Draw = Callable[[Fleet, int, np.random.Generator], Incident]
LOUD: tuple[_Draw, ...] = (
    _left_volumes,
    Recipe(
        "spike", "NETWORK", "root/shared/logging", "export-logs", ("egress",), Change(1200.0), 14, 40,
        "a copy job read the log bucket through the internet endpoint",
    ).happen,
    Recipe(
        "level_shift", "COMPUTE", "root/eng/ml/notebooks", "nb-", ("e5.ocpu",), _HOLD, 12 * _DAY, 26 * _DAY,
        "the evening stop of the notebook machines was switched off",
    ).happen,
    Recipe(
        "ramp", "FUNCTIONS", "root/data/streaming", "ingest-v2", ("fn.gbs",), Change(6.0, ramp=True),
        22 * _DAY, 34 * _DAY, "ingest-v2 keeps its buffers, each call runs longer than the one before",
    ).happen,
)  # fmt: skip
"""One of these each month, in turns, so that any six weeks hold something worth seeing."""

OTHERS: tuple[_Draw, ...] = (
    _forgotten_trial,
    _full_clone,
    Recipe(
        "spike", "COMPUTE", "root/eng/ml/training", "train-a100", ("gpu.a100", "block.gb"), _HOLD, 2 * _DAY,
        4 * _DAY, "a training job was left running over the weekend",
    ).happen,
    Recipe(
        "level_shift", "COMPUTE", "root/eng/platform/oke/prod", "oke-prod-", ("e5.ocpu", "block.gb"), _HOLD,
        5 * _DAY, 11 * _DAY, "the cluster autoscaler did not scale down: a pod without a disruption budget",
    ).happen,
    Recipe(
        "level_shift", "LOGGING", "root/shared/logging", "app-logs", ("log.gb",), Change(4.0), 8 * _DAY,
        20 * _DAY, "debug logging was left on after a release",
    ).happen,
    Recipe(
        "level_shift", "DATABASE", "root/eng/api/prod", "orders", ("atp.ecpu",), Change(2.0), 10 * _DAY,
        28 * _DAY, "orders was scaled up for a load test and not scaled back",
    ).happen,
    Recipe(
        "drop", "COMPUTE", "root/eng/api/prod", "api-0", ("e5.ocpu",), Change(0.0), 22, 40,
        "the API tier was down after a failed network change",
    ).happen,
    Recipe(
        "level_shift", "TELEMETRY", "root/eng/platform/observability", "custom_metrics", ("monitor",),
        Change(500.0), 6 * _DAY, 15 * _DAY,
        "a metric label with a value per request multiplied the datapoints",
    ).happen,
    Recipe(
        "spike", "OBJECTSTORE", "root/data/lake/raw", "lake-raw", ("object.req",), Change(40.0), 2 * _DAY,
        5 * _DAY, "a sync loop lists the lake bucket every second",
    ).happen,
    Recipe(
        "ramp", "OBJECTSTORE", "root/data/warehouse/prod", "dwh-stage", ("object.gb",),
        Change(3.0, ramp=True), 15 * _DAY, 32 * _DAY,
        "the nightly database copies have lost their lifecycle rule",
    ).happen,
)  # fmt: skip


def draw_incidents(fleet: Fleet, months: Sequence[tuple[date, int]]) -> tuple[Incident, ...]:
    """The incidents of each (month, its first hour); their own resources are added to the fleet."""
    rng = draws(fleet.seed, "incidents")
    loud, others = rng.permutation(len(LOUD)), rng.permutation(len(OTHERS))
    found: list[Incident] = []
    turn = 0
    for number, (month, first) in enumerate(months):
        own = draws(fleet.seed, "incident", month.isoformat())
        start = first + int(own.integers(2 * 24, 13 * 24))
        found.append(LOUD[loud[number % len(LOUD)]](fleet, start, own))
        for slot in range(2 if own.random() < 0.6 else 1):
            start = first + int(own.integers((6 + slot * 9) * 24, (14 + slot * 9) * 24))
            found.append(OTHERS[others[turn % len(OTHERS)]](fleet, start, own))
            turn += 1
    return tuple(found)


def apply(incident: Incident, span: Window, found: Floats) -> None:
    """Changes the factors of the incident's activities within the window, in place."""
    first = max(incident.start - span.first_hour, 0)
    last = min(incident.stop - span.first_hour, span.hours)
    change, rows = incident.change, np.array(incident.activities, np.int64)
    if first >= last or not len(rows):
        return
    if change.hold:
        found[rows, first:last] = 1.0
    elif change.ramp:
        past = span.first_hour + np.arange(first, last) - incident.start
        found[rows, first:last] *= 1 + (change.factor - 1) * past / (incident.stop - incident.start)
    else:
        found[rows, first:last] *= change.factor
