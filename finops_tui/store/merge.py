"""Brings the arriving lines into the lake: lines files, live units, daily tables, all by exact addition."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from finops_tui.focus import CORRECTION, LINE_COLUMNS, MONEY
from finops_tui.store import parquet
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


def write_lines(lake: Lake, affected: Sequence[Part], replaced: Iterable[int], folded: Iterable[int]) -> None:
    """Write the arriving lines, merged per (month, source) with the file that is not full yet.

    Files that hold lines of replaced files (`affected`) are written again without them; a full file stays.
    """
    rows = lake.connection.execute("SELECT DISTINCT month, x_source FROM origin").fetchall()
    touched = {(str(month), str(source)) for month, source in rows}
    new_years = {f"{year:04}" for year in folded}
    for part in lake.parts("lines"):
        assert part.first_day is not None and part.source is not None
        label = lake.month_of(part.first_day)
        if part in affected or label in new_years:
            touched.add((label, part.source))
    numbers = ", ".join(map(str, sorted(replaced))) or "-1"
    for month, source in sorted(touched):
        _write_month(lake, month, source, affected, numbers)


def _write_month(lake: Lake, month: str, source: str, affected: Sequence[Part], numbers: str) -> None:
    """Write the lines files of one (month, source) that this commit changes."""
    held = lake.parts("lines", [month], source)
    open_ = [part for part in held if part.rows < parquet.ROWS_PER_FILE * 9 // 10 or part in affected]
    columns = ", ".join(LINE_COLUMNS)
    day = DIMENSIONS["day"]
    pieces = [
        f"SELECT {columns} FROM arriving"
        f" WHERE x_source = {parquet.text(source)} AND {lake.month_sql(day)} = {parquet.text(month)}"
    ]
    if open_:
        pieces.append(f"SELECT {columns} FROM {lake.scan(open_)} WHERE x_file NOT IN ({numbers})")
    lake.retire(open_)
    rows = _counts(lake, f"({' UNION ALL '.join(pieces)})")
    if not rows:
        return
    select = f"{' UNION ALL '.join(pieces)} ORDER BY resource_id, charge_period_start"
    files = rows // parquet.ROWS_PER_FILE + 1
    names = [lake.name("lines", f"{month}-{source}", number) for number in range(1, files + 1)]
    for path in parquet.write_split(lake.connection, select, lake.folder, names):
        lake.register(path, "lines", month, source=source)


def write_daily(lake: Lake, months: Sequence[str]) -> None:
    """Write daily, shadow and rollup of the months: what they were, plus what arrived, minus what is gone."""
    old = lake.parts("daily", months) + lake.parts("shadow", months)
    lake.connection.execute(f"CREATE TEMP TABLE combined AS {_combined(lake, old)}")
    month = lake.month_sql("c.day")
    columns = ", ".join(f"c.{name}" for name in DAILY_COLUMNS)
    lake.connection.execute(
        f"""CREATE TEMP TABLE judged AS
        SELECT {columns}, {month} AS month, u.live FROM combined c
        JOIN units u ON c.provider_name IS NOT DISTINCT FROM u.provider_name
            AND c.account_id IS NOT DISTINCT FROM u.account_id
            AND c.day = u.day AND c.x_source = u.x_source"""
    )
    lake.retire(old + lake.parts("rollup", months))
    for label in months:
        _write_month_daily(lake, label)


def _combined(lake: Lake, old: Sequence[Part]) -> str:
    """SQL: daily rows of the touched months, live or not. A sum without one known amount is NULL, not 0."""
    if not old and not _counts(lake, "gone"):
        return "SELECT * FROM delta"
    columns = ", ".join(DAILY_COLUMNS)
    minus = ", ".join(
        f"-{name} AS {name}" if name in (*AMOUNTS, "lines", *UNKNOWN.values()) else name
        for name in DAILY_COLUMNS
    )
    pieces = [f"SELECT {columns} FROM delta", f"SELECT {minus} FROM gone"]
    if old:
        pieces.append(f"SELECT {columns} FROM {lake.scan(old)}")
    sums = ", ".join(
        f"CASE WHEN sum({UNKNOWN[name]}) < sum(lines) THEN CAST(sum({name}) AS {MONEY}) END AS {name}"
        for name in AMOUNTS
    )
    counts = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in ("lines", *UNKNOWN.values()))
    return f"""SELECT {", ".join(DIMENSIONS)}, {sums}, {counts} FROM ({" UNION ALL ".join(pieces)})
        GROUP BY {", ".join(DIMENSIONS)} HAVING sum(lines) <> 0"""


def _write_month_daily(lake: Lake, label: str) -> None:
    lines = [p for p in lake.next_live() if p.kind == "lines"]
    arrived = [p.max_arrived for p in lines if p.first_day and lake.month_of(p.first_day) == label]
    newest = max((when for when in arrived if when is not None), default=None)
    columns = ", ".join(DAILY_COLUMNS)
    month = parquet.text(label)
    for kind, live in (("daily", "live"), ("shadow", "NOT live")):
        rows = f"judged WHERE month = {month} AND {live}"
        if _counts(lake, rows):
            order = "day, account_id, service_name, resource_key"
            lake.write(kind, f"SELECT {columns} FROM {rows} ORDER BY {order}", month=label, arrived=newest)
    live_rows = f"judged WHERE month = {month} AND live"
    if _counts(lake, live_rows):
        lake.write(
            "rollup",
            f"{_rolled(live_rows)} ORDER BY day, account_id, service_name",
            month=label,
            arrived=newest,
        )


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
