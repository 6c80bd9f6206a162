"""What goes wrong: two or three incidents a month, each with a known cause, drawn from the seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from finops_tui.sandbox.fleet import Fleet, Use
from finops_tui.sandbox.names import draws
from finops_tui.sandbox.usage import Floats, Shape, Window


@dataclass(frozen=True)
class Incident:
    """An incident: hours from the origin, `stop` exclusive.

    It either runs resources of its own (`added`) or changes the activity of existing ones (`touched`): times
    `factor`, reached over the whole duration if `ramp`, or held at full activity if `factor` is 0 and `hold`.
    """

    kind: str
    cause: str
    service: str
    path: str
    start: int
    stop: int
    added: tuple[int, ...] = ()
    touched: tuple[int, ...] = ()
    factor: float = 1.0
    ramp: bool = False
    hold: bool = False
    sku: str = ""


@dataclass(frozen=True)
class _When:
    """The draw of one incident: its month's first hour, a start day, and randomness of its own."""

    fleet: Fleet
    start: int
    rng: np.random.Generator

    def hours(self, low: int, high: int) -> int:
        return int(self.rng.integers(low * 24, high * 24))

    def named(self, *names: str) -> tuple[int, ...]:
        """Resources of the main tenancies whose name starts with one of the names, alive at the start."""
        return tuple(
            number
            for number, resource in enumerate(self.fleet.resources)
            if resource.name.startswith(names)
            and resource.start < self.start
            and resource.stop > self.start + 1000
        )


def _volumes(when: _When) -> Incident:
    gb, count = int(when.rng.integers(9, 17)) * 500, int(when.rng.integers(11, 17))
    stop = when.start + when.hours(16, 30)
    uses = [Use("block.gb", gb), Use("block.vpu", gb * 20)]
    run = int(when.rng.integers(10, 99))
    added = tuple(
        when.fleet.add(
            "volume", f"train-vol-{run}{n:02d}", "eng/ml/training", uses, start=when.start, stop=stop
        )
        for n in range(count)
    )
    cause = f"{count} volumes of {gb} GB were left behind by a training run"
    return Incident("level_shift", cause, "BLOCK_STORAGE", "root/eng/ml/training", when.start, stop, added)


def _egress(when: _When) -> Incident:
    factor = float(when.rng.integers(60, 120))
    cause = "a copy job read the log bucket through the internet endpoint"
    stop = when.start + int(when.rng.integers(14, 40))
    touched = when.named("export-logs-endpoint")
    return Incident("spike", cause, "NETWORK", "root/shared/logging", when.start, stop, (), touched, factor,
                    sku="egress")  # fmt: skip


def _sleepless(when: _When) -> Incident:
    stop = when.start + when.hours(12, 26)
    cause = "the evening stop of the notebook machines was switched off"
    return Incident("level_shift", cause, "COMPUTE", "root/eng/ml/notebooks", when.start, stop, (),
                    when.named("nb-"), hold=True, sku="e4.ocpu")  # fmt: skip


def _leak(when: _When) -> Incident:
    stop = when.start + when.hours(22, 34)
    cause = "ingest-v2 keeps its buffers, each call runs longer than the one before"
    return Incident("ramp", cause, "FUNCTIONS", "root/data/streaming", when.start, stop, (), when.named("ingest-v2"),
                    9.0, ramp=True, sku="fn.gbs")  # fmt: skip


def _gpus(when: _When) -> Incident:
    stop = when.start + when.hours(2, 4)
    cause = "a training job was left running over the weekend"
    return Incident("spike", cause, "COMPUTE", "root/eng/ml/training", when.start, stop, (), when.named("train-a100"),
                    hold=True, sku="gpu.a100")  # fmt: skip


def _autoscaler(when: _When) -> Incident:
    stop = when.start + when.hours(5, 11)
    cause = "the cluster autoscaler never scaled down: a pod without a disruption budget"
    return Incident("level_shift", cause, "COMPUTE", "root/eng/platform/oke/prod", when.start, stop, (),
                    when.named("oke-prod-"), hold=True, sku="e5.ocpu")  # fmt: skip


def _logging(when: _When) -> Incident:
    stop = when.start + when.hours(8, 20)
    cause = "debug logging was left on after a release"
    return Incident("level_shift", cause, "LOGGING", "root/shared/logging", when.start, stop, (),
                    when.named("app-logs"), 3.4, sku="log.gb")  # fmt: skip


def _database(when: _When) -> Incident:
    stop = when.start + when.hours(10, 28)
    cause = "orders was scaled up for a load test and not scaled back"
    return Incident("level_shift", cause, "DATABASE", "root/eng/api/prod", when.start, stop, (), when.named("orders"),
                    2.0, sku="atp.ecpu")  # fmt: skip


