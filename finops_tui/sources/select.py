"""The SELECT that turns text cells into focus.ROW_COLUMNS and says of each line what could not be read."""

from dataclasses import dataclass
from typing import Final

from finops_tui.engine import literal
from finops_tui.focus import CORRECTION, MONEY, ROW_COLUMNS, UNREADABLE, ChargeCategory
from finops_tui.sources.dialect import Dialect, Plan

REJECT: Final = "x_reject"
CELL: Final = "x_cell"
ROUNDED: Final = "x_rounded"
UNREAD: Final = "x_unread"

NO_COST: Final = "billed cost missing"
BAD_COST: Final = "billed cost is no amount"
NO_START: Final = "charge period start missing"
BAD_START: Final = "charge period start is no date"
AMBIGUOUS_START: Final = "charge period start is ambiguous: day or month first"

AMOUNTS: Final = tuple(name for name, type_ in ROW_COLUMNS.items() if type_ == MONEY)
INSTANTS: Final = tuple(name for name, type_ in ROW_COLUMNS.items() if type_ == "TIMESTAMP")
CHECKED: Final = (
    *(name for name in AMOUNTS + INSTANTS if name not in ("billed_cost", "charge_period_start")),
    "tags",
)
"""Columns whose unreadable cells become unknown and are counted: bit i of x_unread stands for CHECKED[i]."""

_ORACLE: Final = "(contains(lower(provider_name), 'oracle') OR lower(trim(provider_name)) = 'oci')"


@dataclass(frozen=True)
class Shape:
    """What decides how a file's cells are read: where its columns go and how its slash dates are meant."""

    plan: Plan
    instant: str = "instant"
    """The macro that reads a date: instant, month_first, day_first or undecided."""


def statement(shape: Shape, raw: str) -> str:
    """SQL over `raw`, a query of the text columns c0, c1 … and x_file.

    It yields ROW_COLUMNS, x_file, and REJECT, CELL, ROUNDED and UNREAD.
    """
    values = ",\n  ".join(f"{sql} AS {name}" for name, sql in _values(shape).items())
    columns = ", ".join(_finished(shape.plan).get(name, name) + f" AS {name}" for name in ROW_COLUMNS)
    instants = ", ".join(f"plausible({name}) AS {name}" for name in INSTANTS)
    # Four layers, each computed once: what a line's values are, then what is to be said of them.
    return (
        f"WITH raw AS NOT MATERIALIZED ({raw}),\n"
        f"read AS NOT MATERIALIZED (SELECT *,\n  {values}\nFROM raw),\n"
        f"cells AS NOT MATERIALIZED (SELECT * REPLACE ({instants}) FROM read)\n"
        f"SELECT {columns}, x_file, {_verdicts(shape)} FROM cells"
    )


def _values(shape: Shape) -> dict[str, str]:
    """The value of each column from its cells alone."""
    values: dict[str, str] = {}
    for name, type_ in ROW_COLUMNS.items():
        cell = _cell(shape.plan, name)
        if cell is None:
            values[name] = f"CAST(NULL AS {type_})"
        elif name in AMOUNTS:
            values[name] = f"amount({cell})"
        elif name in INSTANTS:
            values[name] = f"{shape.instant}({cell})"
        elif name == "tags":
            values[name] = f"tag_object({cell})"
        elif name == "billing_currency":
            values[name] = f"filled({cell})"
        else:
            values[name] = f"nullif({cell}, '')"
    values["charge_category"] = _spelled(values["charge_category"], tuple(ChargeCategory))
    values["charge_class"] = _spelled(values["charge_class"], (CORRECTION,))
    if shape.plan.tags:
        values["tags"] = _tag_columns(shape.plan)
    values["is_correction"] = _correction(shape.plan)
    return values


def _cell(plan: Plan, name: str) -> str | None:
    """The text of a column: of its several names the first that holds a value."""
    places = plan.columns.get(name, ())
    cells = [f"c{at}" for at in places]
    if len(cells) < 2:
        return cells[0] if cells else None
    return "coalesce(" + ", ".join(f"nullif({cell}, '')" for cell in cells) + ")"


def _spelled(cell: str, words: tuple[str, ...]) -> str:
    """A word of the vocabulary in its own spelling, whatever its case in the file; another stays as it is."""
    cases = " ".join(f"WHEN '{word.lower()}' THEN '{word}'" for word in words)
    return f"CASE lower(trim({cell})) {cases} ELSE {cell} END"


