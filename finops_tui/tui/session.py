"""What every screen of one run shares: the cache, the loader, the settings, the look."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

from textual.dom import DOMNode

from finops_tui.config import Settings
from finops_tui.paths import Paths
from finops_tui.store.query import Period, Where
from finops_tui.store.reader import Cache
from finops_tui.tui.keymap import Keymap, keymap
from finops_tui.tui.loader import Loader
from finops_tui.tui.terminal import Terminal
from finops_tui.tui.text import in_ascii
from finops_tui.tui.theme import Palette, palette

if TYPE_CHECKING:
    from finops_tui.tui.curtain import Curtain


@dataclass
class Session:
    """One run of the app. Screens read it; only the app replaces anything in it."""

    settings: Settings
    paths: Paths
    as_of: date
    known: bool
    title: str
    """Whose bill this is: the profile, or the name of the sample tenancy."""
    terminal: Terminal
    cache: Cache
    refresh: tuple[str, ...] | None = None
    """The argv of the process that loads data; None: there is none."""
    keys: Keymap = field(init=False)
    loader: Loader = field(init=False)
    palette: Palette = field(init=False)

    def __post_init__(self) -> None:
        self.keys = keymap(self.settings.keys)
        self.loader = Loader(self.cache.interrupt)
        self.palette = palette(self.terminal.theme, colour=self.terminal.colour)

    def drawn(self, text: str) -> str:
        """`text` (already plain) as this terminal's locale can print it; the same number of cells."""
        return text if self.terminal.unicode else in_ascii(text)

    def close(self) -> None:
        """End the queries, then the cache."""
        self.loader.close()
        self.cache.close()


class Shell(Protocol):
    """The app, as far as screens and widgets know it."""

    session: Session
    curtain: "Curtain"

    async def run_line(self, line: str) -> None: ...

    def one_back(self) -> None: ...

    async def open_resource(self, resource_id: str) -> None: ...

    async def open_lines(self, where: Sequence[Where], period: Period) -> None: ...

    def completions(self, line: str) -> Sequence[str]: ...


def shell(node: DOMNode) -> Shell:
    """The app that a screen or widget belongs to."""
    return cast("Shell", node.app)


def session(node: DOMNode) -> Session:
    """The session of the app that a screen or widget belongs to."""
    return shell(node).session
