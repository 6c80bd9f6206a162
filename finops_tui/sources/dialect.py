"""How clouds spell the columns of a bill, and which of them become which FOCUS column.

By name, never by position. Sources: FOCUS 1.0-1.3; Oracle's FOCUS report (1.0-preview names and `oci_`
columns, with or without `x_`); Oracle's "Cost report schema" and the FinOps Foundation's mapping of it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from finops_tui.errors import SourceError
from finops_tui.focus import ROW_COLUMNS


class Dialect(StrEnum):
    """Whose words a file speaks."""

    FOCUS = "FOCUS"
    OCI_FOCUS = "OCI FOCUS report"
    OCI_COST_REPORT = "OCI cost report"


@dataclass(frozen=True)
class Plan:
    """Where the columns of a file go: FOCUS column → positions; the first that holds a value counts."""

    dialect: Dialect
    columns: dict[str, tuple[int, ...]]
    extras: dict[str, int]
    """What only the door looks at: correction flag, sub-category."""
    tags: tuple[tuple[str, int], ...]
    """Tag key → position, where each tag has a column of its own; sorted by key."""
    ignored: tuple[str, ...]


class NoBillError(SourceError):
    """A file that is no bill; `lacking` names the columns that a bill has and this file lacks."""

    def __init__(self, message: str, lacking: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.lacking = lacking


_FOCUS_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "provider_name": ("ProviderName", "Provider", "ServiceProviderName", "PublisherName", "Publisher"),
    "publisher_name": ("PublisherName", "Publisher"),
    "invoice_issuer_name": ("InvoiceIssuerName", "InvoiceIssuer"),
    "region_id": ("RegionId", "Region", "RegionName"),
    "consumed_quantity": ("ConsumedQuantity", "UsageQuantity"),
    "consumed_unit": ("ConsumedUnit", "UsageUnit"),
    "x_compartment_id": ("oci_CompartmentId", "x_oci_CompartmentId", "x_CompartmentId"),
    "x_compartment_name": ("oci_CompartmentName", "x_oci_CompartmentName", "x_CompartmentName"),
    "x_reference": ("oci_ReferenceNumber", "x_oci_ReferenceNumber", "x_Reference"),
    "x_back_reference": ("oci_BackReferenceNumber", "x_oci_BackReferenceNumber", "x_BackReference"),
}
"""FOCUS column → its names, the best first; a column that is not here has its FOCUS name alone."""

_FOCUS_EXTRAS: Final = {"charge_subcategory": "ChargeSubcategory"}

_COST_REPORT: Final[dict[str, tuple[str, ...]]] = {
    "charge_period_start": ("lineItem/intervalUsageStart",),
    "charge_period_end": ("lineItem/intervalUsageEnd",),
    "billing_account_id": ("cost/subscriptionId",),
    "sub_account_id": ("lineItem/tenantId",),
    "billing_currency": ("cost/currencyCode",),
    "charge_description": ("product/Description",),
    "billed_cost": ("cost/myCost",),
    "contracted_unit_price": ("cost/unitPrice",),
    "pricing_quantity": ("usage/billedQuantity",),
    "pricing_unit": ("cost/skuUnitDescription", "cost/billingUnitReadable"),
    "consumed_quantity": ("usage/consumedQuantity",),
    "consumed_unit": ("usage/consumedQuantityUnits",),
    "availability_zone": ("product/availabilityDomain",),
    "region_id": ("product/region",),
    "resource_id": ("product/resourceId",),
    "service_name": ("product/service",),
    "sku_id": ("cost/productSku",),
    "x_compartment_id": ("product/compartmentId",),
    "x_compartment_name": ("product/compartmentName",),
    "x_reference": ("lineItem/referenceNo",),
    "x_back_reference": ("lineItem/backreferenceNo",),
}
"""`cost/unitPrice` is the contract's price, not the list price; myCost and billedQuantity include overage."""

_COST_EXTRAS: Final = {"is_correction": "lineItem/isCorrection"}

_NEEDED: Final = ("billed_cost", "billing_currency", "charge_period_start")

_OCI_MARKS: Final = frozenset(
    {"ocireferencenumber", "xocireferencenumber", "ocicompartmentid", "xocicompartmentid"}
)


def folded(name: str) -> str:
    """A column name as it is compared: BilledCost, billed_cost and " Billed Cost" are one."""
    return re.sub(r"[^a-z0-9/]", "", name.lower())


def plan(names: Sequence[str]) -> Plan:
    """Where each of a file's columns goes. A NoBillError names what the file lacks to be a bill."""
    places = _places(names)
    if any(name.startswith("lineitem/") for name in places):
        dialect, aliases, extras = Dialect.OCI_COST_REPORT, _COST_REPORT, _COST_EXTRAS
        tags = _tag_columns(names)
    else:
        dialect = Dialect.OCI_FOCUS if _OCI_MARKS & places.keys() else Dialect.FOCUS
        aliases = {target: _FOCUS_ALIASES.get(target, (target,)) for target in ROW_COLUMNS}
        extras, tags = _FOCUS_EXTRAS, ()
    columns = {
        target: found
        for target, spelled in aliases.items()
        if (found := tuple(places[key][0] for name in spelled if (key := folded(name)) in places))
    }
    lacking = tuple(_spelling(aliases[target][0]) for target in _NEEDED if target not in columns)
    if lacking:
        raise NoBillError(_no_bill(places.keys(), lacking), lacking)
    _refuse_doubles(names, places, columns)
    own = {target: places[folded(name)][0] for target, name in extras.items() if folded(name) in places}
    used = {at for found in columns.values() for at in found} | set(own.values()) | {at for _, at in tags}
    ignored = tuple(name for at, name in enumerate(names) if at not in used and name.strip())
    return Plan(dialect, columns, own, tags, ignored)


def _places(names: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if key := folded(name):
            places.setdefault(key, []).append(at)
    return places


def _tag_columns(names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """The `tags/…` columns of a cost report: their keys may hold dots, spaces and backslashes."""
    keyed = ((name.strip().partition("/")[2], at) for at, name in enumerate(names) if _is_tag(name))
    unique: dict[str, int] = {}
    for key, at in keyed:
        unique.setdefault(key, at)
    return tuple(sorted((key, at) for key, at in unique.items() if key))


def _is_tag(name: str) -> bool:
    return name.strip().lower().startswith("tags/")


def _refuse_doubles(
    names: Sequence[str], places: dict[str, list[int]], columns: dict[str, tuple[int, ...]]
) -> None:
    """A column that is used must be there once: which of two costs to believe is not ours to guess."""
    used = {at for found in columns.values() for at in found}
    for positions in places.values():
        if len(positions) > 1 and used.intersection(positions):
            raise NoBillError(f"has the column {names[positions[0]].strip()} {len(positions)} times")


def _spelling(name: str) -> str:
    """billed_cost as FOCUS spells it; a name that is no snake_case stays."""
    return name if "/" in name else "".join(part.capitalize() for part in name.split("_"))


def _no_bill(present: Collection[str], lacking: tuple[str, ...]) -> str:
    if "lineitem/referenceno" in present:
        kind = "; it looks like a usage report of OCI (retired 2025), which holds no cost"
    elif "contractcommitmentid" in present:
        kind = "; it looks like the contract-commitment dataset of FOCUS 1.3"
    else:
        kind = ""
    noun = "column" if len(lacking) == 1 else "columns"
    return f"is no bill: it lacks the {noun} {', '.join(lacking)}{kind}"
