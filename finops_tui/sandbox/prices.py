"""What the sample tenancy buys: OCI part numbers, units and list prices, as whole numbers.

Facts: Oracle's public price list (apexapps.oracle.com, cetools API v1, USD, pay as you go) as published in
May 2025; service names as the cost report spells them. What a publisher sells has the publisher's own number.
The EUR list and the contract's discount are ours.
"""

from dataclasses import dataclass
from typing import Final

PRICE_SCALE: Final = 10**8
"""Unit prices are whole numbers of 1e-8 of the currency."""
QUANTITY_SCALE: Final = 10**6
"""Quantities are whole numbers of 1e-6 of the unit, so that a cost is a whole number of 1e-14."""
PRICE_DIGITS: Final = 8
COST_DIGITS: Final = 14

EUR_PER_USD: Final = (93, 100)
DISCOUNT_PERCENT: Final = 12
LATER_DISCOUNT_PERCENT: Final = 9
"""The contract is renewed once in the history, with a smaller discount."""


@dataclass(frozen=True)
class Sku:
    """A priced part; `free`: a tenancy's free tier a month, in 1e-6 units; `monthly`: the unit is a month."""

    key: str
    part: str
    description: str
    unit: str
    service: str
    category: str
    list_price: int
    free: int = 0
    monthly: bool = False
    contract: bool = False


_COMPUTE = ("COMPUTE", "Compute")
_BLOCK = ("BLOCK_STORAGE", "Storage")
_NET = ("NETWORK", "Networking")
_DB = ("DATABASE", "Databases")

