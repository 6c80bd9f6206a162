"""What every screen has: header, breadcrumb, body, status line, key line; the faces; the order of Esc."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from inspect import isawaitable
from typing import Any, ClassVar, Self, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region

from finops_tui.errors import FinopsError, UsageError
from finops_tui.tui.commands import BY_ID, key_bar, on
from finops_tui.tui.loader import Finished
from finops_tui.tui.screens import taking
from finops_tui.tui.screens.tables import TableScreen
from finops_tui.tui.session import Session, session, shell
from finops_tui.tui.text import plain
from finops_tui.tui.theme import Tone
from finops_tui.tui.widgets.face import Face
from finops_tui.tui.widgets.header import Header
from finops_tui.tui.widgets.key_bar import KeyBar
from finops_tui.tui.widgets.line import Line, Part
from finops_tui.tui.widgets.prompt import Complete, Prompt
from finops_tui.tui.widgets.query_table import QueryTable
from finops_tui.tui.widgets.window import Row

T = TypeVar("T")
QUIT = replace(BY_ID["leave"], title="quit", priority=200)
"""What `q` does on the first screen, where Esc does nothing."""
PATIENCE = 0.25
"""Seconds before a screen without data says that it is loading: a quick answer paints once."""


class BaseScreen(TableScreen, inherit_bindings=False):
    """A screen yields its body from `compose_body` and asks for its data in `reload`, again and again.

    Commands of the registry end up in `do_<id>`; `why_not` says why one cannot run now.
    """

    where: ClassVar[str] = ""
    """The screen's name in the registry of commands."""
    heading: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self.shown_generation: int | None = None
        """Generation of the data on the screen; None: none was shown yet."""
        self._loading_since_no_data = False
        self._filter_before = ""

    # -- for the screens to fill in

    def compose_body(self) -> ComposeResult:
        """The widgets between breadcrumb and status line."""
        yield from ()

    def reload(self) -> None:
        """Ask the cache for what the screen shows; called at first sight and when the generation changed."""

    def why_not(self, command_id: str) -> str:
        """Why a command cannot run here and now; empty: it can."""
        return ""

    def ask_words(self, *words: str) -> None:
        """A question in words, on screens that answer one."""

    def filter_typed(self, text: str) -> None:
        """The `/` text, as it is typed; empty: no filter."""

    def filter_text(self) -> str:
        """The filter in force."""
        return ""

    def copied(self, row: Row) -> str:
        """What `y` copies of a row: an id, a name."""
        return ""

    def export(self, format: str, file: str) -> None:  # noqa: A002
        """Write what is on the screen to a file."""
        raise UsageError("there is nothing to export here")

    # -- the frame

    def compose(self) -> ComposeResult:
        yield Header("header")
        yield Line("crumbs")
        with Container(id="body"):
            yield from self.compose_body()
        yield Face()
        yield Prompt("status")
        yield KeyBar("keys")

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Paint the whole screen, except while the curtain is down: lifting it paints what is there then."""
        down = self.app.is_running and shell(self).curtain.down
        return super().refresh(*regions, repaint=repaint and not down, layout=layout, recompose=recompose)

    @property
    def session(self) -> Session:
        return session(self)

    def on_mount(self) -> None:
        if not self.children:  # pushed while the app is leaving: nothing was composed
            return
        self.set_crumbs()
        self.activate(self.table)
        self.reload()

    def on_screen_resume(self) -> None:
        if self.shown_generation == self.session.cache.generation():
            self._ready()
        elif self.shown_generation is not None:
            self.reload()

    def generation_changed(self, generation: int) -> None:
        """New data lies in the cache; the screen is in sight."""
        if generation != self.shown_generation:
            self.reload()

    def set_header(
        self,
        what: str,
        *,
        provisional: Sequence[date] = (),
        stale: str = "",
    ) -> None:
        """Who, what ("1–21 Nov 2026 · USD · billed"), and how fresh: as of, which days are provisional."""
        own = self.session
        self.query_one(Header).tell(own.title, what, own.as_of, provisional, stale)

    def set_crumbs(self, *steps: str, right: str = "") -> None:
        """Where this is: the screen's heading and then each step of the question."""
        text = " ▸ ".join([self.heading, *(plain(step) for step in steps)])
        self.query_one("#crumbs", Line).show([(f" {text}", "")], [(f"{right} ", "")] if right else ())

    _left: tuple[Part, ...] = ()
    _right: tuple[Part, ...] = ()

    def say(self, text: str, tone: Tone = "") -> None:
        """One line of news at the left of the status line."""
        self._left = ((f" {plain(text)}", tone),) if text else ()
        self.query_one(Prompt).status(self._left, self._right)

    def progress(self, text: str) -> None:
        """How far loading is, at the right of the status line."""
        self._right = ((f"{plain(text)} ", "muted"),) if text else ()
        self.query_one(Prompt).status(self._left, self._right)

    def offer_keys(self) -> None:
        """The key line: what works here and now."""
        able = [c for c in on(self.where) if c.id != f"go.{self.where}" and not self.why_not(c.id)]
        if self.session.refresh is None:
            able = [c for c in able if c.id != "sync"]
        if self.is_root:
            able = [c for c in able if c.id != "back"] + [QUIT]
        self.query_one("#keys", KeyBar).offer(key_bar(able), self.session.keys.keys)

    # -- the faces of the body

    def show_data(self) -> None:
        """The body itself."""
        self._face(False)
        self._ready()

    def show_face(self, headline: str, *lines: str, tone: Tone = "strong") -> None:
        """A message instead of the body: what there is to say, and what to do."""
        self.query_one(Face).show(headline, lines, tone)
        self._face(True)
        self._ready()

    def show_loading(self) -> None:
        """Said only when nothing is on the screen yet and the answer takes its time."""
        if self.shown_generation is None:
            self.set_timer(PATIENCE, self._still_loading)

    def show_error(self, error: FinopsError) -> None:
        """The error face; where data is on the screen it stays, and the status line says what failed."""
        if self.shown_generation is None:
            self.show_face(str(error), error.hint, "r loads again, esc goes back", tone="attention")
        else:
            self.say(" — ".join(error.lines()), "attention")

    def _face(self, shown: bool) -> None:
        # not by a class on the screen: that would style and paint every widget anew
        face, body = self.query_one(Face), self.query_one("#body")
        if face.display != shown:
            face.display = shown
            body.display = not shown

    def _ready(self) -> None:
        """There is something to see."""
        self.call_after_refresh(shell(self).curtain.lift)

    def _still_loading(self) -> None:
        if (
            self.shown_generation is None
            and not self.query_one(Face).display
            and not self.session.loader.idle
        ):
            self.show_face("Loading …", tone="")

    def load(
        self,
        topic: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[FinopsError], None] | None = None,
        drop: Callable[[T], None] | None = None,
    ) -> None:
        """Run a query off the event loop; a newer one of the same topic makes this one stale."""
        self.session.loader.load(self, topic, work, done, failed or self.show_error, drop)

    def on_finished(self, message: Finished) -> None:
        self.session.loader.deliver(message)

    # -- commands

    async def action_command(self, command_id: str) -> None:
        if self.is_mounted:  # else it has no widgets yet: a key that came too soon does nothing
            await self.run_command(command_id)

    async def run_command(self, command_id: str, *arguments: str) -> None:
        """Carry out a command of the registry here; say why if it cannot be."""
        command = BY_ID[command_id]
        reason = command.disabled or self.why_not(command_id)
        if self.where not in command.screens:
            reason = reason or f"not on the {self.heading} screen"
        if reason:
            self.say(f"{command.title}: {reason}", "attention")
            return
        # at once, not later: the next key may already wait, meant for the screen this one brings up
        owner = self if hasattr(self, command.handler) else self.app
        handler: Callable[..., Any] = getattr(owner, command.handler)
        try:
            result = handler(*arguments)
            if isawaitable(result):
                await result
        except FinopsError as error:
            self.say(" — ".join(error.lines()), "attention")
        except TypeError:
            if not arguments:
                raise
            self.say(f"{command.word or command.id} takes: {command.arguments or 'nothing'}", "attention")

    def do_back(self) -> None:
        """Esc, one thing at a time: the prompt, the marks, the filter, the screen."""
        if self.asking:
            self.close_prompt(cancelled=True)
        elif self.table and self.table.clear_marks():
            return
        elif self.filter_text():
            self.filter_typed("")
        else:
            self.leave()

    def do_leave(self) -> None:
        """The same, and at the root the program ends."""
        if (
            not self.asking
            and self.is_root
            and not (self.table and self.table.marks)
            and not self.filter_text()
        ):
            self.app.exit(return_code=0)
        else:
            self.do_back()

    @property
    def is_root(self) -> bool:
        return self.app.screen_stack[0] is self

    def leave(self) -> None:
        """Go back to the screen before this one."""
        shell(self).one_back()

    async def on_query_table_opened(self, message: QueryTable.Opened) -> None:
        await self.run_command("open")

    # -- taking it elsewhere

    def do_copy(self, what: str = "id") -> None:
        """The id or name of the row under the cursor, the row, or its table."""
        if self.table is not None and self.table.row is not None:
            self.say(taking.copy_from(self, self.table, what, self.copied(self.table.row)))

    def do_copy_row(self) -> None:
        self.do_copy("row")

    def do_export(self, format: str = "", file: str = "") -> None:  # noqa: A002
        if format:
            self.export(format, file)
        else:
            self.ask_command("export md ")

    # -- the prompt

    @property
    def asking(self) -> bool:
        """The prompt is open."""
        return any(prompt.sign for prompt in self.query(Prompt))

    def ask(self, sign: str, text: str = "", complete: Complete | None = None) -> None:
        """Open the prompt in the place of the status line."""
        self.query_one(Prompt).ask(sign, text, complete)

    def ask_command(self, text: str = "") -> None:
        """Open the command line with a beginning already typed."""
        self.ask(":", text, shell(self).completions)

    def offer_again(self) -> None:
        """More is known to complete with."""
        for prompt in self.query(Prompt):
            prompt.offer()

    def do_command(self) -> None:
        self.ask_command()

    def close_prompt(self, *, cancelled: bool) -> None:
        """Close it; a cancelled filter is what it was before."""
        prompt = self.query_one(Prompt)
        sign = prompt.sign
        prompt.close()
        self.offer_keys()
        if cancelled and sign == "/" and self.filter_text() != self._filter_before:
            self.filter_typed(self._filter_before)

    async def on_key(self, event: events.Key) -> None:
        """While the prompt is open, keys are text; only leaving, Esc and suspending are not.

        It is opened here, before the bindings: they run later, and what was typed ahead would be commands.
        """
        opener = next((id_ for id_ in ("command", "filter") if event.key in self.session.keys.keys[id_]), "")
        if self.asking and event.key not in ("escape", "ctrl+c", "ctrl+q", "ctrl+z"):
            event.stop()
            self.query_one(Prompt).key(event.key, event.character)
        elif opener and not self.asking and self.is_current:
            event.stop()
            await self.run_command(opener)

    def on_paste(self, event: events.Paste) -> None:
        if self.asking:
            event.stop()
            self.query_one(Prompt).insert(event.text)

    def do_filter(self, *words: str) -> None:
        if words:
            self.filter_typed(" ".join(words))
            return
        self._filter_before = self.filter_text()
        self.ask("/", self._filter_before)

    def on_prompt_typed(self, message: Prompt.Typed) -> None:
        if message.sign == "/" and self.asking:
            self.filter_typed(message.text)

    async def on_prompt_entered(self, message: Prompt.Entered) -> None:
        self.close_prompt(cancelled=False)
        if message.sign == "/":
            self.filter_typed(message.text)
        elif message.sign == ":":
            await shell(self).run_line(message.text)

    def on_prompt_offered(self, message: Prompt.Offered) -> None:
        if self.asking:
            text = "   ".join(plain(word) for word in message.words)
            self.query_one("#keys", KeyBar).show([(f" {text}", "muted")])