def _outage(when: _When) -> Incident:
    cause = "the web tier was down after a failed network change"
    stop = when.start + int(when.rng.integers(10, 22))
    return Incident("drop", cause, "COMPUTE", "root/eng/web/prod", when.start, stop, (), when.named("web-0"), 0.0,
                    sku="e5.ocpu")  # fmt: skip


def _analytics(when: _When) -> Incident:
    stop = when.start + when.hours(9, 24)
    name = f"bi-trial-{when.rng.integers(10, 99)}"
    added = when.fleet.add("analyticsinstance", name, "data/bi", [Use("oac", 3)], start=when.start, stop=stop)
    cause = "a trial instance was created for a workshop and forgotten"
    return Incident("new_spend", cause, "ANALYTICS", "root/data/bi", when.start, stop, (added,))


def _metrics(when: _When) -> Incident:
    stop = when.start + when.hours(6, 15)
    cause = "a metric label with a value per request multiplied the datapoints"
    return Incident("level_shift", cause, "TELEMETRY", "root/eng/platform/observability", when.start, stop, (),
                    when.named("custom_metrics"), 60.0, sku="monitor")  # fmt: skip


def _requests(when: _When) -> Incident:
    stop = when.start + when.hours(3, 9)
    cause = "a sync loop lists the lake bucket every second"
    return Incident("spike", cause, "OBJECTSTORE", "root/data/lake/raw", when.start, stop, (), when.named("lake-raw"),
                    25.0, sku="object.req")  # fmt: skip


def _copies(when: _When) -> Incident:
    stop = when.start + when.hours(15, 32)
    cause = "the nightly database copies have lost their lifecycle rule"
    return Incident("ramp", cause, "OBJECTSTORE", "root/data/warehouse/prod", when.start, stop, (),
                    when.named("dwh-stage"), 3.0, ramp=True, sku="object.gb")  # fmt: skip


def _clone(when: _When) -> Incident:
    stop = when.start + when.hours(7, 18)
    name = f"erp-clone-{when.rng.integers(10, 99)}"
    uses = [Use("atp.ecpu", 24), Use("atp.gb", 4000, Shape.GROWTH, 0.0)]
    added = when.fleet.add(
        "autonomousdatabase", name, "apps/erp/test", uses, region=1, start=when.start, stop=stop
    )
    cause = "a full clone of the production database was made for a test"
    return Incident("new_spend", cause, "DATABASE", "root/apps/erp/test", when.start, stop, (added,))


LOUD: tuple[Callable[[_When], Incident], ...] = (_volumes, _egress, _sleepless, _leak)
OTHERS: tuple[Callable[[_When], Incident], ...] = (
    _gpus, _autoscaler, _logging, _database, _outage, _analytics, _metrics, _requests, _copies, _clone,
)  # fmt: skip


def draw_incidents(fleet: Fleet, months: Sequence[tuple[date, int]]) -> tuple[Incident, ...]:
    """The incidents of each (month, its first hour); their own resources are added to the fleet.

    The loud kinds take turns, one a month, so that any six weeks hold something worth seeing.
    """
    rng = draws(fleet.seed, "incidents")
    loud = rng.permutation(len(LOUD))
    others = rng.permutation(len(OTHERS))
    found, turn = [], 0
    for number, (month, first) in enumerate(months):
        own = draws(fleet.seed, "incident", month.isoformat())
        start = first + int(own.integers(2 * 24, 13 * 24))
        found.append(LOUD[loud[number % len(LOUD)]](_When(fleet, start, own)))
        for slot in range(2 if own.random() < 0.6 else 1):
            start = first + int(own.integers((6 + slot * 9) * 24, (14 + slot * 9) * 24))
            found.append(OTHERS[others[turn % len(OTHERS)]](_When(fleet, start, own)))
            turn += 1
    return tuple(found)


def apply(incident: Incident, activities: Sequence[int], span: Window, found: Floats) -> None:
    """Changes the factors of the incident's activities within the window, in place."""
    first = max(incident.start - span.first_hour, 0)
    last = min(incident.stop - span.first_hour, span.hours)
    if first >= last:
        return
    for row in activities:
        part = found[row, first:last]
        if incident.hold:
            part[:] = 1.0
        elif incident.ramp:
            past = span.first_hour + np.arange(first, last) - incident.start
            part *= 1 + (incident.factor - 1) * past / (incident.stop - incident.start)
        else:
            part *= incident.factor