# key, part, text, unit, (service, category), price in 1e-8, flags (m: per month, c: contract), free tier
_TABLE: Final[tuple[tuple[str, str, str, str, tuple[str, str], int, str, int], ...]] = (
    ("e4.ocpu", "B93113", "Standard - E4", "OCPU Hours", _COMPUTE, 2_500_000, "c", 0),
    ("e4.mem", "B93114", "Standard - E4 - Memory", "GB Hours", _COMPUTE, 150_000, "c", 0),
    ("e5.ocpu", "B97384", "Standard - E5", "OCPU Hours", _COMPUTE, 3_000_000, "c", 0),
    ("e5.mem", "B97385", "Standard - E5 - Memory", "GB Hours", _COMPUTE, 200_000, "c", 0),
    ("a1.ocpu", "B93297", "Standard - A1", "OCPU Hours", _COMPUTE, 1_000_000, "", 3000),
    ("a1.mem", "B93298", "Standard - A1 - Memory", "GB Hours", _COMPUTE, 150_000, "", 18000),
    ("x9.ocpu", "B94176", "Standard - X9", "OCPU Hours", _COMPUTE, 4_000_000, "c", 0),
    ("x9.mem", "B94177", "Standard - X9 - Memory", "GB Hours", _COMPUTE, 150_000, "c", 0),
    ("x7.ocpu", "B88514", "Virtual Machine Standard - X7", "OCPU Hours", _COMPUTE, 6_380_000, "c", 0),
    ("micro", "B91444", "Virtual Machine Standard - E2 Micro - Free", "OCPU Hours", _COMPUTE, 0, "", 0),
    ("windows", "B88318", "Windows OS", "OCPU Hours", _COMPUTE, 9_200_000, "", 0),
    ("gpu.a10", "B95909", "GPU - A10", "GPU Hours", _COMPUTE, 200_000_000, "", 0),
    ("gpu.a100", "B95907", "GPU - A100 - v2", "GPU Hours", _COMPUTE, 400_000_000, "c", 0),
    ("block.gb", "B91961", "Block Volume - Storage", "GB Months", _BLOCK, 2_550_000, "m", 0),
    ("block.vpu", "B91962", "Block Volume - Performance Units", "Performance Units Per GB Months", _BLOCK,
     170_000, "m", 0),
    ("block.free", "B91445", "Block Volume - Free", "GB Months", _BLOCK, 0, "m", 0),
    ("object.gb", "B91628", "Object Storage - Storage", "GB Months", ("OBJECTSTORE", "Storage"), 2_550_000,
     "m", 10),
    ("object.req", "B91627", "Object Storage - Requests", "10K Requests", ("OBJECTSTORE", "Storage"),
     340_000, "", 5),
    ("archive.gb", "B91633", "Archive Storage - Storage", "GB Months", ("OBJECTSTORE", "Storage"), 260_000,
     "m", 10),
    ("file.gb", "B89057", "File Storage - Storage", "GB Months", ("FILE_STORAGE", "Storage"), 30_000_000,
     "m", 0),
    ("egress", "B88327", "Outbound Data Transfer Zone 1", "GB Months", _NET, 850_000, "", 10240),
    ("fastconnect", "B88326", "FastConnect 10 Gbps", "Port Hours", _NET, 127_500_000, "", 0),
    ("firewall", "B95403", "Network Firewall Instance", "Instance Hours",
     ("NETWORK_FIREWALL", "Security"), 275_000_000, "", 0),
    ("firewall.gb", "B95404", "Network Firewall Data Processing", "GB Data Processed",
     ("NETWORK_FIREWALL", "Security"), 1_000_000, "", 10240),
    ("lb.base", "B93030", "Load Balancer Base", "Load Balancer Hours", ("LOAD_BALANCER", "Networking"),
     1_130_000, "", 744),
    ("lb.mbps", "B93031", "Load Balancer Bandwidth", "Mbps Hours", ("LOAD_BALANCER", "Networking"), 10_000,
     "", 7440),
    ("waf", "B94277", "Web Application Firewall - Requests", "1M Requests", ("WAF", "Security"), 60_000_000,
     "", 10),
    ("atp.ecpu", "B95702", "Autonomous Transaction Processing - ECPU", "ECPU Hours", _DB, 33_600_000, "c", 0),
    ("adw.ecpu", "B95701", "Autonomous Data Warehouse - ECPU", "ECPU Hours", _DB, 33_600_000, "c", 0),
    ("atp.gb", "B95706", "Autonomous Database Storage for Transaction Processing", "GB Months", _DB,
     11_560_000, "m", 0),
    ("adw.gb", "B95754", "Autonomous Database Storage", "GB Months", _DB, 2_440_000, "m", 0),
    ("base.ee", "B90570", "Base Database Service - Enterprise", "OCPU Hours", _DB, 43_010_000, "c", 0),
    ("base.hp", "B90571", "Base Database Service - High Performance", "OCPU Hours", _DB, 88_710_000, "c", 0),
    ("base.byol", "B90573", "Base Database Service - BYOL", "OCPU Hours", _DB, 19_350_000, "c", 0),
    ("db.backup", "B90230", "Database Backup Cloud - Object Storage", "GB Months", _DB, 510_000, "m", 0),
    ("mysql.ecpu", "B108030", "MySQL Database - ECPU", "ECPU Hours", ("MYSQL", "Databases"), 3_660_000,
     "", 0),
    ("mysql.gb", "B92426", "MySQL Database - Storage", "GB Months", ("MYSQL", "Databases"), 4_000_000,
     "m", 0),
    ("pg.ocpu", "B99060", "Database with PostgreSQL - X86", "OCPU Hours", ("POSTGRESQL", "Databases"),
     9_800_000, "", 0),
    ("pg.gb", "B99062", "Database Optimized Storage", "GB Months", ("POSTGRESQL", "Databases"), 7_200_000,
     "m", 0),
    ("redis", "B99591", "OCI Cache - High Memory", "GB Hours", ("REDIS", "Databases"), 1_360_000, "", 0),
    ("oke", "B96545", "Kubernetes Engine - Enhanced Cluster", "Cluster Hours",
     ("CONTAINER_ENGINE", "Compute"), 10_000_000, "", 0),
    ("fn.gbs", "B90617", "Functions - Execution Time", "10K GB Memory-Seconds", ("FUNCTIONS", "Compute"),
     14_170_000, "", 40),
    ("fn.calls", "B90618", "Functions - Invocations", "1M Invocations", ("FUNCTIONS", "Compute"), 20_000_000,
     "", 2),
    ("oac", "B89631", "Analytics Cloud - Enterprise - OCPU", "OCPU Hours", ("ANALYTICS", "Analytics"),
     215_060_000, "c", 0),
    ("oic", "B89640", "Integration Cloud Service - Enterprise", "5K Messages Hours",
     ("INTEGRATION", "Integration"), 129_030_000, "c", 0),
    ("di", "B92598", "Data Integration - Workspace Usage", "Workspace Hours",
     ("DATA_INTEGRATION", "Integration"), 16_000_000, "", 0),
    ("di.gb", "B92599", "Data Integration - Data Processed", "GB Data Processed Hours",
     ("DATA_INTEGRATION", "Integration"), 4_000_000, "", 0),
    ("ggs", "B92992", "GoldenGate", "OCPU Hours", ("GOLDENGATE", "Databases"), 134_410_000, "c", 0),
    ("stream.gb", "B90938", "Streaming - PUT or GET", "GB Data Transferred", ("STREAMING", "Analytics"),
     2_500_000, "", 0),
    ("stream.keep", "B90939", "Streaming - Storage", "GB Hours", ("STREAMING", "Analytics"), 20_000, "", 0),
    ("monitor", "B90925", "Monitoring - Ingestion", "Million Datapoints",
     ("TELEMETRY", "Management and Governance"), 250_000, "", 500),
    ("log.gb", "B92593", "Logging - Storage", "GB Months",
     ("LOGGING", "Management and Governance"), 5_000_000, "m", 10),
    ("vault", "B90328", "Key Management - Private Vault", "Vault Hours", ("KMS", "Security"), 372_400_000,
     "", 0),
    ("keys", "B92092", "Key Management - Key Versions", "Key Version Months", ("KMS", "Security"), 53_340_000,
     "m", 20),
    ("api", "B92072", "API Gateway - API Calls", "1M API Calls", ("API_GATEWAY", "Networking"), 300_000_000,
     "", 0),
    ("dns", "B88525", "DNS - Queries", "1M Queries", ("DNS", "Networking"), 85_000_000, "", 0),
    ("notify", "B90941", "Notifications - Email Delivery", "1K Emails Sent",
     ("NOTIFICATIONS", "Management and Governance"), 2_000_000, "", 1),
    ("market.sql", "B91373", "Marketplace Compute Image - Microsoft SQL Standard", "OCPU Hours",
     ("MARKETPLACE", "Other"), 37_000_000, "", 0),
    ("market.fee", "LF-OBS-M", "Marketplace - Monthly Subscription", "Subscription Months",
     ("MARKETPLACE", "Other"), 100_000_000, "", 0),
    ("market.once", "LF-ONBOARD", "Marketplace - Onboarding Package", "Each", ("MARKETPLACE", "Other"),
     100_000_000, "", 0),
    ("credit", "", "Promotional Credit", "Each", ("ACCOUNT", "Other"), 100_000_000, "", 0),
)  # fmt: skip

SKUS: Final[tuple[Sku, ...]] = tuple(
    Sku(key, part, text, unit, *service, price, free * QUANTITY_SCALE, "m" in flags, "c" in flags)
    for key, part, text, unit, service, price, flags, free in _TABLE
)
INDEX: Final[dict[str, int]] = {sku.key: number for number, sku in enumerate(SKUS)}

LIST_CHANGES: Final[dict[str, int]] = {"adw.gb": 2_990_000, "atp.gb": 13_900_000}
"""List prices that rise once in the history (Oracle raised autonomous storage between 2023 and 2026)."""


def list_price(sku: Sku, currency: str, *, risen: bool) -> int:
    """The list price in 1e-8 of the currency."""
    price = LIST_CHANGES.get(sku.key, sku.list_price) if risen else sku.list_price
    if currency == "EUR":
        price = price * EUR_PER_USD[0] // EUR_PER_USD[1]
    return price


def unit_price(sku: Sku, price: int, *, renewed: bool) -> int:
    """What the contract makes of a list price."""
    if not sku.contract:
        return price
    return price * (100 - (LATER_DISCOUNT_PERCENT if renewed else DISCOUNT_PERCENT)) // 100
