"""Everything that is no machine: databases, buckets, files, networks, functions, platform services, fees."""

from finops_tui.sandbox.fleet import FOREVER, Fleet, Use
from finops_tui.sandbox.names import draws
from finops_tui.sandbox.usage import Shape

_G, _T, _C = Shape.GROWTH, Shape.TRAFFIC, Shape.CLOSE

# name, compartment, kind, SKU of the engine, amount, extra at closing, storage SKU, GB, region, tenancy
DATABASES = (
    ("erp-prod", "apps/erp/prod", "autonomousdatabase", "atp.ecpu", 24, 1.5, "atp.gb", 4000, 1, 0),
    ("erp-test", "apps/erp/test", "autonomousdatabase", "atp.ecpu", 4, 0.0, "atp.gb", 1000, 1, 0),
    ("dwh-prod", "data/warehouse/prod", "autonomousdatabase", "adw.ecpu", 48, 1.0, "adw.gb", 60000, 0, 0),
    ("dwh-dev", "data/warehouse/dev", "autonomousdatabase", "adw.ecpu", 4, 0.0, "adw.gb", 6000, 0, 0),
    ("orders", "eng/api/prod", "autonomousdatabase", "atp.ecpu", 16, 0.5, "atp.gb", 2500, 0, 0),
    ("identity", "eng/api/prod", "autonomousdatabase", "atp.ecpu", 4, 0.0, "atp.gb", 300, 0, 0),
    ("crm", "apps/crm", "dbsystem", "base.hp", 4, 0.0, "db.backup", 3000, 0, 0),
    ("hr", "apps/hr", "dbsystem", "base.ee", 4, 0.0, "db.backup", 1500, 0, 0),
    ("legacy-billing", "apps/erp/prod", "dbsystem", "base.byol", 8, 0.0, "db.backup", 5000, 1, 0),
    ("catalog", "eng/web/prod", "mysqldbsystem", "mysql.ecpu", 16, 0.0, "mysql.gb", 1200, 0, 0),
    ("sessions", "eng/mobile/prod", "mysqldbsystem", "mysql.ecpu", 8, 0.0, "mysql.gb", 400, 0, 0),
    ("features", "eng/ml/serving", "postgresqldbsystem", "pg.ocpu", 8, 0.0, "pg.gb", 900, 1, 0),
    ("geo", "data/lake/curated", "postgresqldbsystem", "pg.ocpu", 4, 0.0, "pg.gb", 2200, 1, 0),
    ("shop-db", "shop/prod", "autonomousdatabase", "atp.ecpu", 12, 0.4, "atp.gb", 1800, 2, 2),
    ("ledger", "finance/prod", "autonomousdatabase", "atp.ecpu", 8, 2.0, "atp.gb", 900, 2, 2),
)  # fmt: skip

