"""What the store tells besides money: sources, files, changed days, one resource's story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from finops_tui.focus import Source


@dataclass(frozen=True)
class SourceStatus:
    """What one source has delivered for one account."""

    source: Source
    provider: str | None
    account: str | None
    name: str | None
    """The account's name, where the bill says one."""
    first_day: date | None
    last_day: date | None
    complete_through: date | None
    """The last complete UTC day, inclusive; None: not one day yet."""
    rows: int
    files: int
    last_success: datetime | None
    """When lines of this source were last loaded, naive UTC."""
    last_error: str | None = None


@dataclass(frozen=True)
class FileStatus:
    """One loaded file and what reading it found."""

    name: str
    source: Source
    rows: int
    size: int
    sha256: str
    loaded: datetime | None
    """When it became visible, naive UTC."""
    arrived: datetime | None
    """When the source published it; None: imported."""
    rejected: Mapping[str, int]
    """Reason → lines that were left out."""
    examples: tuple[str, ...]
    """A few rejected values, hostile text: escape before showing."""
    rounded: int
    """Amounts with more than 18 decimals."""
    ignored: tuple[str, ...]
    """Columns of the file that are not kept."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """FOCUS column → cells that hold something unreadable; they count as unknown, never as 0."""


@dataclass(frozen=True)
class FileRefusal:
    """A file that was not loaded when it was last tried. Forgotten once a file of this name is in."""

    name: str
    """Path or object name; hostile text, like the reason: escape before showing."""
    reason: str
    hint: str
    """What to do about it; may be empty."""
    at: datetime
    """When it was tried, naive UTC."""


@dataclass(frozen=True)
class DayChange:
    """A past day whose cost was different when it was loaded again."""

    day: date
    provider: str | None
    account: str | None
    service: str | None
    currency: str | None
    old: Decimal | None
    new: Decimal | None
    seen: datetime | None
    reason: str


@dataclass(frozen=True)
class DayCost:
    """One day's cost in one currency. `cost` None: unknown."""

    day: date
    currency: str | None
    cost: Decimal | None
    provisional: bool


@dataclass(frozen=True)
class SkuCost:
    """What one SKU of a resource cost over everything the cache holds."""

    sku: str | None
    name: str | None
    """The charge's description."""
    currency: str | None
    unit: str | None
    cost: Decimal | None
    quantity: Decimal | None
    unit_price: Decimal | None
    """Cost ÷ quantity on the newest complete day with usage, rounded to 12 decimals."""
    first_day: date
    last_day: date


@dataclass(frozen=True)
class PriceChange:
    """A day from which a SKU's unit price (billed cost ÷ quantity of the day's usage) was another one."""

    day: date
    sku: str | None
    name: str | None
    unit: str | None
    currency: str | None
    old: Decimal
    new: Decimal


@dataclass(frozen=True)
class ResourceFacts:
    """One resource over time: everything the Resource screen says before its lines."""

    resource_id: str
    name: str | None
    type: str | None
    first_seen: date | None
    last_seen: date | None
    provider: str | None
    account: str | None
    account_name: str | None
    services: tuple[str, ...]
    compartment: str | None
    """Full path where known, of the newest day."""
    region: str | None
    tags: Mapping[str, str]
    """Tags of the newest day."""
    skus: tuple[SkuCost, ...]
    """Largest cost first."""
    prices: tuple[PriceChange, ...]
    """Newest first."""
    daily: tuple[DayCost, ...]
    """Days with charges, oldest first."""
    totals: Mapping[str | None, Decimal | None]
    """Billed cost per currency."""
    lines: int
    generation: int