def _tag_columns(plan: Plan) -> str:
    """One JSON object of the tag columns that hold a value, in the order of their keys."""
    pairs = ", ".join(
        f"CASE WHEN c{at} <> '' THEN to_json({literal(key)}) || ':' || to_json(c{at}) END"
        for key, at in plan.tags
    )
    return f"nullif('{{' || concat_ws(',', {pairs}) || '}}', '{{}}')"


def _correction(plan: Plan) -> str:
    """Whether the line corrects an earlier one, as the file's own flag says.

    A back-reference alone is no flag: cost reports fill it in lines whose isCorrection is false. Oracle's
    FOCUS report has neither ChargeClass nor that flag; a back-reference to another line is its only mark.
    """
    if "is_correction" in plan.extras:
        return f"lower(trim(c{plan.extras['is_correction']})) IN ('true', 'y', 'yes', '1')"
    marks = []
    if "charge_subcategory" in plan.extras:
        marks.append(f"lower(trim(c{plan.extras['charge_subcategory']})) = 'correction'")
    back, own = _cell(plan, "x_back_reference"), _cell(plan, "x_reference")
    if plan.dialect is Dialect.OCI_FOCUS and back and "charge_class" not in plan.columns:
        marks.append(f"nullif(trim({back}), '') IS DISTINCT FROM {own or 'NULL'} AND trim({back}) <> ''")
    return f"coalesce({' OR '.join(marks)}, false)" if marks else "false"


def _finished(plan: Plan) -> dict[str, str]:
    """Columns that follow from several values of the line.

    Effective cost: Oracle's reports leave it 0 or out on usage lines, some of which they call adjustments
    (A1 cores); it is the billed cost then.
    Contracted cost of Oracle stays unknown unless the file gives it.
    """
    cost_report = plan.dialect is Dialect.OCI_COST_REPORT
    finished = {"charge_class": f"CASE WHEN is_correction THEN '{CORRECTION}' ELSE charge_class END"}
    if cost_report:
        finished |= {
            "provider_name": "'Oracle'",
            "charge_category": f"'{ChargeCategory.USAGE}'",
            "charge_frequency": "'Usage-Based'",
            "billing_period_start": "date_trunc('month', charge_period_start)",
            "billing_period_end": "date_trunc('month', charge_period_start) + INTERVAL 1 MONTH",
            "effective_cost": "billed_cost",
        }
    else:
        used = f"'{ChargeCategory.USAGE}', '{ChargeCategory.ADJUSTMENT}'"
        usage = f"coalesce(charge_category, '{ChargeCategory.USAGE}') IN ({used})"
        oracle = "true" if plan.dialect is Dialect.OCI_FOCUS else _ORACLE
        finished["effective_cost"] = (
            f"CASE WHEN {oracle} AND {usage} AND coalesce(effective_cost, 0) = 0"
            " THEN billed_cost ELSE effective_cost END"
        )
    return finished


def _verdicts(shape: Shape) -> str:
    """SQL of why a line is rejected, the cell it stumbled over, and the counts of what was read askew."""
    cost, start = _cell(shape.plan, "billed_cost"), _cell(shape.plan, "charge_period_start")
    bad_start = AMBIGUOUS_START if shape.instant == "undecided" else BAD_START
    reject = (
        f"CASE WHEN billed_cost IS NULL THEN"
        f" CASE WHEN filled({cost}) IS NULL THEN '{NO_COST}' ELSE '{BAD_COST}' END"
        f" WHEN charge_period_start IS NULL THEN"
        f" CASE WHEN filled({start}) IS NULL THEN '{NO_START}' ELSE '{bad_start}' END END"
    )
    cell = (
        f"CASE WHEN billed_cost IS NULL THEN left({cost}, 200)"
        f" WHEN charge_period_start IS NULL THEN left({start}, 200) END"
    )
    amounts = [found for name in AMOUNTS if (found := _cell(shape.plan, name))]
    rounded = " + ".join(f"coalesce(is_rounded({found}), 0)" for found in amounts)
    unread = " | ".join(["0", *_unread(shape.plan)])
    return f"{reject} AS {REJECT}, {cell} AS {CELL}, {rounded} AS {ROUNDED}, {unread} AS {UNREAD}"


def _unread(plan: Plan) -> list[str]:
    flags = []
    for bit, name in enumerate(CHECKED):
        cell = _cell(plan, name)
        if cell is None:
            continue
        if name == "tags":
            flags.append(f"CASE WHEN starts_with(tags, '{{\"{UNREADABLE}\"') THEN {1 << bit} ELSE 0 END")
        else:
            flags.append(
                f"CASE WHEN {name} IS NULL THEN"
                f" CASE WHEN filled({cell}) IS NOT NULL THEN {1 << bit} ELSE 0 END ELSE 0 END"
            )
    return flags
