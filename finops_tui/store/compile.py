"""A cost query as SQL over the daily files: values are bound, never pasted, whatever a person typed.

Each period is summed on its own by the raw keys, then the few groups are pivoted and translated (compartment
ids to paths, tag sets to values), because joining before summing would touch every row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from finops_tui.errors import UsageError
from finops_tui.focus import MONEY, Metric
from finops_tui.store.daily import UNKNOWN
from finops_tui.store.query import NONE, UNTAGGED, CostQuery, Period, Where

COLUMNS = {
    "provider": "provider_name",
    "account": "account_id",
    "service": "service_name",
    "category": "service_category",
    "sku": "sku_id",
    "compartment": "x_compartment_id",
    "region": "region_id",
    "resource": "resource_key",
    "charge_category": "charge_category",
    "charge_class": "charge_class",
    "currency": "billing_currency",
    "tag": "tagset_key",
}
"""Dimension (without its argument) → the column of the daily table that holds its raw key."""

AMOUNTS = {
    Metric.BILLED: "billed_cost",
    Metric.EFFECTIVE: "effective_cost",
    Metric.LIST: "list_cost",
    Metric.CONTRACTED: "contracted_cost",
    Metric.QUANTITY: "quantity",
}
_DAILY_ONLY = frozenset(("sku", "resource", "tag"))
_ENUMERATIONS = frozenset(("charge_category", "charge_class", "currency"))
_NAMED = {"account": "account", "sku": "sku"}

Relation = Callable[[str, "Bound", Sequence[Period]], str]
"""(kind of file, bound values, periods) → what stands after FROM."""


@dataclass
class Bound:
    """The values of one statement, by name: `bound(value)` is the placeholder to write."""

    values: dict[str, object] = field(default_factory=dict)

    def __call__(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def split(dimension: str) -> tuple[str, str]:
    """`tag:team` → ("tag", "team"); a plain dimension has no argument."""
    name, _, argument = dimension.partition(":")
    return name, argument


def column(dimension: str) -> str:
    """The raw key column of a dimension; UsageError for an unknown one."""
    name, _ = split(dimension)
    if name not in COLUMNS:
        raise UsageError(
            f"unknown dimension {dimension!r}", "See `finops-tui show --help` for the dimensions."
        )
    return COLUMNS[name]


def like(pattern: str) -> tuple[str, bool]:
    """A pattern with `*` wildcards as (LIKE pattern with `\\` as escape, literal?).

    Where there is no wildcard the text is returned as it is to be compared. `\\*` and `\\\\` are literal.
    """
    literal, likened, wild, index = [], [], False, 0
    while index < len(pattern):
        character = pattern[index]
        if character == "\\" and pattern[index + 1 : index + 2] in ("*", "\\", "("):
            index += 1
            character = pattern[index]
        elif character == "*":
            wild = True
            likened.append("%")
            index += 1
            continue
        literal.append(character)
        likened.append(f"\\{character}" if character in "%_\\" else character)
        index += 1
    return ("".join(likened), False) if wild else ("".join(literal), True)


def _matches(expression: str, patterns: Sequence[str], bound: Bound) -> str:
    """SQL: whether the expression is one of the patterns' texts or like one of them."""
    literal = [bound(text) for text, plain in map(like, patterns) if plain]
    tests = [
        f"{expression} LIKE {bound(text)} ESCAPE '\\'" for text, plain in map(like, patterns) if not plain
    ]
    if literal:
        one = f"= {literal[0]}" if len(literal) == 1 else f"IN ({', '.join(literal)})"
        tests.append(f"{expression} {one}")
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def first_levels(path: str, depth: str) -> str:
    """SQL: the first `depth` levels of a compartment path."""
    return f"array_to_string(string_split({path}, '/')[1:{int(depth)}], '/')"


