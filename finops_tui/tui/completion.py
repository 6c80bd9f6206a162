"""What tab can make of a typed command: words of the registry, dimensions and values, periods, views."""

from collections.abc import Callable, Sequence

from textual.message_pump import MessagePump

from finops_tui.errors import FinopsError
from finops_tui.focus import Metric
from finops_tui.store.ledger import saved_views
from finops_tui.store.query import PLAIN_DIMENSIONS
from finops_tui.tui.commands import BY_WORD, COMMANDS
from finops_tui.tui.screens.explore_state import CHARGES, COMPARES, PERIODS, SORTS, TIME
from finops_tui.tui.session import Session
from finops_tui.tui.text import plain

DEPTHS = tuple(f"compartment:{depth}" for depth in range(1, 5))
MOST = 50


class Completer:
    """Completions of one session; values come from the cache a moment later: `came` is called then."""

    def __init__(self, owner: MessagePump, session: Session, came: Callable[[], None]) -> None:
        self._owner, self._session, self._came = owner, session, came
        self._values: dict[tuple[str, str], list[str]] = {}
        self._tags: list[str] = []
        self._generation = -1

    def lines(self, line: str) -> list[str]:
        """The whole lines that `line` can become, best first."""
        before, _, word = line.rpartition(" ")
        words = before.split()
        if not words:
            names = [c.word for c in COMMANDS if c.word and not c.disabled]
            return [name + " " for name in names if name.startswith(word)]
        command = BY_WORD.get(words[0])
        if command is None:
            return []
        choices = self._choices(command.word, words, word)
        return [f"{before} {choice}" for choice in choices if choice.casefold().startswith(word.casefold())]

    def _choices(self, name: str, words: Sequence[str], word: str) -> list[str]:
        fixed = {
            "metric": [metric.value for metric in Metric],
            "compare": list(COMPARES),
            "charges": list(CHARGES),
            "period": list(PERIODS),
            "sort": list(SORTS),
            "copy": ["id", "row", "table"],
            "export": ["md", "csv", "json"] if len(words) == 1 else [],
        }
        if name in fixed:
            return fixed[name]
        if name in ("view", "forget"):
            return [plain(view) for view in saved_views(self._session.paths)]
        if name == "resource":
            return self._asked("resource", word)
        if name == "by":
            return [*self.dimensions(), *TIME]
        if name in ("explore", "where"):
            return self._question(word, bare=name == "explore")
        return []

    def _question(self, word: str, *, bare: bool) -> list[str]:
        for sign in ("!=", "="):
            dimension, found, prefix = word.partition(sign)
            if found:
                if dimension == "compare":
                    return [f"compare={choice}" for choice in COMPARES]
                values = self._asked(dimension, prefix)
                return [f"{dimension}{sign}{_quoted(value)}" for value in values]
        names = self.dimensions()
        filters = [f"{name}=" for name in names]
        if not bare:
            return filters
        return [*names, *TIME, *PERIODS, *(metric.value for metric in Metric), *filters, "compare="]

    def dimensions(self) -> list[str]:
        """Everything that can be grouped by or filtered on."""
        self._renew()
        return [*PLAIN_DIMENSIONS, *DEPTHS, *(f"tag:{_quoted(key)}" for key in self._tags)]

    def _renew(self) -> None:
        """Values belong to a generation of the cache; tag keys are asked for at once."""
        generation = self._session.cache.generation()
        if generation == self._generation:
            return
        self._generation = generation
        self._values.clear()
        cache = self._session.cache

        def keep(keys: list[str]) -> None:
            self._tags = keys
            self._came()

        if generation:
            self._session.loader.load(self._owner, "tags", cache.tag_keys, keep, _ignore)

    def _asked(self, dimension: str, prefix: str) -> list[str]:
        self._renew()
        known = self._values.get((dimension, prefix))
        if known is not None:
            return known
        cache = self._session.cache

        def keep(values: list[str]) -> None:
            self._values[(dimension, prefix)] = values
            self._came()

        self._session.loader.load(
            self._owner, "values", lambda: cache.values(dimension, prefix, MOST), keep, _ignore
        )
        return []


def _quoted(text: str) -> str:
    """As one word of the command line: blanks and quotes behind a backslash."""
    shown = plain(text)
    return "".join(f"\\{c}" if c in " \"'\\" else c for c in shown)


def _ignore(error: FinopsError) -> None:
    """Completion is a help; where it fails the line can be typed."""
