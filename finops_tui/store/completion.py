"""Values a person may mean while typing: completion for filters and groupings."""

from datetime import timedelta

from finops_tui.store.compile import Bound, column, first_levels, split, tag_pointer
from finops_tui.store.query import UNTAGGED, Period
from finops_tui.store.session import Session
from finops_tui.store.snapshot import Snapshot

RECENT = timedelta(days=62)


def values(session: Session, dimension: str, prefix: str, limit: int) -> list[str]:
    """Values of the dimension that begin with `prefix` (ignoring case): those with most lines of late first.

    Accounts and resources by their name where they have one; UsageError for an unknown dimension.
    """
    name, argument = split(dimension)
    raw = column(dimension)
    return session.read(lambda snapshot: _values(session, snapshot, name, argument, raw, prefix, limit))


def _values(
    session: Session, snapshot: Snapshot, name: str, argument: str, raw: str, prefix: str, limit: int
) -> list[str]:
    bound, relation = Bound(), session.relation(snapshot)
    if name == "resource":
        seen = relation("resources", bound, ())
        source = f"SELECT coalesce(resource_name, resource_id) AS v, last_seen AS n FROM {seen}"
    else:
        recent = Period(session.as_of - RECENT, session.as_of)
        kind = "daily" if name in ("sku", "tag") else "rollup"
        used = (
            f"SELECT {raw} AS k, sum(lines) AS n FROM {relation(kind, bound, (recent,))}"
            f" WHERE day < {bound(session.as_of)} GROUP BY ALL"
        )
        if name == "tag":
            value = f"json_extract_string(tags, {bound(tag_pointer(argument))})"
            tagsets = relation("tagsets", bound, ())
            source = (
                f"SELECT coalesce({value}, '{UNTAGGED}') AS v, n FROM ({used}) u"
                f" LEFT JOIN {tagsets} t ON t.tagset_key = u.k"
            )
        elif name in ("account", "compartment"):
            names = f"(SELECT id, name FROM {relation('names', bound, ())} WHERE kind = '{name}')"
            value = first_levels("coalesce(t.name, u.k)", argument) if argument else "coalesce(t.name, u.k)"
            source = f"SELECT {value} AS v, n FROM ({used}) u LEFT JOIN {names} t ON t.id = u.k"
        else:
            source = f"SELECT k AS v, n FROM ({used})"
    order = "max(n)" if name == "resource" else "sum(n)"
    rows = session.rows(
        f"SELECT v FROM ({source}) WHERE starts_with(lower(v), {bound(prefix.lower())})"
        f" GROUP BY v ORDER BY {order} DESC, v LIMIT {bound(limit)}",
        bound,
    )
    return [row[0] for row in rows]


def tag_keys(session: Session) -> list[str]:
    """The tag keys of the bill, most tag sets first; those that Oracle sets itself last."""

    def ask(snapshot: Snapshot) -> list[str]:
        bound = Bound()
        tagsets = session.relation(snapshot)("tagsets", bound, ())
        rows = session.rows(
            f"SELECT k FROM (SELECT unnest(json_keys(tags)) AS k FROM {tagsets})"
            " GROUP BY k ORDER BY starts_with(k, 'Oracle-Tags.'), count(*) DESC, k",
            bound,
        )
        return [row[0] for row in rows]

    return session.read(ask)
