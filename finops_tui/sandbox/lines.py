"""The text of report lines: OCI's FOCUS report, 1.0-preview names, 49 columns, as gzip-compressed CSV.

OCI leaves ResourceName empty; here it is filled in: nothing else tells names until an inventory does.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from finops_tui.sandbox.names import REGIONS, unique
from finops_tui.sandbox.prices import COST_DIGITS, SKUS
from finops_tui.sandbox.usage import Ints, Window
from finops_tui.sandbox.world import World, month_starts

COLUMNS: Final = (  # noqa: SIM905
    "AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd "
    "BillingPeriodStart ChargeCategory ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart "
    "ChargeSubcategory CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName "
    "CommitmentDiscountType EffectiveCost InvoiceIssuer ListCost ListUnitPrice PricingCategory "
    "PricingQuantity PricingUnit Provider Publisher Region ResourceId ResourceName ResourceType "
    "ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags UsageQuantity UsageUnit "
    "oci_ReferenceNumber oci_CompartmentId oci_CompartmentName oci_OverageFlag oci_UnitPriceOverage "
    "oci_BilledQuantityOverage oci_CostOverage oci_AttributedUsage oci_AttributedCost oci_BackReferenceNumber"
).split()
"""In the order of the report; source: Oracle's own loader, focus2adw (usage-reports-to-adw, 2026-08)."""

_HEADER: Final = (",".join(COLUMNS) + "\n").encode()
_FREQUENCY: Final = {"Usage": "Usage-based", "Purchase": "Recurring", "Credit": "One-Time"}


@dataclass(frozen=True)
class Block:
    """Lines to write, as columns: meter, prices, the period's first hour in the window, quantity."""

    meter: Ints
    price: Ints
    list_price: Ints
    hour: Ints
    quantity: Ints
    back: bool = False
    """These are corrections: each refers back to the line of the same meter, price and hour."""


def decimal(number: int, digits: int) -> str:
    """A whole number of 10**-digits as plain decimal text, exactly."""
    sign, number = ("-", -number) if number < 0 else ("", number)
    whole, part = divmod(number, 10**digits)
    text = f"{part:0{digits}d}".rstrip("0")
    return f"{sign}{whole}.{text}" if text else f"{sign}{whole}"


class Writer:
    """Writes the lines of one month of a world; `hours` is the length of a line's charge period (1 or 24)."""

    def __init__(self, world: World, span: Window, hours: int) -> None:
        self._world, self._span, self._hours = world, span, hours
        start = datetime.combine(span.month, datetime.min.time())
        first = [start + timedelta(hours=hour) for hour in range(span.hours)]
        self._periods = [f"{_time(at + timedelta(hours=hours))},{_time(at)}".encode() for at in first]
        self._numbers = [f"{span.first_hour + hour:06x}".encode() for hour in range(span.hours)]
        following = month_starts(span.month, 2)[1]
        self._month = f"{_date(following)},{_date(span.month)}"
        self._meters: dict[int, tuple[str, ...]] = {}

    def gzip(self, block: Block) -> bytes:
        """A complete csv.gz of the lines, in the order meter, price, hour."""
        order = np.lexsort((block.hour, block.price, block.meter))
        meter, price, hour = block.meter[order], block.price[order], block.hour[order]
        keys = np.stack([meter, price, block.list_price[order], block.quantity[order]])
        change = np.ones(len(order), bool)  # equal neighbours share their text
        change[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        texts = [self._texts(m, p, at, q, block.back) for m, p, at, q in keys[:, change].T.tolist()]
        which = (np.cumsum(change) - 1).tolist()
        periods, numbers = self._periods, self._numbers
        pieces: list[bytes] = [_HEADER]
        for number, at in zip(which, hour.tolist(), strict=True):
            head, middle, tail, last = texts[number]
            pieces += (head, periods[at], middle, numbers[at], tail)
            if block.back:
                pieces.append(numbers[at])
            pieces.append(last)
        pack = zlib.compressobj(1, zlib.DEFLATED, 31)
        return pack.compress(b"".join(pieces)) + pack.flush()

    def _texts(self, meter: int, price: int, listed: int, quantity: int, back: bool) -> tuple[bytes, ...]:
        """The pieces of a line around its period and reference numbers."""
        zone, account, what, thing, sub, reference, place = self._of(meter)
        cost = decimal(quantity * price, COST_DIGITS)
        at_list = decimal(quantity * listed, COST_DIGITS)
        effective = "0" if self._world.meters[meter].category == "Usage" else cost  # as in real reports
        used = decimal(quantity, 6)
        unit = SKUS[self._world.meters[meter].sku].unit
        number = f"{reference}{'p' if price else 'f'}{'d' if self._hours == 24 else 'h'}"
        head = f"{zone},{cost},{account},{self._month},{what},"
        middle = (
            f",,,,,,{effective},,{at_list},{decimal(listed, 8)},,{used},{unit},Oracle,{thing},{sub},"
            f"{used},{unit},{number}{'c' if back else ''}"
        )
        tail = f",{place},N,,,,{used},{cost}," + (number if back else "")
        return head.encode(), middle.encode(), tail.encode(), b"\n"

    def _of(self, meter: int) -> tuple[str, ...]:
        """What every line of a meter repeats."""
        if meter not in self._meters:
            world, row = self._world, self._world.meters[meter]
            resource, sku = world.resources[row.resource], SKUS[row.sku]
            tenancy, region = world.tenancies[resource.tenancy], REGIONS[resource.region]
            place = world.compartments[resource.compartment]
            zonal = resource.kind in ("instance", "volume", "bootvolume", "filesystem")
            one_time = sku.key == "market.once"
            publisher = "Lanternfield" if row.category == "Purchase" else "Oracle"
            thing = f"{resource.id},{resource.name},{resource.kind}" if resource.id else ",,"
            self._meters[meter] = (
                f"{tenancy.id[-4:]}:{region.zone}-AD-{resource.domain}" if zonal else "",
                f"{tenancy.subscription},,{tenancy.currency}",
                f"{row.category},{sku.description},{'One-Time' if one_time else _FREQUENCY[row.category]}",
                f"{publisher},{region.name},{thing},{sku.category},{sku.service},{sku.part},",
                f"{tenancy.id},{tenancy.name},{_quoted(resource.tags)}",
                unique(world.seed, "line", meter, length=26),
                f"{place.id},{place.name}",
            )
        return self._meters[meter]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if json.loads(text) else "{}"


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%MZ")


def _date(day: date) -> str:
    return f"{day.isoformat()}T00:00Z"