# name, compartment, GB at the origin, growth a month, 10k requests and egress GB an hour, region, tenancy
BUCKETS = (
    ("web-assets", "eng/web/prod", 4000, 0.02, 220, 55.0, 0, 0),
    ("api-exports", "eng/api/prod", 9000, 0.03, 12, 14.0, 0, 0),
    ("mobile-media", "eng/mobile/prod", 26000, 0.025, 90, 60.0, 0, 0),
    ("ml-datasets", "eng/ml/training", 70000, 0.015, 25, 0, 0, 0),
    ("ml-models", "eng/ml/serving", 8000, 0.03, 6, 0, 1, 0),
    ("notebooks", "eng/ml/notebooks", 900, 0.02, 0.4, 0, 0, 0),
    ("artifacts", "eng/platform/ci", 12000, 0.03, 18, 1.5, 0, 0),
    ("oke-backup", "eng/platform/oke/prod", 5200, 0.02, 0.6, 0, 0, 0),
    ("metrics-cold", "eng/platform/observability", 11000, 0.03, 3, 0, 0, 0),
    ("dwh-stage", "data/warehouse/prod", 48000, 0.01, 30, 0, 0, 0),
    ("dwh-dev-stage", "data/warehouse/dev", 5000, 0.01, 1.2, 0, 0, 0),
    ("lake-raw", "data/lake/raw", 160000, 0.02, 40, 0, 1, 0),
    ("lake-curated", "data/lake/curated", 60000, 0.015, 22, 3.0, 1, 0),
    ("stream-archive", "data/streaming", 18000, 0.03, 5, 0, 0, 0),
    ("bi-extracts", "data/bi", 1400, 0.02, 0.8, 1.0, 0, 0),
    ("erp-documents", "apps/erp/prod", 7000, 0.012, 2, 0.2, 1, 0),
    ("erp-test-copy", "apps/erp/test", 2600, 0.0, 0.1, 0, 1, 0),
    ("crm-attachments", "apps/crm", 3100, 0.02, 1.1, 0.4, 0, 0),
    ("hr-scans", "apps/hr", 700, 0.02, 0.1, 0, 0, 0),
    ("export-logs", "shared/logging", 16000, 0.02, 4, 2.5, 0, 0),
    ("audit-trail", "shared/security", 3000, 0.02, 0.5, 0, 0, 0),
    ("terraform-state", "shared/backup", 2, 0.0, 0.05, 0, 0, 0),
    ("scratch", "sandbox/team-a", 1500, 0.01, 0.4, 0, 0, 0),
    ("tmp", "sandbox/team-b", 400, 0.01, 0.1, 0, 0, 0),
    ("frames", "experiments/vision", 9000, 0.03, 2, 0, 0, 1),
    ("voices", "experiments/speech", 4000, 0.03, 1, 0, 0, 1),
    ("shop-media", "shop/prod", 6000, 0.02, 60, 20.0, 2, 2),
    ("invoices", "finance/prod", 800, 0.015, 0.5, 0.1, 2, 2),
)  # fmt: skip

ARCHIVES = (
    ("backup-vault", "shared/backup", 210000, 0.015, 1, 0),
    ("compliance", "shared/security", 60000, 0.01, 0, 0),
    ("ledger-archive", "finance/prod", 9000, 0.02, 2, 2),
)  # fmt: skip

FUNCTIONS = (
    ("ingest-v2", "data/streaming", 14.0),
    ("thumbnails", "eng/web/prod", 5.0),
    ("webhooks", "eng/api/prod", 5.0),
    ("push-notify", "eng/mobile/prod", 3.5),
    ("score", "eng/ml/serving", 7.0),
    ("doc-parse", "apps/erp/prod", 2.5),
    ("cleanup", "shared/backup", 0.2),
    ("dns-sync", "shared/network/hub", 0.05),
    ("cost-tags", "shared/security", 0.1),
)  # fmt: skip

BALANCERS = (
    ("web-lb", "eng/web/prod", 400, 0, 0),
    ("web-stg-lb", "eng/web/staging", 10, 0, 0),
    ("api-lb", "eng/api/prod", 400, 0, 0),
    ("api-dev-lb", "eng/api/dev", 10, 0, 0),
    ("mobile-lb", "eng/mobile/prod", 100, 0, 0),
    ("oke-ingress", "eng/platform/oke/prod", 1000, 0, 0),
    ("oke-dev-ingress", "eng/platform/oke/dev", 10, 0, 0),
    ("serve-lb", "eng/ml/serving", 100, 1, 0),
    ("erp-lb", "apps/erp/prod", 100, 1, 0),
    ("crm-lb", "apps/crm", 10, 0, 0),
    ("shop-lb", "shop/prod", 200, 2, 2),
)  # fmt: skip

