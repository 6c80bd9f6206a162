"""Brings the arriving lines into the lake: lines files, live units, daily tables, all by exact addition."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from finops_tui.engine import literal
from finops_tui.focus import CORRECTION, LINE_COLUMNS, MONEY
from finops_tui.store.arriving import insert
from finops_tui.store.daily import AMOUNTS, DAILY_COLUMNS, DIMENSIONS, ROLLUP_COLUMNS, UNKNOWN, summed_lines
from finops_tui.store.lake import Lake, Part
from finops_tui.store.live import live_units

UNIT_COLUMNS = ("provider_name", "account_id", "day", "x_source", "lines", "corrections", "complete", "live")

Reach = Sequence[tuple[str | None, str | None, str, datetime, datetime]]
"""(provider, account, source, oldest, newest): when the account's objects of a source were published."""


def take_out(lake: Lake, replaced: Iterable[int]) -> list[Part]:
    """Make `gone`, the daily rows of the replaced files' lines. Returns the lines files that hold them."""
    numbers = sorted(replaced)
    parts: list[Part] = []
    if numbers:
        held = f"x_file IN ({', '.join(map(str, numbers))})"
        parts = [p for p in lake.parts("lines") if _counts(lake, f"{lake.scan([p])} WHERE {held}")]
    lines = f"(SELECT * FROM {lake.scan(parts)} WHERE {held})" if parts else f"({_no_lines()})"
    lake.connection.execute(f"CREATE TEMP TABLE gone AS {summed_lines(lines)}")
    return parts


def _counts(lake: Lake, relation: str) -> int:
    row = lake.connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def _no_lines() -> str:
    return (
        "SELECT " + ", ".join(f"CAST(NULL AS {t}) AS {n}" for n, t in LINE_COLUMNS.items()) + " WHERE false"
    )


def judge_units(lake: Lake, reach: Reach) -> None:
    """Make `units` (after this commit), `units_before`, and `flipped`: the days whose live source changed."""
    connection = lake.connection
    before = lake.parts("units")
    source = lake.scan(before) if before else f"(SELECT {_no_units()} WHERE false)"
    connection.execute(f"CREATE TEMP TABLE units_before AS SELECT {', '.join(UNIT_COLUMNS)} FROM {source}")
    correction = f"CASE WHEN charge_class = '{CORRECTION}' THEN lines ELSE 0 END"
    keys = "provider_name, account_id, day, x_source"
    connection.execute(
        f"""CREATE TEMP TABLE counted AS
        SELECT {keys}, CAST(sum(lines) AS BIGINT) AS lines, CAST(sum(corrections) AS BIGINT) AS corrections
        FROM (
            SELECT {keys}, lines, corrections FROM units_before
            UNION ALL SELECT {keys}, lines, {correction} FROM delta
            UNION ALL SELECT {keys}, -lines, -({correction}) FROM gone
        ) GROUP BY ALL HAVING sum(lines) <> 0"""
    )
    connection.execute(
        "CREATE TEMP TABLE reach (provider_name VARCHAR, account_id VARCHAR, x_source VARCHAR,"
        " oldest TIMESTAMP, newest TIMESTAMP)"
    )
    insert(connection, "reach", reach)
    connection.execute(f"CREATE TEMP TABLE units AS {live_units('counted', 'reach')}")
    connection.execute(
        """CREATE TEMP TABLE flipped AS SELECT DISTINCT u.provider_name, u.account_id, u.day
        FROM units u JOIN units_before b ON u.provider_name IS NOT DISTINCT FROM b.provider_name
            AND u.account_id IS NOT DISTINCT FROM b.account_id AND u.day = b.day AND u.x_source = b.x_source
        WHERE u.live <> b.live"""
    )


def _no_units() -> str:
    types = ("VARCHAR", "VARCHAR", "DATE", "VARCHAR", "BIGINT", "BIGINT", "BOOLEAN", "BOOLEAN")
    return ", ".join(f"CAST(NULL AS {t}) AS {n}" for n, t in zip(UNIT_COLUMNS, types, strict=True))


def touched_months(lake: Lake, folded: Iterable[int]) -> list[str]:
    """The month labels whose daily tables this commit makes anew."""
    month = lake.month_sql("day")
    days = " UNION ".join(f"SELECT day FROM {table}" for table in ("delta", "gone", "flipped"))
    rows = lake.connection.execute(f"SELECT DISTINCT {month} FROM ({days})").fetchall()
    return sorted({str(row[0]) for row in rows} | {f"{year:04}" for year in folded})


