"""The report's summary: what was spent, what moved it, what the month will end at."""

from collections.abc import Iterator
from typing import Any

from finops_tui.report.figures import day, days, money, percent
from finops_tui.report.notes import month_is_over
from finops_tui.report.section import Section
from finops_tui.report.sections import Asked
from finops_tui.report.view import Column, Row
from finops_tui.report.views import change_of
from finops_tui.store.overview import CurrencyOverview, Overview
from finops_tui.store.query import NONE, Amount, CostResult, Mover

MOVERS_TOLD = 3


def currencies(found: CostResult) -> list[str | None]:
    """The answer's currencies in the cache's order: the main one first."""
    return list(dict.fromkeys(row.currency for row in found.rows))


def summary(asked: Asked, found: CostResult, seen: Overview | None) -> Section:
    """Per currency: the period and its change, the month's expected end, the last complete day."""
    running = seen is not None and not month_is_over(seen)
    blocks = {block.currency: block for block in seen.currencies} if seen and running else {}
    sentences: list[str] = []
    rows: list[Row] = []
    for name in currencies(found):
        amount, block = found.totals[name], blocks.get(name)
        sentences.append(" ".join(_sentences(asked, name, amount, block)))
        rows.append(_summary_row(name, amount, block))
    query = asked.query
    columns = [Column("currency", "Currency"), Column("cost", days(query.period), "money")]
    if query.compare is not None:
        columns += [
            Column("compared", days(query.compared), "money", table=query.compared != query.period),
            Column("previous", days(query.compare), "money"),
            Column("delta", "Change", "delta"),
            Column("delta_percent", "Change %", "percent"),
        ]
    if blocks:
        columns += [
            Column("month_to_date", "Month to date", "money", table=query.period.label != "mtd"),
            Column("month_end", "Expected month end", "money"),
            Column("last_day_cost", "Last complete day", "money"),
        ]
    return Section(
        "summary",
        "Summary",
        sentences=tuple(sentences or ["No charge lies in the period."]),
        columns=tuple(columns) if rows else (),
        rows=tuple(rows),
        notes=("provisional", "compared", "month-end"),
    )


def _sentences(
    asked: Asked, name: str | None, amount: Amount, block: CurrencyOverview | None
) -> Iterator[str]:
    query, unit = asked.query, name or "of unknown currency"
    text = f"{days(query.period)} cost {money(amount.cost)} {unit}"
    if amount.delta is not None:
        text += (
            f"; {days(query.compared)} against {days(query.compare)}: "
            f"{money(amount.delta, sign=True)} ({percent(amount.delta_percent)})"
        )
    yield text + "."
    moved = [mover for mover in asked.movers if mover.currency == name][:MOVERS_TOLD]
    if moved:
        yield f"What moved it most: {'; '.join(_told(mover) for mover in moved)}."
    if block is None:
        return
    end = block.forecast_month_end
    if end.mean is not None:
        span = f" ({money(end.lower)} to {money(end.upper)})" if end.lower is not None else ""
        yield f"The month is expected to end at {money(end.mean)} {unit}{span}."
    last = block.yesterday
    if last is not None and last.cost is not None:
        text = f"The last complete day, {day(last.day)}, cost {money(last.cost)} {unit}"
        if last.delta is not None:
            text += f", {money(last.delta, sign=True)} ({percent(last.delta_percent)}) against {last.against}"
        yield text + "."


def _told(mover: Mover) -> str:
    """`COMPUTE in root/eng/ml +1,003.84 (usage)`."""
    service, compartment = mover.keys
    parts = sorted(mover.parts.items(), key=lambda item: (-abs(item[1]), item[0]))
    place = f" in {compartment}" if compartment else ""
    return f"{service or NONE}{place} {money(mover.delta, sign=True)} ({parts[0][0]})"


def _summary_row(name: str | None, amount: Amount, block: CurrencyOverview | None) -> Row:
    row: dict[str, Any] = {
        "currency": name,
        "cost": amount.cost,
        "compared": amount.compared,
        **change_of(amount),
    }
    if block is not None:
        last = block.yesterday
        row |= {
            "month_to_date": block.month_to_date,
            "month_end": block.forecast_month_end.mean,
            "last_day": last.day if last else None,
            "last_day_cost": last.cost if last else None,
        }
    return row
