"""The machines and their volumes: always on, office hours, autoscaled nodes, batch, short-lived runners."""

from dataclasses import dataclass

import numpy as np

from finops_tui.sandbox.fleet import FOREVER, Fleet, Use
from finops_tui.sandbox.names import draws
from finops_tui.sandbox.usage import Shape


@dataclass(frozen=True)
class Kind:
    """A row of the table: so many machines of one make in one compartment."""

    name: str
    count: int
    path: str
    family: str
    ocpus: int
    memory: int
    shape: Shape = Shape.ALWAYS
    boot: int = 50
    data: int = 0
    region: int = 0
    tenancy: int = 0
    strength: float = 0.0
    life: str = "long"  # long: most of the history; short: weeks


_A, _O, _D, _B = Shape.ALWAYS, Shape.OFFICE, Shape.DEMAND, Shape.BATCH
MACHINES = (
    Kind("web", 7, "eng/web/prod", "e5", 8, 96, boot=100),
    Kind("web-stg", 3, "eng/web/staging", "e4", 2, 32, _O),
    Kind("web-dev", 6, "eng/web/dev", "e4", 2, 32, _O),
    Kind("api", 9, "eng/api/prod", "e5", 12, 192, boot=100, data=500),
    Kind("api-stg", 3, "eng/api/staging", "e4", 4, 64, _O),
    Kind("api-dev", 6, "eng/api/dev", "e4", 4, 32, _O),
    Kind("train-a100", 3, "eng/ml/training", "a100", 8, 2048, _B, boot=200, data=2000, strength=0.9),
    Kind("train-gpu", 5, "eng/ml/training", "a10", 2, 480, _B, boot=200, data=1000, strength=0.9),
    Kind("serve-gpu", 4, "eng/ml/serving", "a10", 1, 240, boot=200, data=500, region=1),
    Kind("nb", 8, "eng/ml/notebooks", "e5", 16, 256, _O, boot=200),
    Kind("mobile-bff", 4, "eng/mobile/prod", "a1", 8, 48),
    Kind("mobile-dev", 4, "eng/mobile/dev", "a1", 2, 12, _O),
    Kind("oke-prod", 26, "eng/platform/oke/prod", "e5", 32, 512, _D, boot=100, strength=0.34),
    Kind("oke-dev", 8, "eng/platform/oke/dev", "e4", 4, 64, _D, boot=100, strength=0.36),
    Kind("ci-runner", 110, "eng/platform/ci", "e4", 8, 64, _O, life="short"),
    Kind("ci-arm", 40, "eng/platform/ci", "a1", 8, 48, _O, life="short"),
    Kind("obs", 3, "eng/platform/observability", "x9", 8, 128, boot=100, data=2000),
    Kind("etl", 6, "data/warehouse/prod", "e5", 16, 256, _B, boot=100, strength=0.97),
    Kind("spark", 10, "data/lake/curated", "e5", 32, 512, _B, boot=200, strength=0.85, region=1),
    Kind("stream-worker", 4, "data/streaming", "e5", 4, 64),
    Kind("bi-gateway", 2, "data/bi", "win", 4, 32, boot=256),
    Kind("erp-app", 6, "apps/erp/prod", "x9", 12, 192, boot=200, data=1500, region=1),
    Kind("erp-test", 4, "apps/erp/test", "x7", 4, 60, _O, boot=200, data=500, region=1),
    Kind("crm-app", 3, "apps/crm", "win", 4, 64, boot=256, data=500),
    Kind("hr-app", 2, "apps/hr", "x7", 4, 60, boot=100, data=300),
    Kind("bastion", 2, "shared/network/hub", "micro", 1, 1),
    Kind("proxy", 2, "shared/network/hub", "x9", 4, 64, boot=100),
    Kind("dr-standby", 3, "shared/network/dr", "e4", 2, 32, region=1, boot=100, data=1000),
    Kind("scanner", 2, "shared/security", "e4", 4, 32),
    Kind("backup-proxy", 1, "shared/backup", "e4", 4, 32, data=4000),
    Kind("logship", 2, "shared/logging", "e4", 4, 32, data=1000),
    Kind("poc", 60, "sandbox/team-a", "e4", 4, 32, life="short"),
    Kind("try", 40, "sandbox/team-b", "a1", 4, 24, _O, life="short"),
    Kind("vision", 6, "experiments/vision", "a10", 2, 240, _B, boot=200, data=500, tenancy=1, strength=0.9),
    Kind("speech", 5, "experiments/speech", "e5", 16, 256, boot=100, data=500, tenancy=1),
    Kind("lab", 40, "experiments", "e4", 8, 64, _O, tenancy=1, life="short"),
    Kind("shop", 6, "shop/prod", "e5", 8, 128, boot=100, data=500, region=2, tenancy=2),
    Kind("shop-node", 8, "shop/prod", "e5", 8, 128, _D, boot=100, region=2, tenancy=2, strength=0.35),
    Kind("shop-test", 4, "shop/test", "e4", 2, 32, _O, region=2, tenancy=2),
    Kind("finance-app", 3, "finance/prod", "x9", 8, 128, boot=200, data=1000, region=2, tenancy=2),
    Kind("desk", 2, "support", "win", 2, 16, boot=256, region=2, tenancy=2),
)  # fmt: skip


