"""The vocabulary of a cost line: FOCUS 1.2 columns in snake_case, `x_` for what FOCUS has no name for.

Source: FinOps Open Cost and Usage Specification 1.2. Everything behind the doors speaks only these words.
Money and quantities are DECIMAL(38,18); times are naive UTC; a day is [00:00, 24:00).
"""

from enum import StrEnum
from typing import Final

MONEY: Final = "DECIMAL(38,18)"

LINE_COLUMNS: Final[dict[str, str]] = {
    "charge_period_start": "TIMESTAMP",
    "charge_period_end": "TIMESTAMP",
    "billing_period_start": "TIMESTAMP",
    "billing_period_end": "TIMESTAMP",
    "provider_name": "VARCHAR",
    "publisher_name": "VARCHAR",
    "invoice_issuer_name": "VARCHAR",
    "invoice_id": "VARCHAR",
    "billing_account_id": "VARCHAR",
    "billing_account_name": "VARCHAR",
    "sub_account_id": "VARCHAR",
    "sub_account_name": "VARCHAR",
    "billing_currency": "VARCHAR",
    "charge_category": "VARCHAR",
    "charge_class": "VARCHAR",
    "charge_description": "VARCHAR",
    "charge_frequency": "VARCHAR",
    "billed_cost": MONEY,
    "effective_cost": MONEY,
    "list_cost": MONEY,
    "contracted_cost": MONEY,
    "list_unit_price": MONEY,
    "contracted_unit_price": MONEY,
    "pricing_category": "VARCHAR",
    "pricing_quantity": MONEY,
    "pricing_unit": "VARCHAR",
    "consumed_quantity": MONEY,
    "consumed_unit": "VARCHAR",
    "commitment_discount_id": "VARCHAR",
    "commitment_discount_status": "VARCHAR",
    "availability_zone": "VARCHAR",
    "region_id": "VARCHAR",
    "resource_id": "VARCHAR",
    "resource_name": "VARCHAR",
    "resource_type": "VARCHAR",
    "service_category": "VARCHAR",
    "service_subcategory": "VARCHAR",
    "service_name": "VARCHAR",
    "sku_id": "VARCHAR",
    "sku_meter": "VARCHAR",
    "sku_price_id": "VARCHAR",
    "tags": "VARCHAR",
    "x_compartment_id": "VARCHAR",
    "x_compartment_name": "VARCHAR",
    "x_reference": "VARCHAR",
    "x_back_reference": "VARCHAR",
    "x_source": "VARCHAR",
    "x_file": "BIGINT",
    "x_arrived": "TIMESTAMP",
}
"""Column name → DuckDB type of a stored line, in stored order.

`tags` is the text of a JSON object of strings, or NULL. `x_file` is the manifest's number of the file the
line came from. `x_arrived` is when the source published the line (imported: the day after its charge).
A cost that is NULL is unknown, never 0.
"""

ROW_COLUMNS: Final[dict[str, str]] = {
    name: type_ for name, type_ in LINE_COLUMNS.items() if name not in ("x_source", "x_file", "x_arrived")
}
"""What a door writes per line; the store adds where it came from and when."""


class Source(StrEnum):
    """Where a line came from. Reports outrank the Usage API on complete days; imports add up."""

    FOCUS_REPORT = "focus_report"
    COST_REPORT = "cost_report"
    USAGE_API = "usage_api"
    IMPORT = "import"


class ChargeCategory(StrEnum):
    """FOCUS ChargeCategory."""

    USAGE = "Usage"
    PURCHASE = "Purchase"
    TAX = "Tax"
    CREDIT = "Credit"
    ADJUSTMENT = "Adjustment"


UNREADABLE: Final = "(unreadable)"
"""The tag key that keeps the text of tags that are no JSON object: shown, not lost."""

CORRECTION: Final = "Correction"
"""FOCUS ChargeClass of a line that corrects an earlier billing period; NULL otherwise."""


class Metric(StrEnum):
    """What a cost query adds up."""

    BILLED = "billed"
    EFFECTIVE = "effective"
    LIST = "list"
    CONTRACTED = "contracted"
    QUANTITY = "quantity"