# kind, name, compartment, uses: services with a handful of resources each
OTHERS: tuple[tuple[str, str, str, list[Use], int, int], ...] = (
    ("filesystem", "home", "eng/platform/ci", [Use("file.gb", 2600, _G, 0.01)], 0, 0),
    ("filesystem", "ml-share", "eng/ml/training", [Use("file.gb", 9500, _G, 0.012)], 0, 0),
    ("filesystem", "erp-share", "apps/erp/prod", [Use("file.gb", 3200, _G, 0.006)], 1, 0),
    ("filesystem", "crm-share", "apps/crm", [Use("file.gb", 900, _G, 0.006)], 0, 0),
    ("virtualcircuit", "dc-east", "shared/network/hub", [Use("fastconnect", 1)], 0, 0),
    ("virtualcircuit", "dc-west", "shared/network/dr", [Use("fastconnect", 1)], 1, 0),
    ("natgateway", "hub-nat", "shared/network/hub", [Use("egress", 28.0, _T, 0.01)], 0, 0),
    ("networkfirewall", "hub-fw", "shared/network/hub",
     [Use("firewall", 1), Use("firewall.gb", 180, _T, 0.01)], 0, 0),
    ("networkfirewall", "dr-fw", "shared/network/dr", [Use("firewall", 1)], 1, 0),
    ("webappfirewall", "edge-waf", "eng/web/prod", [Use("waf", 1.4, _T, 0.012)], 0, 0),
    ("cluster", "oke-prod-a", "eng/platform/oke/prod", [Use("oke", 1)], 0, 0),
    ("cluster", "oke-prod-b", "eng/platform/oke/prod", [Use("oke", 1)], 1, 0),
    ("cluster", "oke-dev", "eng/platform/oke/dev", [Use("oke", 1)], 0, 0),
    ("cluster", "oke-shop", "shop/prod", [Use("oke", 1)], 2, 2),
    ("analyticsinstance", "bi-main", "data/bi", [Use("oac", 4)], 0, 0),
    ("analyticsinstance", "bi-finance", "apps/erp/prod", [Use("oac", 2, _C, 0.5)], 1, 0),
    ("integrationinstance", "oic-prod", "apps/erp/prod", [Use("oic", 3)], 1, 0),
    ("integrationinstance", "oic-test", "apps/erp/test", [Use("oic", 1)], 1, 0),
    ("disworkspace", "etl-main", "data/warehouse/prod",
     [Use("di", 1), Use("di.gb", 45, Shape.BATCH, 0.9)], 0, 0),
    ("goldengatedeployment", "replicate", "data/streaming", [Use("ggs", 2)], 0, 0),
    ("stream", "clicks", "data/streaming",
     [Use("stream.gb", 70, _T, 0.015), Use("stream.keep", 2600, _G, 0.015)], 0, 0),
    ("stream", "orders", "eng/api/prod",
     [Use("stream.gb", 18, _T, 0.01), Use("stream.keep", 600, _G, 0.01)], 0, 0),
    ("rediscluster", "cache-web", "eng/web/prod", [Use("redis", 96)], 0, 0),
    ("rediscluster", "cache-api", "eng/api/prod", [Use("redis", 64)], 0, 0),
    ("metricnamespace", "custom_metrics", "eng/platform/observability", [Use("monitor", 26, _T, 0.02)], 0, 0),
    ("metricnamespace", "oci_computeagent", "", [Use("monitor", 3.5, _T, 0.01)], 0, 0),
    ("loggroup", "app-logs", "shared/logging", [Use("log.gb", 18000, _G, 0.02)], 0, 0),
    ("loggroup", "flow-logs", "shared/network/hub", [Use("log.gb", 9000, _G, 0.015)], 0, 0),
    ("loggroup", "erp-logs", "apps/erp/prod", [Use("log.gb", 2200, _G, 0.01)], 1, 0),
    ("vault", "hsm-main", "shared/security", [Use("vault", 1), Use("keys", 140)], 0, 0),
    ("vault", "hsm-finance", "finance/prod", [Use("vault", 1), Use("keys", 30)], 2, 2),
    ("apigateway", "public-api", "eng/api/prod", [Use("api", 0.35, _T, 0.015)], 0, 0),
    ("apigateway", "partner-api", "apps/crm", [Use("api", 0.03, _T, 0.01)], 0, 0),
    ("dnszone", "public-zone", "shared/network/hub", [Use("dns", 0.9, _T, 0.01)], 0, 0),
    ("onstopic", "alerts", "shared/security", [Use("notify", 0.4, _T, 0.0)], 0, 0),
    ("marketplacesubscription", "observability-suite", "shared/logging",
     [Use("market.fee", 2400, Shape.MONTHLY, category="Purchase")], 0, 0),
    ("marketplacesubscription", "fraud-rules", "finance/prod",
     [Use("market.fee", 650, Shape.MONTHLY, category="Purchase")], 2, 2),
)  # fmt: skip