def tag_pointer(key: str) -> str:
    """The JSON pointer of a tag key."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def condition(dimension: str, patterns: Sequence[str], bound: Bound, relation: Relation) -> str:
    """SQL over the daily columns that is true where the dimension matches any of the patterns."""
    name, argument = split(dimension)
    raw = column(dimension)
    missing = (NONE, UNTAGGED) if name == "tag" else (NONE,)
    named = [pattern for pattern in patterns if pattern not in missing]
    tests = []
    if len(named) < len(patterns):
        tests.append(_untagged(argument, bound, relation) if name == "tag" else f"{raw} IS NULL")
    if named and name == "tag":
        tests.append(_tagged(argument, named, bound, relation))
    elif named and name in _ENUMERATIONS:
        tests.append(_matches(f"lower({raw})", [pattern.lower() for pattern in named], bound))
    elif named and name == "resource" and all(map(_is_id, named)):
        keys = ", ".join(f"md5_number_lower({bound(like(pattern)[0])})" for pattern in named)
        tests.append(f"{raw} IN ({keys})")
    elif named and name == "resource":
        either = f"{_matches('resource_id', named, bound)} OR {_matches('resource_name', named, bound)}"
        resources = relation("resources", bound, ())
        tests.append(f"{raw} IN (SELECT resource_key FROM {resources} WHERE {either})")
    elif named and name in (*_NAMED, "compartment"):
        tests.append(_named_in(name, argument, named, bound, relation))
    elif named:
        tests.append(_matches(raw, named, bound))
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def _is_id(pattern: str) -> bool:
    """Whether a pattern is one resource's id as the clouds write them: its key needs no look-up of names."""
    return like(pattern)[1] and pattern.startswith(("ocid1.", "arn:", "/subscriptions/", "//"))


def _named_in(name: str, depth: str, patterns: Sequence[str], bound: Bound, relation: Relation) -> str:
    raw = COLUMNS[name]
    label, own = ("name", raw) if not depth else (first_levels("name", depth), first_levels(raw, depth))
    ids = f"SELECT id FROM {relation('names', bound, ())} WHERE kind = '{name}'"
    by_id = _matches(own, patterns, bound)
    if depth:  # an id is a path of its own only where no path is known
        by_id = f"({by_id} AND {raw} NOT IN ({ids} AND name IS NOT NULL))"
    return f"({by_id} OR {raw} IN ({ids} AND {_matches(label, patterns, bound)}))"


def _tags(key: str, bound: Bound, relation: Relation) -> tuple[str, str]:
    value = f"json_extract_string(tags, {bound(tag_pointer(key))})"
    return value, f"SELECT tagset_key FROM {relation('tagsets', bound, ())} WHERE"


def _untagged(key: str, bound: Bound, relation: Relation) -> str:
    value, keys = _tags(key, bound, relation)
    return f"(tagset_key IS NULL OR tagset_key NOT IN ({keys} {value} IS NOT NULL))"


def _tagged(key: str, patterns: Sequence[str], bound: Bound, relation: Relation) -> str:
    value, keys = _tags(key, bound, relation)
    return f"tagset_key IN ({keys} {_matches(value, patterns, bound)})"


def kept(wheres: Iterable[Where], bound: Bound, relation: Relation) -> list[str]:
    """SQL conditions that must all hold: per dimension any of the positive patterns, none of the negated."""
    sides: dict[tuple[str, bool], list[str]] = {}
    for where in wheres:
        sides.setdefault((where.dimension, where.negated), []).append(where.pattern)
    conditions = []
    for (dimension, negated), patterns in sides.items():
        sql = condition(dimension, patterns, bound, relation)
        conditions.append(f"({sql}) IS NOT TRUE" if negated else sql)
    return conditions


def needs_daily(dimensions: Iterable[str]) -> bool:
    """Whether one of the dimensions is not in the rollup."""
    return any(split(dimension)[0] in _DAILY_ONLY for dimension in dimensions)


PREVIOUS, COMPARED, REST = 0, 1, 2


@dataclass(frozen=True)
class Wanted:
    """What the groups must tell besides their amounts, and what need not be looked for."""

    quantity: bool = False
    """Quantity and unit of each group, which only the daily table holds."""
    all_known: bool = False
    """The cache holds no line whose amount is unknown: nothing to count."""


