"""Names and identities: the draw of every random number, OCIDs, tenancies, regions, compartments."""

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"


def draws(seed: int, *words: object) -> np.random.Generator:
    """A generator that depends on the seed and the purpose alone, so any window is drawn on its own."""
    text = "/".join(str(word) for word in (seed, *words))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])))


def unique(seed: int, *words: object, length: int = 60, prefix: str = "") -> str:
    """A unique part as OCI writes it: lower-case base 32, 60 characters with its prefix."""
    text = "/".join(str(word) for word in (seed, *words))
    digest = hashlib.sha512(text.encode()).digest()
    return prefix + "".join(_BASE32[byte & 31] for byte in digest[: length - len(prefix)])


@dataclass(frozen=True)
class Region:
    """A region: name, name of its zones, key in OCIDs, prefix of unique parts, offset of local time."""

    name: str
    zone: str
    key: str
    prefix: str
    utc_offset: int


REGIONS: Final = (
    Region("us-ashburn-1", "US-ASHBURN", "iad", "anuwcljt", -5),
    Region("us-phoenix-1", "PHX", "phx", "anyhqljt", -7),
    Region("eu-frankfurt-1", "EU-FRANKFURT-1", "eu-frankfurt-1", "antheljt", 1),
)
_PLAIN: Final = frozenset(
    {"loadbalancer", "vcn", "cluster", "nodepool", "drg", "virtualcircuit", "natgateway"}
)
_VOLUMES: Final = frozenset({"volume", "bootvolume", "vnic"})


def ocid(seed: int, kind: str, region: Region | None, *words: object) -> str:
    """An OCID of a kind; the unique part starts as OCI's do: `aaaaaaaa`, `ab…` (volumes), `an…`."""
    if region is None or kind in _PLAIN:
        prefix = "aaaaaaaa"
    elif kind in _VOLUMES:
        prefix = "ab" + region.prefix[2:7] + "r"
    else:
        prefix = region.prefix
    return f"ocid1.{kind}.oc1.{region.key if region else ''}.{unique(seed, kind, *words, prefix=prefix)}"


@dataclass(frozen=True)
class Tenancy:
    """A tenancy: its OCID is the sub account, the subscription number the billing account."""

    id: str
    name: str
    currency: str
    subscription: str


@dataclass(frozen=True)
class Compartment:
    """A compartment; `path` starts at "root" (the main tenancy) or at the child tenancy's name."""

    id: str
    name: str
    path: str
    tenancy: int


_COMPANIES: Final = (
    "acme",
    "borealis",
    "cobalt",
    "deltaworks",
    "everline",
    "fernhill",
    "granite",
    "harbourly",
)
TREE: Final = (  # noqa: SIM905
    "eng/web/prod eng/web/staging eng/web/dev eng/api/prod eng/api/staging eng/api/dev eng/ml/training "
    "eng/ml/serving eng/ml/notebooks eng/mobile/prod eng/mobile/dev eng/platform/oke/prod "
    "eng/platform/oke/dev eng/platform/ci eng/platform/observability data/warehouse/prod data/warehouse/dev "
    "data/lake/raw data/lake/curated data/streaming data/bi apps/erp/prod apps/erp/test apps/crm apps/hr "
    "shared/network/hub shared/network/dr shared/security shared/backup shared/logging sandbox/team-a "
    "sandbox/team-b"
).split()
_LABS: Final = ("experiments", "experiments/vision", "experiments/speech")
_EMEA: Final = ("shop/prod", "shop/test", "finance/prod", "support")


def tenancies(seed: int) -> tuple[Tenancy, ...]:
    """The main tenancy, a child in the same currency, a child billed in euro."""
    rng = draws(seed, "company")
    company = _COMPANIES[int(rng.integers(len(_COMPANIES)))]
    numbers = rng.integers(10_000_000, 99_999_999, 2)
    return tuple(
        Tenancy(ocid(seed, "tenancy", None, name), name, currency, str(numbers[contract]))
        for name, currency, contract in (
            (f"{company}-prod", "USD", 0),
            (f"{company}-labs", "USD", 0),
            (f"{company}-emea", "EUR", 1),
        )
    )


def compartments(seed: int, accounts: tuple[Tenancy, ...]) -> tuple[Compartment, ...]:
    """Every compartment, roots first in their tree; a root compartment is its tenancy."""
    found: list[Compartment] = []
    for number, (account, leaves) in enumerate(zip(accounts, (TREE, _LABS, _EMEA), strict=True)):
        root = "root" if number == 0 else account.name
        found.append(Compartment(account.id, account.name, root, number))
        known = {root}
        for leaf in leaves:
            path = root
            for part in leaf.split("/"):
                path = f"{path}/{part}"
                if path not in known:
                    known.add(path)
                    found.append(Compartment(ocid(seed, "compartment", None, path), part, path, number))
    return tuple(found)
