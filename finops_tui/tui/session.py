"""What every screen of one run shares: the cache, the loader, the settings, the look."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, cast

from textual.dom import DOMNode

from finops_tui.config import Settings
from finops_tui.paths import Paths
from finops_tui.store.reader import Cache
from finops_tui.tui.keymap import Keymap, keymap
from finops_tui.tui.loader import Loader
from finops_tui.tui.terminal import Terminal
from finops_tui.tui.text import in_ascii
from finops_tui.tui.theme import Palette, palette


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


class HasSession(Protocol):
    """The app, as far as widgets know it."""

    session: Session


def session(node: DOMNode) -> Session:
    """The session of the app that a screen or widget belongs to."""
    return cast("HasSession", node.app).session
