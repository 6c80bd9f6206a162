"""What the sample tenancies run: resources, the activities that drive them, and the meters that bill them."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from finops_tui.sandbox.names import REGIONS, Compartment, Region, Tenancy, draws, ocid
from finops_tui.sandbox.prices import INDEX
from finops_tui.sandbox.usage import Activities, Shape

FOREVER = 10**7
_TEAMS = {
    "eng/web": ("web", "CC-1010"), "eng/api": ("core-api", "CC-1020"), "eng/ml": ("ml", "CC-1100"),
    "eng/mobile": ("mobile", "CC-1030"), "eng/platform": ("platform", "CC-1200"), "data": ("data", "CC-2000"),
    "apps": ("business-apps", "CC-3000"), "shared": ("cloud-ops", "CC-9000"),
    "experiments": ("research", "CC-1500"), "shop": ("shop", "CC-5000"), "finance": ("finance", "CC-5100"),
}  # fmt: skip
_PEOPLE = (
    "default/terraform",
    "default/ci-runner",
    "default/m.okafor",
    "default/j.lindqvist",
    "default/a.rossi",
)


@dataclass(frozen=True)
class Resource:
    """A thing on the bill; hours from the origin, `stop` exclusive; a start below 0: before the history."""

    id: str
    name: str
    kind: str
    region: int
    domain: int
    compartment: int
    tenancy: int
    tags: str
    start: int
    stop: int


@dataclass(frozen=True)
class Meter:
    """A SKU of a resource: `amount` per hour at full activity, in the SKU's unit (or GB of a monthly one)."""

    resource: int
    activity: int
    sku: int
    amount: float
    category: str = "Usage"


@dataclass(frozen=True)
class Use:
    """What is asked of `Fleet.add`: a SKU, its amount, and what drives it."""

    sku: str
    amount: float
    shape: Shape = Shape.ALWAYS
    strength: float = 0.0
    group: int = 0
    category: str = "Usage"


def _identity(seed: int, kind: str, place: Region, name: str, words: tuple[object, ...]) -> str:
    """An OCID; as in real reports a metric namespace is its name, and a credit belongs to nothing."""
    match kind:
        case "metricnamespace":
            return name
        case "credit":
            return ""
    return ocid(seed, kind, place, name, *words)


@dataclass
class Fleet:
    """Collects resources while a world is built."""

    seed: int
    origin: date
    tenancies: tuple[Tenancy, ...]
    compartments: tuple[Compartment, ...]
    resources: list[Resource] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    _activities: list[tuple[int, float, int, int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._paths = {c.path: number for number, c in enumerate(self.compartments)}
        self._tag_draws = draws(self.seed, "tags")

    def add(
        self, kind: str, name: str, path: str, uses: list[Use], *,
        region: int = 0, start: int = -1, stop: int = FOREVER, tenancy: int = 0,
    ) -> int:  # fmt: skip
        """The number of the new resource. `path` is below the tenancy's root."""
        root = "root" if tenancy == 0 else self.tenancies[tenancy].name
        number = len(self.resources)
        where = self._paths[f"{root}/{path}" if path else root]
        place = REGIONS[region]
        identity = _identity(self.seed, kind, place, name, (path, tenancy, number))
        tags = self._tags(kind, path, start)
        self.resources.append(
            Resource(identity, name, kind, region, number % 3 + 1, where, tenancy, tags, start, stop)
        )
        known: dict[tuple[Shape, float, int], int] = {}
        for use in uses:
            key = (use.shape, use.strength, use.group)
            if key not in known:
                known[key] = len(self._activities)
                self._activities.append((*key, place.utc_offset, start, stop))
            self.meters.append(Meter(number, known[key], INDEX[use.sku], use.amount, use.category))
        return number

    def activities(self) -> Activities:
        """The activities as columns."""
        columns = list(zip(*self._activities, strict=True))
        shape, strength, group, offset, start, stop = columns
        return Activities(
            np.array(shape, np.int64), np.array(strength, np.float64), np.array(group, np.int64),
            np.array(offset, np.int64), np.array(start, np.int64), np.array(stop, np.int64),
        )  # fmt: skip

    def _tags(self, kind: str, path: str, start: int) -> str:
        """A JSON object with the gaps and spellings that real tags have; networks carry hardly any."""
        rng = self._tag_draws
        gap = rng.random(6)
        who = _PEOPLE[int(rng.integers(len(_PEOPLE)))]
        made = datetime.combine(self.origin, datetime.min.time()) + timedelta(
            hours=start if start >= 0 else -float(rng.integers(200, 9000)), seconds=float(rng.integers(3600)),
            milliseconds=float(rng.integers(1000)),
        )  # fmt: skip
        tags: dict[str, str] = {}
        if kind == "credit":
            return "{}"
        team, center = next((names for prefix, names in _TEAMS.items() if path.startswith(prefix)), ("", ""))
        env = next((part for part in path.split("/") if part in ("prod", "staging", "dev", "test")), "")
        bare = kind in ("vnic", "virtualcircuit", "natgateway", "drg") or gap[0] < 0.09
        if env and not bare and gap[1] > 0.06:
            tags["env"] = env.capitalize() if gap[2] < 0.05 else env
        if team and not bare and gap[3] > 0.1:
            tags["team"] = team.replace("-", " ") if gap[2] > 0.97 else team
        if team and not bare and gap[4] > 0.25:
            tags["cost-center"] = center
        if gap[5] > 0.04:
            tags["Oracle-Tags.CreatedBy"] = who
            tags["Oracle-Tags.CreatedOn"] = made.isoformat(timespec="milliseconds") + "Z"
        return json.dumps(tags, sort_keys=True, separators=(",", ":"))