def add_machines(fleet: Fleet, days: int) -> None:
    """All machines of the table, launched and retired over `days` days."""
    rng = draws(fleet.seed, "machines")
    for row, kind in enumerate(MACHINES):
        for number in range(kind.count):
            start, stop = _life(rng, kind.life, number, kind.count, days)
            _machine(fleet, kind, row, number, start, stop)


def _life(rng: np.random.Generator, life: str, number: int, count: int, days: int) -> tuple[int, int]:
    first, length, hour = rng.random(3)
    if life == "short":
        start = int(number / count * days * 24 + first * 240)
        return start, start + int(24 * (15 + 40 * length)) + int(hour * 12)
    if first < 0.22 and number:  # launched later, on some weekday morning
        return int((20 + length * 0.55 * days) * 24 + 8 + hour * 9), FOREVER
    if first > 0.92 and number:  # retired
        return -1, int((60 + length * 0.6 * days) * 24 + 8 + hour * 9)
    return -1, FOREVER


def _machine(fleet: Fleet, kind: Kind, row: int, number: int, start: int, stop: int) -> None:
    name = f"{kind.name}-{number + 1:02d}"
    strength = kind.strength
    if kind.shape is Shape.DEMAND:  # the first nodes are always needed, the last only at the peak
        strength += 0.62 * number / kind.count - 0.1
    drive = (kind.shape, strength, row)
    where = {"region": kind.region, "start": start, "stop": stop, "tenancy": kind.tenancy}
    machine = [Use(sku, amount, *drive) for sku, amount in _parts(kind)]
    if kind.family == "win" and kind.tenancy == 0:
        machine.append(Use("market.sql", kind.ocpus, *drive))
    fleet.add("instance", name, kind.path, machine, **where)
    follows = drive if kind.shape in (Shape.DEMAND, Shape.BATCH) else (Shape.ALWAYS, 0.0, 0)
    disk = "block.free" if kind.family == "micro" else "block.gb"
    boot = [Use(disk, kind.boot, *follows)]
    if kind.shape is Shape.ALWAYS and kind.boot >= 200:  # the others are "lower cost", without units
        boot.append(Use("block.vpu", kind.boot * 10, *follows))
    fleet.add("bootvolume", f"{name} (Boot Volume)", kind.path, boot, **where)
    if kind.data:
        speed = 20 if kind.family in ("x9", "a100") else 10
        data = [Use("block.gb", kind.data), Use("block.vpu", kind.data * speed)]
        fleet.add("volume", f"{name}-data", kind.path, data, **where)


def _parts(kind: Kind) -> list[tuple[str, float]]:
    """SKU and amount per hour of a machine's shape."""
    match kind.family:
        case "a100" | "a10":
            return [(f"gpu.{kind.family}", kind.ocpus)]
        case "micro":
            return [("micro", kind.ocpus)]
        case "x7":
            return [("x7.ocpu", kind.ocpus)]
        case "win":
            return [("e4.ocpu", kind.ocpus), ("e4.mem", kind.memory), ("windows", kind.ocpus)]
    return [(f"{kind.family}.ocpu", kind.ocpus), (f"{kind.family}.mem", kind.memory)]
