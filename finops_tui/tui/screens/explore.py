"""Explore: the cost query, live. Drilling edits the question, Esc takes the edit back."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from finops_tui import figures as fmt
from finops_tui.errors import UsageError
from finops_tui.store.facts import DayCost
from finops_tui.store.query import CostRow, Period, Where
from finops_tui.tui.commands import bindings
from finops_tui.tui.screens import explore_state as state
from finops_tui.tui.screens import first_run, taking
from finops_tui.tui.screens.explore_answer import Answer, answer, daily, provisional, windowed
from finops_tui.tui.screens.explore_rows import (
    NOTHING,
    TREND_DAYS,
    CostRows,
    Sparks,
    columns,
    main_first,
    row_key,
    summed,
    sums_text,
    totals_text,
)
from finops_tui.tui.screens.explore_state import Lines, Resource
from finops_tui.tui.screens.question import QuestionScreen
from finops_tui.tui.session import shell
from finops_tui.tui.text import tail
from finops_tui.tui.widgets.chart import Chart
from finops_tui.tui.widgets.line import Line, Part
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Row

WIDE = 100
"""From this width on the header also says what the period is compared with."""
BESIDE = 150
"""From this width on the chart stands beside the table."""
PLOTTED = 12
"""Rows that are plotted together at most."""


class ExploreScreen(QuestionScreen):
    """A question, its answer, its sums; and, when asked for, a chart of the selection."""

    where: ClassVar[str] = "explore"
    heading: ClassVar[str] = "Explore"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("explore")]

    def __init__(self) -> None:
        super().__init__()
        self._answer: Answer | None = None
        self._source: CostRows | None = None
        self._plotted: tuple[object, ...] = ()
        self._called: dict[str | None, str | None] = {}
        """Names of ids that were seen in answers."""

    def compose_body(self) -> ComposeResult:
        with Container(id="list"):
            yield QueryTable(id="costs")
            yield Line("totals")
        yield Chart(id="chart")

    # -- asking

    def reload(self) -> None:
        self.show_loading()
        self.answer_again(fresh=False)

    def answer_again(self, *, fresh: bool) -> None:
        level = self.here
        cache = self.session.cache
        wanted = level.cursor or (None if fresh else self._under_cursor())
        self.load(
            "answer",
            lambda: answer(cache, level.question, level.text, wanted),
            lambda found: self._show(found, cursor=level.cursor, fresh=fresh),
            drop=Answer.close,
        )

    def rework(self) -> None:
        if self._answer is None:
            self.reload()
            return
        old, level, cache = self._answer, self.here, self.session.cache
        wanted = self._under_cursor()

        def work() -> Answer:
            ordered = old.table.sorted(level.question.order_by, level.question.descending)
            table = ordered.filter(level.text)
            ordered.close()
            return windowed(cache, table, old.calendar, wanted)

        self.load("answer", work, self._show, drop=Answer.close)

    def _under_cursor(self) -> object:
        row = self.query_one(QueryTable).row
        return row.key if row is not None else None

    def answered_period(self) -> Period | None:
        return self._answer.table.query.period if self._answer is not None else None

    def sortable(self) -> list[str]:
        shown = self.query_one(QueryTable).shown_columns
        return [c.key for c in shown if c.key not in ("bar", "trend", "currency")]

    def _show(self, found: Answer, *, cursor: object = None, fresh: bool = False) -> None:
        if self._answer is not None:
            self.load(f"close {id(self._answer)}", self._answer.close, lambda _: None)
        self._answer = found
        query = found.table.query
        self.shown_generation = found.table.generation
        self._heads(found)
        if not found.table.count and not found.table.text:
            self._nothing(found)
            return
        self._source = CostRows(found.table, found.rows, found.sparks)
        self.query_one(QueryTable).show(
            self._source,
            columns=columns(query, len(found.table.all_totals)),
            sort=(self.question.order_by, self.question.descending),
            cursor=cursor,
            # a cursor that moved meanwhile stays where it is
            place=found.place if cursor or self._under_cursor() == found.wanted else None,
            fresh=fresh,
        )
        if fresh:
            # the chart was of a selection that is gone
            self.query_one(Chart).display = False
        self._sums()
        notes = found.table.incomplete
        self.say("; ".join(notes), "attention" if notes else "")
        self.show_data()
        self.offer_keys()

    def _nothing(self, found: Answer) -> None:
        if not found.table.generation:
            headline, lines = first_run.offers(self.session)
            self.show_face(headline, *lines)
            return
        self.show_face(
            "No charges match this question.",
            f"{state.to_words(self.question)}",
            "esc goes back, t takes another period, x other charges, :explore begins anew.",
        )

    def _heads(self, found: Answer) -> None:
        query = found.table.query
        days = fmt.day_range(query.period, True) if query.period.days > 0 else "no days"
        wide = self.size.width >= WIDE
        if query.compare is not None and query.compared is not None and wide:
            now = f", {fmt.day_range(query.compared)}" if query.compared.end != query.period.end else ""
            other_year = query.compare.start.year != query.period.start.year
            days += f"{now} vs {fmt.day_range(query.compare, other_year)}"
        units = " + ".join(str(unit or NOTHING) for unit in main_first(found.table.all_totals, found.rows))
        self.set_header(
            " · ".join(part for part in (days, units, query.metric if wide else "") if part),
            provisional=provisional(query, found.calendar),
        )
        by = ", ".join(self.question.group_by) or "nothing"
        charges = [] if self.question.charges == "all" else [f"charges: {self.question.charges}"]
        for row in found.rows:
            self._called.update(zip(row.keys, row.labels, strict=False))
        wheres = [self._words(where) for where in self.question.where]
        table = found.table
        counted = f"{fmt.count(table.count)} of {fmt.count(table.all_count)} · filter: {table.text}"
        right = counted if table.text else ""
        self.set_crumbs(*wheres, *charges, f"by {by}", right=right)

    def _words(self, where: Where) -> str:
        """A filter as the breadcrumb says it: by name where the id's name was seen, else the id's end."""
        name = self._called.get(where.pattern)
        if not name or name == where.pattern:
            name = tail(where.pattern) if where.pattern.startswith("ocid1.") else where.pattern
        return f"{where.dimension} {'not ' if where.negated else ''}{name}"

    def _sums(self) -> None:
        """The line below the table: what all rows add up to, and what the marked ones do."""
        if self._answer is None:
            return
        table = self._answer.table
        rows = f" {fmt.count(table.count)} row{'' if table.count == 1 else 's'} · "
        totals = main_first(table.totals, self._answer.rows)
        marked = self._marked()
        right = f"{len(marked)} marked · {sums_text(table.query, summed(marked))} " if marked else ""
        left: list[Part] = [(rows + totals_text(table.query, totals), "strong")]
        self.query_one("#totals", Line).show(left, [(right, "attention")] if right else ())

    def _marked(self) -> list[CostRow]:
        return [r.data for r in self.query_one(QueryTable).marks.values() if isinstance(r.data, CostRow)]

    def on_query_table_marked(self, message: QueryTable.Marked) -> None:
        self._sums()

    def on_query_table_moved(self, message: QueryTable.Moved) -> None:
        """Trends of rows that came into sight."""
        if self._source is None or self._answer is None or self._answer.table.query.granularity != "total":
            return
        rows = [row.data for row in message.table.visible_rows if isinstance(row.data, CostRow)]
        missing = [row for row in rows if (row.keys, row.currency) not in self._source.sparks]
        if missing:
            source, query, cache = self._source, self._answer.table.query, self.session.cache

            def done(found: Sparks) -> None:
                source.sparks.update({(r.keys, r.currency): () for r in missing})
                source.sparks.update(found)
                if source is self._source:
                    message.table.redraw()

            self.load("trends", lambda: cache.sparks(query, missing, TREND_DAYS), done, lambda _: None)

    # -- moving through the data

    def _row(self) -> CostRow:
        row = self.query_one(QueryTable).row
        if row is None or not isinstance(row.data, CostRow):
            raise UsageError("there is no row here")
        return row.data

    async def do_open(self) -> None:
        row = self._row()
        found = state.drill(self.question, row)
        if isinstance(found, Resource):
            await shell(self).open_resource(found.resource_id)
        elif isinstance(found, Lines):
            await shell(self).open_lines(found.where, found.period)
        elif self.trail is not None:
            self.trail = self.trail.down(found, row_key(row))
            self.answer_again(fresh=True)

    def leave(self) -> None:
        if self.trail is None or len(self.trail.levels) == 1:
            super().leave()
            return
        self.trail = self.trail.up()
        self.answer_again(fresh=True)

    def filter_text(self) -> str:
        return self.here.text

    def filter_typed(self, text: str) -> None:
        if self.trail is not None and text != self.here.text:
            self.trail = self.trail.filter(text)
            self.rework()

    def why_not(self, command_id: str) -> str:
        empty = self._answer is None or not self._answer.table.count
        if empty and command_id in ("open", "mark", "copy", "copy.row", "plot"):
            return "there is no row"
        if command_id in ("pane.next", "pane.previous"):
            return "there is one table here"
        if command_id == "period.later" and self._answer is not None:
            later = state.shift(self._answer.table.query.period, 1, self.session.as_of)
            return "" if later else "nothing is charged later"
        return ""

    # -- the chart

    def on_resize(self) -> None:
        self.query_one("#body").set_class(self.size.width >= BESIDE, "-beside")

    def do_plot(self) -> None:
        """Chart the marked rows or the row under the cursor; the same ones again: put it away."""
        chart = self.query_one(Chart)
        rows = (self._marked() or [self._row()])[:PLOTTED]
        selection = tuple(row_key(row) for row in rows)
        if chart.display and selection == self._plotted:
            chart.display = False
            return
        self._plotted = selection
        if self._answer is None:
            return
        query, calendar, cache = self._answer.table.query, self._answer.calendar, self.session.cache
        self.load("plot", lambda: daily(cache, query, rows, calendar.complete_through), self._draw)

    def _draw(self, found: tuple[str, list[DayCost]]) -> None:
        chart = self.query_one(Chart)
        chart.show(*found)
        chart.display = True

    # -- taking it elsewhere

    def copied(self, row: Row) -> str:
        """The row's ids; of a day alone the day."""
        found = self._row()
        return " ".join([key or "" for key in found.keys] or [str(found.day)])

    def export(self, format: str, file: str) -> None:  # noqa: A002
        if self._answer is None:
            raise UsageError("there is nothing to export yet")
        from finops_tui.tui.screens.explore_view import on_screen

        table, cache = self._answer.table, self.session.cache
        taking.export(self, lambda: on_screen(cache, table), "costs", format, file)
