"""`show VIEW` and `report`: the question from the options, the answer in the asked format."""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Final, TypedDict, cast

from finops_tui.cli.context import Context, resolve
from finops_tui.cli.demo import ensure_loaded
from finops_tui.cli.output import width, write
from finops_tui.errors import DONE, NO, UsageError
from finops_tui.focus import Metric
from finops_tui.report.formats import Format, render, severe
from finops_tui.report.view import View, limited, ordered
from finops_tui.store import periods
from finops_tui.store.query import CostQuery, Granularity, Where
from finops_tui.store.reader import Cache

DAY: Final = timedelta(days=1)
PERIOD: Final = frozenset({"period", "start", "end"})
QUESTION: Final = PERIOD | {"where", "metric", "group_by", "limit", "sort"}
TAKES: Final[dict[str, frozenset[str]]] = {
    "overview": frozenset(),
    "costs": QUESTION | {"compare", "granularity"},
    "movers": QUESTION | {"compare"},
    "trends": QUESTION,
    "changes": PERIOD | {"limit", "sort"},
    "status": frozenset({"limit", "sort"}),
}
"""View → the options that mean something to it; any other is refused, not silently ignored."""

_SPELLED: Final = {"start": "--from", "end": "--to", "group_by": "--group-by"}
_SUFFIXES: Final[dict[str, Format]] = {".json": "json", ".csv": "csv", ".md": "md", ".txt": "table"}


def show(options: argparse.Namespace) -> int:
    """Print the view; 1 when --fail-on finds a row that severe."""
    refuse_unused(options)
    context = resolve(options)
    ensure_loaded(context)
    with closing(context.cache()) as cache:
        view = _VIEWS[options.view](context, cache, options)
    if options.sort and options.view != "costs":
        view = ordered(view, *sorting(options.sort))
    view = limited(view, options.limit)
    written = chosen_format(options)
    write(render(view, written, **looks(context, options)), options.output)
    if written == "csv":
        remark(view)
    return NO if options.fail_on and severe(view.rows, options.fail_on) else DONE


def refuse_unused(options: argparse.Namespace) -> None:
    """UsageError for an option that the view would ignore: its numbers would not be what was asked."""
    named = QUESTION | {"compare", "granularity"}
    for name in sorted(named - TAKES[options.view]):
        if getattr(options, name) is not None:
            raise UsageError(
                f"show {options.view} has no {_SPELLED.get(name, f'--{name}')}",
                "Leave it out, or ask show costs.",
            )


def chosen_format(options: argparse.Namespace) -> Format:
    """As asked; else by the file's ending; else a table on a terminal and JSON for scripts."""
    if options.format:
        return cast("Format", options.format)
    if options.output is not None:
        return _SUFFIXES.get(options.output.suffix.lower(), "json")
    return "table" if sys.stdout.isatty() else "json"


class Looks(TypedDict):
    """How a table is drawn."""

    width: int | None
    only_ascii: bool


def looks(context: Context, options: argparse.Namespace) -> Looks:
    """How wide a table may be and whether it must be ASCII, where it goes to."""
    if options.output is not None:
        return {"width": None, "only_ascii": context.settings.charts == "ascii"}
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    only_ascii = {"ascii": True, "unicode": False}.get(context.settings.charts, encoding != "utf8")
    return {"width": width(), "only_ascii": only_ascii}


def remark(view: View) -> None:
    """CSV has no place for what is missing: say it on standard error."""
    from finops_tui.cli.importing import said

    said(view.incomplete)


def ask(
    cache: Cache,
    options: argparse.Namespace,
    *,
    period: str,
    compare: str = "none",
    limit: int | None = None,
) -> CostQuery:
    """The cost query that the options spell, over defaults; UsageError when one makes no sense."""
    by, falls = order(options)
    grouping = getattr(options, "group_by", None)
    granularity = getattr(options, "granularity", None)
    return cache.ask(
        group_by=periods.parse_group_by(grouping) if grouping is not None else ("service",),
        where=filters(options),
        period=asked_period(options, period, cache),
        compare=periods.check_compare(getattr(options, "compare", None) or compare),
        metric=Metric(options.metric or "billed"),
        granularity=cast("Granularity", granularity or "total"),
        order_by=by,
        descending=falls,
        limit=limit,
    )


