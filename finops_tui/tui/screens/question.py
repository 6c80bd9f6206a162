"""A screen with a question that can be edited: the trail of drilling, the commands, saved views."""

from finops_tui.errors import UsageError
from finops_tui.focus import Metric
from finops_tui.store.ledger import forget_view, save_view, saved_views
from finops_tui.store.periods import check_compare, check_period
from finops_tui.store.query import Period
from finops_tui.tui.screens import explore_state as state
from finops_tui.tui.screens.base import BaseScreen
from finops_tui.tui.screens.explore_state import Level, Question, Trail


class QuestionScreen(BaseScreen):
    """Edits the question at the end of its trail and has it answered again."""

    trail: Trail | None = None

    @property
    def here(self) -> Level:
        """The level of the trail that is on the screen."""
        if self.trail is None:
            self.trail = Trail((Level(Question(period=self.session.settings.period)),))
        return self.trail.here

    @property
    def question(self) -> Question:
        return self.here.question

    def ask_question(self, question: Question) -> None:
        """Another question in the place of this one; the cursor's row is kept where it is still there."""
        self.trail = (self.trail or Trail((self.here,))).ask(question)
        self.reload()

    def answer_again(self, *, fresh: bool) -> None:
        """Have the question answered; `fresh` begins at the top, without marks."""
        raise NotImplementedError

    def rework(self) -> None:
        """The same data under another filter or in another order: the question is not asked again."""
        raise NotImplementedError

    def answered_period(self) -> Period | None:
        """The days of the answer on the screen."""
        raise NotImplementedError

    def sortable(self) -> list[str]:
        """The columns on the screen that rows can be sorted by."""
        raise NotImplementedError

    def ask_words(self, *words: str) -> None:
        """A question of its own, as it is typed behind `:explore`."""
        self.trail = Trail((Level(state.from_words(words, Question(period=self.session.settings.period))),))
        self.answer_again(fresh=True)

    def do_group(self, text: str = "") -> None:
        if not text:
            self.ask_command("by ")
            return
        self.ask_question(self.question.grouped(*state.grouping(text)))

    def do_where(self, *filters: str) -> None:
        if not filters:
            self.ask_command("where ")
            return
        added = state.from_words(filters).where
        self.ask_question(self.question.but(where=(*self.question.where, *added)))

    def do_metric(self, name: str = "") -> None:
        names = [metric.value for metric in Metric]
        chosen = state.metric(name or state.cycle(names, self.question.metric.value))
        self.ask_question(self.question.but(metric=chosen))

    def do_compare(self, text: str = "") -> None:
        chosen = check_compare(text or state.cycle(state.COMPARES, self.question.compare))
        self.ask_question(self.question.but(compare=chosen))

    def do_charges(self, text: str = "") -> None:
        chosen = state.charges(text or state.cycle(tuple(state.CHARGES), self.question.charges))
        self.ask_question(self.question.but(charges=chosen))

    def do_period(self, text: str = "") -> None:
        chosen = check_period(text or state.cycle(state.PERIODS, self.question.period))
        self.ask_question(self.question.but(period=chosen))

    def do_period_earlier(self) -> None:
        self._shift(-1)

    def do_period_later(self) -> None:
        self._shift(1)

    def _shift(self, steps: int) -> None:
        period = self.answered_period()
        moved = state.shift(period, steps, self.session.as_of) if period is not None else None
        if moved is not None:
            self.ask_question(self.question.but(period=moved))

    def do_sort(self, column: str = "") -> None:
        keys = self.sortable()
        question = self.question
        if column and column not in (*state.SORTS, *question.dimensions):
            raise UsageError(f"cannot sort by {column!r}", f"Sort by {', '.join(keys)}.")
        wanted = column or state.cycle(keys, question.order_by)
        self._sorted(question.sorted(wanted) if wanted != question.order_by else question)

    def do_sort_reverse(self) -> None:
        self._sorted(self.question.but(descending=not self.question.descending))

    def _sorted(self, question: Question) -> None:
        if self.trail is not None:
            self.trail = self.trail.ask(question)
            self.rework()

    # -- saved views

    def do_view(self, *name: str) -> None:
        views = saved_views(self.session.paths)
        if not name:
            if not views:
                raise UsageError("no view is saved yet", ":save NAME keeps this question.")
            self.ask_command("view ")
            return
        text = views.get(" ".join(name))
        if text is None:
            known = ", ".join(views) or "none"
            raise UsageError(f"there is no view {' '.join(name)!r}", f"Saved are {known}.")
        self.ask_words(*state.split(text))

    def do_view_save(self, *name: str) -> None:
        if not name:
            raise UsageError("a view needs a name", ":save NAME")
        save_view(self.session.paths, " ".join(name), state.to_words(self.question))
        self.say(f"saved as {' '.join(name)}; v brings it back")

    def do_view_forget(self, *name: str) -> None:
        known = forget_view(self.session.paths, " ".join(name))
        self.say(f"forgot {' '.join(name)}" if known else f"there is no view {' '.join(name)}")