def slices(query: CostQuery, as_of: date) -> list[tuple[int, Period]]:
    """The periods to sum, numbered: those compared with, the complete days, the rest of the asked period."""
    end = min(query.period.end, as_of)
    asked = Period(query.period.start, end)
    compared, compare = query.compared, query.compare
    if compared is None or compare is None:
        return [(REST, asked)]
    parts = [
        (PREVIOUS, Period(compare.start, min(compare.end, as_of))),
        (COMPARED, Period(max(compared.start, asked.start), min(compared.end, end))),
        (REST, Period(asked.start, min(compared.start, end))),
        (REST, Period(max(compared.end, asked.start), end)),
    ]
    return [(number, period) for number, period in parts if period.days > 0] or [(REST, asked)]


def _bucket(query: CostQuery, number: int) -> str:
    """SQL of a row's first day; days compared with are moved onto the days they are held against."""
    if query.granularity == "total":
        return ""
    day = "day"
    if number == PREVIOUS and query.compared and query.compare:
        new, old = query.compared.start, query.compare.start
        if query.granularity == "month" and new.day == old.day:
            months = (new.year - old.year) * 12 + new.month - old.month
            day = f"CAST(day + to_months({months}) AS DATE)"
        else:
            day = f"day + {(new - old).days}"
    return (
        f"CAST(date_trunc('month', {day}) AS DATE) AS day"
        if query.granularity == "month"
        else f"{day} AS day"
    )


def _summed(
    query: CostQuery, number: int, period: Period, bound: Bound, relation: Relation, wanted: Wanted
) -> str:
    amount = AMOUNTS[query.metric]
    by_unit = query.metric is Metric.QUANTITY
    columns = [f"{column(dimension)} AS k{index}" for index, dimension in enumerate(query.group_by)]
    columns += [bucket] if (bucket := _bucket(query, number)) else []
    columns.append(f"{'unit' if by_unit else 'billing_currency'} AS u")
    unknown = "0" if wanted.all_known else f"sum({UNKNOWN[amount]})"
    columns += [f"sum({amount}) AS m", f"{unknown} AS x", "sum(lines) AS n", f"{number} AS b"]
    if wanted.quantity:
        # grouped by, and told apart when the groups are few: comparing the units of all rows is slow
        columns += ["sum(quantity) AS q", "sum(quantity_unknown) AS qx", "unit AS q_unit"]
    conditions = [f"day >= {bound(period.start)}", f"day < {bound(period.end)}"]
    conditions += kept(query.where, bound, relation)
    if by_unit:
        conditions.append("(unit IS NOT NULL OR quantity IS NOT NULL)")
    daily = wanted.quantity or by_unit or needs_daily([*query.group_by, *(w.dimension for w in query.where)])
    source = relation("daily" if daily else "rollup", bound, (period,))
    return f"SELECT {', '.join(columns)} FROM {source} WHERE {' AND '.join(conditions)} GROUP BY ALL"


def key(index: int, dimension: str, bound: Bound, relation: Relation) -> tuple[str, str]:
    """How a raw key becomes the row's key: (SQL, join). A resource keeps its number until it is shown."""
    name, argument = split(dimension)
    raw, alias = f"g.k{index}", f"t{index}"
    if name == "compartment":
        paths = f"SELECT id, name FROM {relation('names', bound, ())} WHERE kind = 'compartment'"
        join = f" LEFT JOIN ({paths}) {alias} ON {alias}.id = {raw}"
        path = f"coalesce({alias}.name, {raw})"
        return (first_levels(path, argument) if argument else path), join
    if name == "tag":
        value = f"json_extract_string(tags, {bound(tag_pointer(argument))})"
        values = f"SELECT tagset_key, {value} AS value FROM {relation('tagsets', bound, ())}"
        join = f" LEFT JOIN ({values}) {alias} ON {alias}.tagset_key = {raw}"
        return f"coalesce({alias}.value, '{UNTAGGED}')", join
    return raw, ""


