"""The small tables that say what keys and ids stand for: resources, tag sets, names. Latest known wins."""

from collections.abc import Mapping

from finops_tui.errors import StoreError
from finops_tui.store.arriving import insert
from finops_tui.store.daily import DIMENSIONS
from finops_tui.store.lake import Lake, Part

_KEY = DIMENSIONS["resource_key"]
_DAY = DIMENSIONS["day"]

_NO_RESOURCES = """SELECT CAST(NULL AS UBIGINT) AS resource_key, CAST(NULL AS VARCHAR) AS resource_id,
    CAST(NULL AS VARCHAR) AS resource_name, CAST(NULL AS VARCHAR) AS resource_type,
    CAST(NULL AS DATE) AS first_seen, CAST(NULL AS DATE) AS last_seen WHERE false"""


def write_resources(lake: Lake) -> None:
    """Write the resources file; what only replaced files said is forgotten."""
    old = lake.parts("resources")
    source = lake.scan(old) if old else f"({_NO_RESOURCES})"
    seen = _seen("arriving")
    columns = "resource_key, resource_id, resource_name, resource_type, first_seen, last_seen"
    kept = f"SELECT {columns} FROM {source}"
    affected = "SELECT resource_key FROM gone WHERE resource_key IS NOT NULL"
    if lake.connection.execute(f"{affected} LIMIT 1").fetchone():
        kept += f" WHERE resource_key NOT IN ({affected})"
        lines = [part for part in lake.next_live() if part.kind == "lines"]
        if lines:
            seen += " UNION ALL " + _seen(f"(SELECT * FROM {lake.scan(lines)} WHERE {_KEY} IN ({affected}))")
    lake.connection.execute(
        f"""CREATE TEMP TABLE resource AS
        SELECT resource_key, resource_id, {_latest("resource_name")}, {_latest("resource_type")},
            min(first_seen) AS first_seen, max(last_seen) AS last_seen
        FROM ({kept} UNION ALL {seen}) GROUP BY resource_key, resource_id"""
    )
    _no_collision(lake, "resource", "resource_key", "resource ids")
    lake.retire(old)
    lake.write("resources", "SELECT * FROM resource ORDER BY resource_key")


def _seen(lines: str) -> str:
    days = "min(charge_period_start) AS first_seen, max(charge_period_start) AS last_seen"
    return f"""SELECT {_KEY} AS resource_key, resource_id, resource_name, resource_type,
        CAST(first_seen AS DATE) AS first_seen, CAST(last_seen AS DATE) AS last_seen
        FROM (SELECT resource_id, resource_name, resource_type, {days} FROM {lines} GROUP BY ALL)
        WHERE {_KEY} IS NOT NULL"""


def _latest(column: str) -> str:
    """SQL: the value of the latest day; the greatest of several, whatever the order of loading."""
    return f"max({{'day': last_seen, 'value': {column}}}) FILTER ({column} IS NOT NULL).value AS {column}"


def _no_collision(lake: Lake, table: str, key: str, what: str) -> None:
    row = lake.connection.execute(f"SELECT count(*) - count(DISTINCT {key}) FROM {table}").fetchone()
    if row and row[0]:
        raise StoreError(
            f"two {what} have the same 64-bit key: nothing was changed",
            "Please report it; the files can be loaded into separate profiles meanwhile.",
        )


def write_tagsets(lake: Lake) -> None:
    """Write the tag sets file."""
    old = lake.parts("tagsets")
    known = f"SELECT tagset_key, tags FROM {lake.scan(old)} UNION ALL " if old else ""
    key = DIMENSIONS["tagset_key"]
    lake.connection.execute(
        f"""CREATE TEMP TABLE tagset AS SELECT DISTINCT * FROM (
        {known} SELECT {key} AS tagset_key, tags FROM tag_text WHERE tags IS NOT NULL)"""
    )
    _no_collision(lake, "tagset", "tagset_key", "sets of tags")
    lake.retire(old)
    lake.write("tagsets", "SELECT * FROM tagset ORDER BY tagset_key")


def write_names(lake: Lake, compartments: Mapping[str, str]) -> Part:
    """Write the names file: of accounts, SKUs and compartments (their full path where it is known)."""
    old = lake.parts("names")
    insert_paths(lake, compartments)
    account, compartment = DIMENSIONS["account_id"], DIMENSIONS["x_compartment_id"]
    account_name = """CASE WHEN nullif(sub_account_id, '') IS NOT NULL THEN sub_account_name
        ELSE billing_account_name END"""
    sources = [
        f"""SELECT 'account' AS kind, {account} AS id, {account_name} AS name, max({_DAY}) AS last_seen,
            1 AS new""",
        f"SELECT 'sku', sku_id, charge_description, max({_DAY}), 1",
        f"SELECT 'compartment', {compartment}, x_compartment_name, max({_DAY}), 1",
    ]
    pieces = [f"{source} FROM arriving GROUP BY ALL" for source in sources]
    pieces.append("SELECT 'compartment', id, path, DATE '9999-12-31', 2 FROM compartment_path")
    if old:
        pieces.append(
            f"SELECT kind, id, name, last_seen, 0 FROM {lake.scan(old)}"
            " WHERE kind <> 'compartment' OR id NOT IN (SELECT id FROM compartment_path)"
        )
    # A replaced file's names give way to its successor's; otherwise the order of loading is no matter.
    replacing = lake.connection.execute("SELECT 1 FROM gone LIMIT 1").fetchone() is not None
    rank = "{'day': last_seen, 'new': new, 'name': name}" if replacing else "{'day': last_seen, 'name': name}"
    lake.retire(old)
    return lake.write(
        "names",
        f"""SELECT kind, id, max({rank}).name AS name, max(last_seen) AS last_seen
        FROM ({" UNION ALL ".join(pieces)}) WHERE id IS NOT NULL AND nullif(name, '') IS NOT NULL
        GROUP BY kind, id ORDER BY kind, id""",
    )


def insert_paths(lake: Lake, compartments: Mapping[str, str]) -> None:
    """Make `compartment_path`: id, full path."""
    lake.connection.execute("CREATE TEMP TABLE compartment_path (id VARCHAR, path VARCHAR)")
    insert(lake.connection, "compartment_path", sorted(compartments.items()))
