"""How lines become the daily table: its dimensions, its sums, and the keys that stand for long identities."""

from typing import Final

from finops_tui.focus import MONEY

DIMENSIONS: Final[dict[str, str]] = {
    "day": "CAST(charge_period_start AS DATE)",
    "provider_name": "provider_name",
    "account_id": "coalesce(nullif(sub_account_id, ''), nullif(billing_account_id, ''))",
    "service_name": "service_name",
    "service_category": "service_category",
    "sku_id": "sku_id",
    "x_compartment_id": "coalesce(nullif(x_compartment_id, ''), nullif(x_compartment_name, ''))",
    "region_id": "region_id",
    "resource_key": "md5_number_lower(nullif(resource_id, ''))",
    "tagset_key": "md5_number_lower(tags)",
    "charge_category": "charge_category",
    "charge_class": "charge_class",
    "unit": "coalesce(pricing_unit, consumed_unit)",
    "billing_currency": "billing_currency",
    "x_source": "x_source",
}
"""Column of the daily table → its SQL over a stored line (whose `tags` are canonical JSON text or NULL)."""

AMOUNTS: Final[dict[str, str]] = {
    "billed_cost": "billed_cost",
    "effective_cost": "effective_cost",
    "list_cost": "list_cost",
    "contracted_cost": "contracted_cost",
    "quantity": "coalesce(pricing_quantity, consumed_quantity)",
}
"""Summed column → its SQL over a stored line. DECIMAL(38,18); a NULL is unknown and counted, never 0."""

UNKNOWN: Final[dict[str, str]] = {
    "billed_cost": "billed_unknown",
    "effective_cost": "effective_unknown",
    "list_cost": "list_unknown",
    "contracted_cost": "contracted_unknown",
    "quantity": "quantity_unknown",
}
"""Summed column → the column that counts the lines where it is unknown."""

DAILY_COLUMNS: Final = (*DIMENSIONS, *AMOUNTS, "lines", *UNKNOWN.values())
NOT_IN_ROLLUP: Final = frozenset(
    ("sku_id", "resource_key", "tagset_key", "unit", "quantity", UNKNOWN["quantity"])
)
ROLLUP_COLUMNS: Final = tuple(name for name in DAILY_COLUMNS if name not in NOT_IN_ROLLUP)


def summed_lines(lines: str) -> str:
    """SQL: the relation `lines` (LINE_COLUMNS, canonical tags) summed to daily rows, exactly."""
    # A key is taken once per group and not per line: md5 costs more than to group by the text itself.
    texts = {"resource_key": "nullif(resource_id, '')", "tagset_key": "tags"}
    dimensions = ", ".join(f"{texts.get(name, sql)} AS {name}" for name, sql in DIMENSIONS.items())
    keys = ", ".join(f"md5_number_lower({name}) AS {name}" for name in texts)
    sums = ", ".join(f"CAST(sum({sql}) AS {MONEY}) AS {name}" for name, sql in AMOUNTS.items())
    unknown = ", ".join(
        f"CAST(count(*) - count({AMOUNTS[name]}) AS BIGINT) AS {count}" for name, count in UNKNOWN.items()
    )
    summed = f"SELECT {dimensions}, {sums}, count(*) AS lines, {unknown} FROM {lines} GROUP BY ALL"
    return f"SELECT * REPLACE ({keys}) FROM ({summed})"