def add_services(fleet: Fleet, days: int) -> None:
    """Every service of the tables above, then launches, one-time fees and credits over `days` days."""
    _databases(fleet, days)
    for name, path, gb, growth, requests, egress, region, tenancy in BUCKETS:
        uses = [Use("object.gb", gb, _G, growth), Use("object.req", requests, _T, growth)]
        fleet.add("bucket", name, path, uses, region=region, tenancy=tenancy)
        if egress:
            out = [Use("egress", egress, _T, growth)]
            fleet.add("vnic", f"{name}-endpoint", path, out, region=region, tenancy=tenancy)
    for name, path, gb, growth, region, tenancy in ARCHIVES:
        fleet.add("bucket", name, path, [Use("archive.gb", gb, _G, growth)], region=region, tenancy=tenancy)
    for name, path, weight in FUNCTIONS:
        uses = [Use("fn.gbs", weight, _T, 0.02), Use("fn.calls", weight / 18, _T, 0.02)]
        fleet.add("fnfunc", name, path, uses)
    for name, path, mbps, region, tenancy in BALANCERS:
        uses = [Use("lb.base", 1), Use("lb.mbps", mbps)]
        fleet.add("loadbalancer", name, path, uses, region=region, tenancy=tenancy)
    for kind, name, path, uses, region, tenancy in OTHERS:
        fleet.add(kind, name, path, uses, region=region, tenancy=tenancy)
    _volumes(fleet, days)
    _fees(fleet, days)


def _databases(fleet: Fleet, days: int) -> None:
    for name, path, kind, sku, amount, extra, disk, gb, region, tenancy in DATABASES:
        shape = Shape.CLOSE if extra else Shape.ALWAYS
        uses = [Use(sku, amount, shape, extra), Use(disk, gb, _G, 0.012)]
        if kind == "dbsystem":
            uses.append(Use("block.gb", gb, _G, 0.008))
        late = name in ("features", "dwh-dev")
        start = (70 + days // 4) * 24 + 10 if late else -1
        stop = (days // 3) * 24 + 15 if name == "legacy-billing" else FOREVER
        fleet.add(kind, name, path, uses, region=region, start=start, stop=stop, tenancy=tenancy)


def _volumes(fleet: Fleet, days: int) -> None:
    """Data volumes that come and go with projects."""
    rng = draws(fleet.seed, "volumes")
    paths = ("data/lake/curated", "eng/ml/notebooks", "sandbox/team-a", "apps/erp/test", "eng/api/dev")
    for number in range(90):
        start = int(days * 24 * (number / 90) + rng.integers(0, 200))
        stop = start + int(rng.integers(10, 75)) * 24 + int(rng.integers(24))
        gb = int(rng.choice((200, 500, 1000, 2000)))
        path = paths[int(rng.integers(len(paths)))]
        uses = [Use("block.gb", gb), Use("block.vpu", gb * 10)]
        fleet.add("volume", f"pvc-{rng.integers(16**8):08x}", path, uses, start=start, stop=stop)


def _fees(fleet: Fleet, days: int) -> None:
    """One-time marketplace packages and promotional credits."""
    rng = draws(fleet.seed, "fees")
    for number in range(days // 150):
        hour = int(rng.integers(number * 150, number * 150 + 140)) * 24 + 9
        fee = [Use("market.once", int(rng.integers(8, 30)) * 100, Shape.ONCE, category="Purchase")]
        fleet.add("marketplacesubscription", f"onboarding-{number + 1}", "shared/logging", fee, start=hour)
    for number in range(days // 90):
        hour = int(rng.integers(number * 90, number * 90 + 80)) * 24
        amount = -int(rng.integers(5, 20)) * 100
        credit = [Use("credit", amount, Shape.ONCE, category="Credit")]
        fleet.add("credit", f"promotion-{number + 1}", "", credit, start=hour)
