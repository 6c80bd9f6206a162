"""THE registry of commands: bindings, key bar, help, completion and the README's key table come from here.

A command is carried out by the method `do_<id>` (dots as underscores) of the screen, else of the app, with
the words behind the command's word as its arguments. A screen's `why_not(id)` says why it cannot run now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textual.binding import Binding

EVERYWHERE = ("overview", "explore", "resource", "lines", "data", "detail", "first_run", "help")
TABLES = ("overview", "explore", "resource", "lines", "data", "detail")
LATER = "comes later"


@dataclass(frozen=True)
class Command:
    """One thing a person can do."""

    id: str
    keys: tuple[str, ...]
    """Textual key names; the first is the one that is shown."""
    title: str
    """One or two words, for the key bar."""
    help: str
    """One sentence without its full stop, for the help screen and the README."""
    screens: tuple[str, ...] = EVERYWHERE
    priority: int = 0
    """Place in the key bar, smallest first; 0: not in the key bar."""
    word: str = ""
    """What it is called behind `:`; empty: only a key."""
    arguments: str = ""
    """What may follow the word, as help shows it."""
    disabled: str = ""
    """Why it cannot run anywhere yet."""

    @property
    def handler(self) -> str:
        return "do_" + self.id.replace(".", "_")

    def bindings(self) -> Iterator[Binding]:
        """One binding per key; ids are `id`, `id#2`, …, so that a keymap can replace each key."""
        for number, key in enumerate(self.keys, 1):
            name = self.id if number == 1 else f"{self.id}#{number}"
            yield Binding(key, f"command('{self.id}')", self.title, show=False, id=name)


def _go(digit: int, name: str, meaning: str, *, built: bool = False) -> Command:
    return Command(
        f"go.{name.lower()}",
        (str(digit),),
        name,
        meaning,
        priority=30 + digit if built else 0,
        word=name.lower(),
        disabled="" if built else LATER,
    )


COMMANDS: tuple[Command, ...] = (
    # where to be
    _go(1, "Overview", "what are we spending, what changed, where does it go", built=True),
    Command(
        "go.explore",
        ("2",),
        "Explore",
        "the cost query, live",
        priority=32,
        word="explore",
        arguments="DIM… DIM=VALUE… PERIOD METRIC",
    ),
    _go(3, "Anomalies", "what moved and why"),
    _go(4, "Forecast", "what the month will end at"),
    _go(5, "Savings", "what can be saved"),
    _go(6, "Budgets", "are the budgets kept"),
    _go(7, "Actions", "what was approved and applied"),
    _go(8, "Policies", "are the rules kept"),
    _go(9, "Data", "what is in, through when it is complete, what was rejected", built=True),
    Command("resource", (), "resource", "one resource over time", word="resource", arguments="OCID"),
    # in and out
    Command("open", ("enter",), "open", "go into the row under the cursor", TABLES, 10),
    Command(
        "back",
        ("escape", "backspace"),
        "back",
        "close the prompt, else drop the marks, the filter, else go back",
        priority=11,
    ),
    Command("leave", ("q",), "back", "like esc; on the first screen it quits"),
    Command(
        "filter", ("slash",), "filter", "keep the rows that hold this text", TABLES, 12, "filter", "TEXT"
    ),
    Command("command", ("colon", "ctrl+p"), "go", "type a command, tab completes it", priority=13),
    Command("help", ("question_mark", "f1"), "help", "the keys of this place", priority=99, word="help"),
    Command("quit", ("ctrl+q",), "quit", "leave the program", word="quit"),
    Command("interrupt", ("ctrl+c",), "quit", "twice: leave the program"),
    Command("suspend", ("ctrl+z",), "suspend", "back to the shell; fg returns"),
    # moving
    Command("move.down", ("j", "down"), "down", "one row down"),
    Command("move.up", ("k", "up"), "up", "one row up"),
    Command("move.top", ("g", "home"), "top", "the first row"),
    Command("move.bottom", ("G", "end"), "bottom", "the last row"),
    Command("move.page_down", ("pagedown", "ctrl+f"), "page down", "one page down"),
    Command("move.page_up", ("pageup", "ctrl+b"), "page up", "one page up"),
    Command("move.half_down", ("ctrl+d",), "half down", "half a page down"),
    Command("move.half_up", ("ctrl+u",), "half up", "half a page up"),
    Command("pane.next", ("tab",), "pane", "the next table of the screen", TABLES, 15),
    Command("pane.previous", ("shift+tab",), "pane back", "the table before", TABLES),
    Command("mark", ("space",), "mark", "mark the row; marked rows are summed", TABLES, 18),
    # the question
    Command("group", ("b",), "by…", "group by another dimension", ("explore",), 14, "by", "DIM"),
    Command(
        "metric",
        ("m",),
        "metric",
        "billed, effective, list, contracted cost or quantity",
        ("explore",),
        20,
        "metric",
        "NAME",
    ),
    Command(
        "compare",
        ("c",),
        "compare",
        "against the previous period, the year before, nothing",
        ("explore",),
        16,
        "compare",
        "previous|year|none|PERIOD",
    ),
    Command(
        "sort",
        ("s",),
        "sort",
        "sort by the next column",
        ("explore", "resource", "lines", "data"),
        17,
        "sort",
        "COLUMN",
    ),
    Command(
        "sort.reverse", ("S",), "reverse", "turn the order round", ("explore", "resource", "lines", "data")
    ),
    Command(
        "currency",
        ("c",),
        "currency",
        "the next currency; amounts of two are never added",
        ("overview", "resource"),
        14,
        "currency",
    ),
    Command(
        "period",
        ("t",),
        "period",
        "the next period: 7d, 30d, 90d, mtd, last-month, qtd, ytd, all",
        ("explore",),
        15,
        "period",
        "PERIOD",
    ),
    Command(
        "period.earlier",
        ("left_square_bracket",),
        "earlier",
        "the same length of time, one step back",
        ("explore",),
        26,
    ),
    Command("period.later", ("right_square_bracket",), "later", "one step forward", ("explore",), 27),
    Command(
        "charges",
        ("x",),
        "charges",
        "which charges count: all, usage only, without credits, without tax",
        ("explore",),
        21,
        "charges",
        "all|usage|no-credits|no-tax",
    ),
    Command(
        "where",
        (),
        "where",
        "keep what matches, or with != what does not",
        ("explore",),
        word="where",
        arguments="DIM=VALUE",
    ),
    Command("plot", ("p",), "plot", "chart the marked rows, or the row under the cursor", ("explore",), 19),
    Command("view", ("v",), "views", "open a saved view", ("explore",), 23, "view", "NAME"),
    Command(
        "view.save",
        (),
        "save",
        "save this question under a name",
        ("explore",),
        word="save",
        arguments="NAME",
    ),
    Command(
        "view.forget", (), "forget", "forget a saved view", ("explore",), word="forget", arguments="NAME"
    ),
    # taking it elsewhere
    Command(
        "copy",
        ("y",),
        "copy",
        "copy the row's id (of a resource: its OCID)",
        TABLES,
        22,
        "copy",
        "id|row|table",
    ),
    Command("copy.row", ("Y",), "copy row", "copy the row as text", TABLES),
    Command(
        "export",
        ("e",),
        "export",
        "write what is on screen to a file",
        TABLES,
        24,
        "export",
        "md|csv|json [FILE]",
    ),
    Command("sync", ("r",), "sync", "load what is new", priority=40, word="sync"),
)

BY_ID = {command.id: command for command in COMMANDS}
BY_WORD = {command.word: command for command in COMMANDS if command.word} | {"q": BY_ID["quit"]}


def on(screen: str) -> list[Command]:
    """The commands that work on a screen, in registry order."""
    return [command for command in COMMANDS if screen in command.screens]


def bindings(screen: str) -> list[Binding]:
    """The bindings of a screen."""
    return [binding for command in on(screen) for binding in command.bindings()]


def key_bar(commands: Iterable[Command]) -> list[Command]:
    """Those that a key bar offers, most important first."""
    offered = [c for c in commands if c.priority and c.keys and not c.disabled]
    return sorted(offered, key=lambda c: c.priority)


_SHOWN = {
    "slash": "/", "colon": ":", "question_mark": "?", "left_square_bracket": "[", "right_square_bracket": "]",
    "escape": "esc", "pagedown": "pgdn", "pageup": "pgup",
}  # fmt: skip


def shown(key: str) -> str:
    """How a key is written for people."""
    return _SHOWN.get(key, key)


def key_table() -> str:
    """The README's table of keys and command words, in Markdown."""
    lines = ["| Key | `:` command | What it does | Where |", "|---|---|---|---|"]
    for command in COMMANDS:
        if command.disabled:
            continue
        keys = " ".join(f"`{shown(key)}`" for key in command.keys)
        word = f"`:{command.word} {command.arguments}".rstrip() + "`" if command.word else ""
        places = "everywhere" if command.screens == EVERYWHERE else ", ".join(command.screens)
        cells = [cell.replace("|", "\\|") for cell in (keys, word, command.help, places)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
