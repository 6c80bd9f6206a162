"""Small FOCUS bills for tests: written as a customer would hand them over, totals known beforehand."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class BillLine:
    """One line of a FOCUS 1.2 bill, a UTC day long unless told otherwise."""

    day: date
    cost: Decimal
    service: str = "COMPUTE"
    resource: str | None = "ocid1.instance.oc1.iad.a"
    currency: str = "USD"
    account: str = "ocid1.tenancy.oc1..acme"
    sku: str = "B97384"
    quantity: Decimal = Decimal(24)
    category: str = "Usage"
    charge_class: str | None = None
    region: str = "us-ashburn-1"
    compartment: str = "ocid1.compartment.oc1..eng"
    tags: Mapping[str, str] = field(default_factory=dict)
    provider: str = "Oracle Cloud"

    def cells(self) -> dict[str, str]:
        """FOCUS column → text, as an export writes it: NULL for what is not there."""
        day = f"{self.day}T00:00:00Z"
        month = self.day.replace(day=1)
        after = (month + timedelta(days=32)).replace(day=1)
        tags = ", ".join(f'"{key}": "{value}"' for key, value in self.tags.items())
        return {
            "BilledCost": str(self.cost),
            "EffectiveCost": str(self.cost),
            "ListCost": str(self.cost),
            "ContractedCost": str(self.cost),
            "BillingCurrency": self.currency,
            "BillingAccountId": self.account,
            "BillingAccountName": self.account.rpartition(".")[2],
            "BillingPeriodStart": f"{month}T00:00:00Z",
            "BillingPeriodEnd": f"{after}T00:00:00Z",
            "ChargePeriodStart": day,
            "ChargePeriodEnd": f"{self.day + timedelta(days=1)}T00:00:00Z",
            "ChargeCategory": self.category,
            "ChargeClass": self.charge_class or "NULL",
            "ChargeDescription": f"{self.service} {self.sku}",
            "ConsumedQuantity": str(self.quantity),
            "ConsumedUnit": "HOURS",
            "PricingQuantity": str(self.quantity),
            "PricingUnit": "HOURS",
            "ProviderName": self.provider,
            "RegionId": self.region,
            "ResourceId": self.resource or "NULL",
            "ResourceName": self.resource.rpartition(".")[2] if self.resource else "NULL",
            "ResourceType": "instance" if self.resource else "NULL",
            "ServiceCategory": "Compute",
            "ServiceName": self.service,
            "SkuId": self.sku,
            "Tags": f"{{{tags}}}",
            "x_oci_CompartmentId": self.compartment,
            "x_oci_CompartmentName": self.compartment.rpartition(".")[2],
        }

    @staticmethod
    def sample(end: date = date(2026, 10, 20), days: int = 100) -> Iterator["BillLine"]:
        """Days of two accounts with fifteen machines each, a credit, a correction, and a second currency."""
        for back in range(days, 0, -1):
            day = end - timedelta(days=back)
            for number in range(15):
                yield BillLine(
                    day,
                    Decimal(number + 1) * Decimal("1.25") + Decimal(day.day) / 1000,
                    service=("COMPUTE", "BLOCK_STORAGE", "NETWORK")[number % 3],
                    resource=f"ocid1.instance.oc1.iad.machine{number:02}",
                    sku=("B97384", "B91961", "B88327")[number % 3],
                    tags={"team": ("eng", "ml")[number % 2]} if number % 4 else {},
                )
            yield BillLine(day, Decimal("7.5"), account="ocid1.tenancy.oc1..emea", currency="EUR")
        yield BillLine(end - timedelta(days=9), Decimal(-30), category="Credit", resource=None)
        yield BillLine(end - timedelta(days=8), Decimal("-1.5"), charge_class="Correction")


def write_focus(path: Path, lines: Iterable[BillLine]) -> Path:
    """Write the lines as FOCUS csv, gzipped when the name ends in .gz."""
    text = io.StringIO()
    rows = [line.cells() for line in lines]
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path