_SIDES = {
    "some_cost": f"b <> {PREVIOUS}",
    "some_compared": f"b = {COMPARED}",
    "some_previous": f"b = {PREVIOUS}",
}


def _known(test: str, wanted: Wanted) -> str:
    """A sum that is 0 without lines, and NULL (unknown) where there are lines but no known amount."""
    if wanted.all_known:
        return f"coalesce(sum(CASE WHEN {test} THEN m END), 0)"
    return (
        f"coalesce(sum(CASE WHEN {test} THEN m END),"
        f" CASE WHEN coalesce(sum(CASE WHEN {test} THEN x END), 0) = 0 THEN CAST(0 AS {MONEY}) END)"
    )


def groups(query: CostQuery, as_of: date, bound: Bound, relation: Relation, wanted: Wanted) -> str:
    """SQL of the query's groups, unordered: k0 … kn, [day,] u (currency or unit), cost, compared, previous
    (NULL: unknown), whether each has a known amount in it (some_…), unknown and lines (counts), [q, unit:
    only where one unit holds for the whole group]."""
    parts = slices(query, as_of)
    union = " UNION ALL ".join(_summed(query, n, p, bound, relation, wanted) for n, p in parts)
    keys = [key(index, dimension, bound, relation) for index, dimension in enumerate(query.group_by)]
    columns = [f"{sql} AS k{index}" for index, (sql, _) in enumerate(keys)]
    columns += ["g.day AS day"] if query.granularity != "total" else []
    columns += ["g.u AS u", f"{_known(f'b <> {PREVIOUS}', wanted)} AS cost"]
    if any(number != REST for number, _ in parts):
        columns += [
            f"{_known(f'b = {COMPARED}', wanted)} AS compared",
            f"{_known(f'b = {PREVIOUS}', wanted)} AS previous",
        ]
    else:
        columns += [f"CAST(NULL AS {MONEY}) AS compared", f"CAST(NULL AS {MONEY}) AS previous"]
    for name, test in _SIDES.items():
        columns.append(f"{'true' if wanted.all_known else f'bool_or({test} AND m IS NOT NULL)'} AS {name}")
    columns += ["CAST(sum(x) AS BIGINT) AS unknown", "CAST(sum(n) AS BIGINT) AS lines"]
    if wanted.quantity:
        now = f"b <> {PREVIOUS}"
        same = (
            f"sum(CASE WHEN {now} THEN CASE WHEN q_unit IS NULL THEN 1 ELSE qx END END) = 0"
            f" AND min(CASE WHEN {now} THEN q_unit END) = max(CASE WHEN {now} THEN q_unit END)"
        )
        columns += [
            f"CASE WHEN {same} THEN sum(CASE WHEN {now} THEN q END) END AS q",
            f"CASE WHEN {same} THEN min(CASE WHEN {now} THEN q_unit END) END AS unit",
        ]
    joins = "".join(join for _, join in keys)
    return f"SELECT {', '.join(columns)} FROM ({union}) g{joins} GROUP BY ALL"


def labels(group_by: Sequence[str], bound: Bound, relation: Relation) -> tuple[str, str]:
    """SQL of the shown keys k0 … and labels l0 … over groups `g`, and the joins they need."""
    columns, joins = [], ""
    for index, dimension in enumerate(group_by):
        raw, alias = f"g.k{index}", f"n{index}"
        if dimension == "resource":
            joins += f" LEFT JOIN {relation('resources', bound, ())} {alias} ON {alias}.resource_key = {raw}"
            columns.append(f"{alias}.resource_id AS k{index}, {alias}.resource_name AS l{index}")
        elif kind := _NAMED.get(dimension):
            names = f"(SELECT id, name FROM {relation('names', bound, ())} WHERE kind = '{kind}')"
            joins += f" LEFT JOIN {names} {alias} ON {alias}.id = {raw}"
            columns.append(f"{raw} AS k{index}, {alias}.name AS l{index}")
        else:
            columns.append(f"{raw} AS k{index}, {raw} AS l{index}")
    return ", ".join(columns), joins