def filters(options: argparse.Namespace) -> tuple[Where, ...]:
    """The --where options."""
    return tuple(periods.parse_where(text) for text in options.where or ())


def asked_period(options: argparse.Namespace, default: str, cache: Cache) -> str:
    """The period's text: --period, or --from and --to, which may each be left out."""
    if options.start is None and options.end is None:
        return periods.check_period(options.period or default)
    if options.period:
        raise UsageError("--period and --from/--to contradict each other", "Give one of them.")
    end: date = options.end or cache.as_of
    first: date = options.start or _first_charge(cache, end)
    if first >= end:
        raise UsageError(f"no day lies from {first} to {end}", "--to is exclusive: give a later one.")
    return periods.check_period(f"{first}..{end}")


def _first_charge(cache: Cache, end: date) -> date:
    """The first charged day before `end`; where there is none, the day before it, which has none either."""
    first, last = cache.calendar().first_day, max(end, date.min + DAY) - DAY
    return first if first is not None and first < end else last


def sorting(text: str) -> tuple[str, bool | None]:
    """`delta:asc` → the field and whether it falls; no direction: None."""
    field, _, direction = text.rpartition(":")
    if direction in ("asc", "desc") and field:
        return field, direction == "desc"
    return text, None


STORE_ORDERS: Final = ("cost", "previous", "compared", "delta", "delta_percent")


def order(options: argparse.Namespace) -> tuple[str, bool]:
    """What the store sorts by: the asked field where it can, else cost."""
    field, falls = sorting(getattr(options, "sort", None) or "cost:desc")
    return (field, falls is not False) if field in STORE_ORDERS else ("cost", True)


def _overview(context: Context, cache: Cache, options: argparse.Namespace) -> View:
    from finops_tui.report.overview import overview_view
    from finops_tui.store.overview import overview

    return overview_view(overview(cache))


def _costs(context: Context, cache: Cache, options: argparse.Namespace) -> View:
    from finops_tui.report.views import costs

    field, falls = sorting(options.sort or "cost")
    here = options.sort is not None and field not in STORE_ORDERS
    query = ask(cache, options, period="30d", limit=None if here else options.limit)
    view = costs(cache, query)
    return ordered(view, field, falls) if here else view


def _movers(context: Context, cache: Cache, options: argparse.Namespace) -> View:
    from finops_tui.report.views import movers

    query = ask(cache, options, period="30d", compare="previous")
    if (options.compare or "").lower() == "none":
        raise UsageError("movers compare two periods", "Give --compare previous, year or a period.")
    if query.metric is Metric.QUANTITY:
        raise UsageError("movers are about money", "Give another --metric.")
    return movers(cache, query)


def _trends(context: Context, cache: Cache, options: argparse.Namespace) -> View:
    from finops_tui.cli.trends import trends

    return trends(cache, ask(cache, options, period="90d"), options.limit)


def _changes(context: Context, cache: Cache, options: argparse.Namespace) -> View:
    from finops_tui.report.stock import changes

    wanted = options.period or options.start or options.end
    period = cache.ask(period=asked_period(options, "all", cache)).period if wanted else None
    return changes(cache, period)


def _status(context: Context, cache: Cache, options: argparse.Namespace) -> View:
    from finops_tui.report.stock import status

    return status(cache)


_VIEWS: Final[dict[str, Callable[[Context, Cache, argparse.Namespace], View]]] = {
    "overview": _overview,
    "costs": _costs,
    "movers": _movers,
    "trends": _trends,
    "changes": _changes,
    "status": _status,
}


def report(options: argparse.Namespace) -> int:
    """Write the report: Markdown unless another format is asked."""
    from finops_tui.report import document
    from finops_tui.report import written as writer

    context = resolve(options)
    ensure_loaded(context)
    with closing(context.cache()) as cache:
        wanted = options.period or options.start or options.end
        found = document.build(
            cache,
            title=context.title,
            period=asked_period(options, "mtd", cache) if wanted else None,
            where=filters(options),
            compare=periods.check_compare(options.compare or "previous"),
            metric=Metric(options.metric or "billed"),
            limit=options.limit,
            group_by=periods.parse_group_by(options.group_by) if options.group_by else None,
        )
    written: Format = options.format or "md"
    write(writer.render(found, written, **looks(context, options)), options.output)
    return DONE
