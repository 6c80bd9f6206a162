"""Importing a FOCUS csv.gz, against plain DuckDB turning the same file into sorted Parquet."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

from tests.bench.table import Measured, Section, size, times
from tests.program import clean_environment

_BILL = """
COPY (
    SELECT
        ((hash(i, 'cost') % 1000000) / 100000)::DECIMAL(12,5) AS "BilledCost",
        "BilledCost" AS "EffectiveCost", "BilledCost" * 1.25 AS "ListCost", "BilledCost" AS "ContractedCost",
        'USD' AS "BillingCurrency",
        'ocid1.tenancy.oc1..bench' AS "BillingAccountId", 'bench' AS "BillingAccountName",
        strftime(hour, '%Y-%m-01T00:00:00Z') AS "BillingPeriodStart",
        strftime(date_trunc('month', hour) + INTERVAL 1 MONTH, '%Y-%m-01T00:00:00Z') AS "BillingPeriodEnd",
        strftime(hour, '%Y-%m-%dT%H:%M:%SZ') AS "ChargePeriodStart",
        strftime(hour + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%SZ') AS "ChargePeriodEnd",
        'Usage' AS "ChargeCategory", 'NULL' AS "ChargeClass", 'Usage of B' || sku AS "ChargeDescription",
        '1.0' AS "ConsumedQuantity", 'HOURS' AS "ConsumedUnit",
        '1.0' AS "PricingQuantity", 'HOURS' AS "PricingUnit",
        'Oracle Cloud' AS "ProviderName", 'Oracle' AS "PublisherName", 'Oracle' AS "InvoiceIssuerName",
        ['us-ashburn-1', 'eu-frankfurt-1', 'ap-tokyo-1'][1 + resource % 3] AS "RegionId",
        'ocid1.instance.oc1.iad.' || md5(resource::VARCHAR) AS "ResourceId",
        'machine-' || resource AS "ResourceName", 'instance' AS "ResourceType",
        'Compute' AS "ServiceCategory",
        ['COMPUTE', 'BLOCK_STORAGE', 'NETWORK', 'DATABASE'][1 + sku % 4] AS "ServiceName",
        'B9' || sku AS "SkuId",
        '{"team": "team' || resource % 20 || '", "env": "prod", "Oracle-Tags.CreatedBy": "ci"}' AS "Tags"
    FROM (
        SELECT i, TIMESTAMP '2026-09-01' + to_hours((i // 1400)::BIGINT) AS hour,
            (i % 1400) // 2 AS resource, i % 1400 % 97 AS sku
        FROM range($rows) AS t(i)
    )
) TO '{path}' (FORMAT csv, HEADER, COMPRESSION gzip)
"""

_PLAIN = """
import sys, duckdb
source, target = sys.argv[1:]
duckdb.sql("SET TimeZone = 'UTC'")
duckdb.sql(f\"\"\"COPY (FROM read_csv('{source}') ORDER BY ResourceId, ChargePeriodStart)
               TO '{target}' (FORMAT parquet, COMPRESSION zstd)\"\"\")
"""

BUDGET_RATIO = 0.5
BUDGET_MEMORY = 1 << 30


@dataclass(frozen=True)
class Run:
    seconds: float
    peak: int
    """Most bytes resident at once, in the process and its children together."""


def measure(folder: Path, *, rows: int, runs: int) -> Section:
    """Import and baseline in turns, each run in a process and a home of its own."""
    bill = write_bill(folder / "bill.csv.gz", rows)
    ours, theirs = [], []
    for number in range(runs):
        theirs.append(
            _run([sys.executable, "-c", _PLAIN, str(bill), str(folder / f"plain-{number}.parquet")], folder)
        )
        home = folder / f"import-{number}"
        home.mkdir()
        ours.append(
            _run([sys.executable, "-m", "finops_tui", "--home", str(home), "import", str(bill)], home)
        )
    mine, plain = (rows / median(run.seconds for run in group) for group in (ours, theirs))
    peak, plain_peak = (max(run.peak for run in group) for group in (ours, theirs))
    return Section(
        "Import",
        f"{rows:,} FOCUS lines, csv.gz of {size(bill.stat().st_size)}; plain DuckDB csv → sorted Parquet; "
        f"median of {runs}",
        [
            Measured(
                "rows a second",
                f"{mine:,.0f}",
                f"{plain:,.0f}",
                times(mine / plain),
                f"≥ {BUDGET_RATIO:g} ×",
                mine / plain >= BUDGET_RATIO,
            ),
            Measured(
                "peak memory, with children",
                f"{peak >> 20:,} MiB",
                f"{plain_peak >> 20:,} MiB",
                times(peak / plain_peak),
                f"≤ {BUDGET_MEMORY >> 20:,} MiB",
                peak <= BUDGET_MEMORY,
            ),
        ],
    )


def write_bill(path: Path, rows: int) -> Path:
    """A FOCUS 1.2 bill of hourly lines: 700 resources, 97 SKUs, tags on every line."""
    with duckdb.connect() as connection:
        connection.execute(_BILL.replace("{path}", str(path)).replace("$rows", str(int(rows))))
    return path


def _run(argv: list[str], home: Path) -> Run:
    start, peak = time.perf_counter(), 0
    with subprocess.Popen(argv, env=clean_environment(home), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
    if process.returncode:
        raise RuntimeError(f"{' '.join(argv)} ended with {process.returncode}")
    return Run(time.perf_counter() - start, peak)


def _resident(pid: int) -> int:
    """Bytes resident in the process and its descendants now (Linux: /proc; elsewhere 0)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    own = sum(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmRSS"))
    return own + sum(_resident(int(child)) for child in children)