def write_daily(lake: Lake, months: Sequence[str]) -> None:
    """Write daily, shadow and rollup of the months: what they were, plus what arrived, minus what is gone."""
    old = lake.parts("daily", months) + lake.parts("shadow", months)
    _judge(lake, _combined(lake, old))
    lake.retire(old + lake.parts("rollup", months))
    lines = [part for part in lake.next_live() if part.kind == "lines"]
    for label, live in lake.connection.execute(
        "SELECT DISTINCT month, live FROM judged ORDER BY ALL"
    ).fetchall():
        arrived = [p.max_arrived for p in lines if p.max_arrived is not None and lake.label_of(p) == label]
        newest = max(arrived, default=None)
        rows = f"judged WHERE month = {literal(label)} AND live = {live}"
        daily = f"SELECT {', '.join(DAILY_COLUMNS)} FROM {rows} ORDER BY {_DAILY_ORDER}"
        lake.write("daily" if live else "shadow", daily, month=label, arrived=newest)
        if live:
            lake.write("rollup", f"{_rolled(rows)} ORDER BY {_ORDER}", month=label, arrived=newest)


_ORDER = "day, account_id, service_name"
_DAILY_ORDER = "service_name, resource_key, day"
"""A question about one service or one resource reads few row groups."""


def _judge(lake: Lake, combined: str) -> None:
    """Make `judged`: the daily rows with their month label and whether they are live."""
    month = lake.month_sql("c.day")
    columns = ", ".join(f"c.{name}" for name in DAILY_COLUMNS)
    if combined == "delta" and not _counts(lake, "units WHERE NOT live"):
        sql = f"VIEW judged AS SELECT {columns}, {month} AS month, true AS live FROM delta c"
    else:
        sql = f"""TABLE judged AS SELECT {columns}, {month} AS month, u.live FROM {combined} c
            JOIN units u ON c.provider_name IS NOT DISTINCT FROM u.provider_name
                AND c.account_id IS NOT DISTINCT FROM u.account_id
                AND c.day = u.day AND c.x_source = u.x_source"""
    lake.connection.execute(f"CREATE TEMP {sql}")


def _combined(lake: Lake, old: Sequence[Part]) -> str:
    """SQL: daily rows of the touched months, live or not. A sum without one known amount is NULL, not 0."""
    if not old and not _counts(lake, "gone"):
        return "delta"
    columns = ", ".join(DAILY_COLUMNS)
    minus = ", ".join(name if name in DIMENSIONS else f"-{name} AS {name}" for name in DAILY_COLUMNS)
    pieces = [f"SELECT {columns} FROM delta", f"SELECT {minus} FROM gone"]
    if old:
        pieces.append(f"SELECT {columns} FROM {lake.scan(old)}")
    sums = ", ".join(
        f"CASE WHEN sum({UNKNOWN[name]}) < sum(lines) THEN CAST(sum({name}) AS {MONEY}) END AS {name}"
        for name in AMOUNTS
    )
    counts = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in ("lines", *UNKNOWN.values()))
    return f"""(SELECT {", ".join(DIMENSIONS)}, {sums}, {counts} FROM ({" UNION ALL ".join(pieces)})
        GROUP BY {", ".join(DIMENSIONS)} HAVING sum(lines) <> 0)"""


def _rolled(rows: str) -> str:
    groups = ", ".join(name for name in ROLLUP_COLUMNS if name in DIMENSIONS)
    sums = ", ".join(f"CAST(sum({name}) AS {MONEY}) AS {name}" for name in ROLLUP_COLUMNS if name in AMOUNTS)
    counted = [n for n in ROLLUP_COLUMNS if n not in DIMENSIONS and n not in AMOUNTS]
    counts = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in counted)
    return f"SELECT {groups}, {sums}, {counts} FROM {rows} GROUP BY {groups}"


def write_units(lake: Lake) -> None:
    """Write the units file."""
    lake.retire(lake.parts("units"))
    order = "day, provider_name, account_id, x_source"
    lake.write("units", f"SELECT {', '.join(UNIT_COLUMNS)} FROM units ORDER BY {order}")
