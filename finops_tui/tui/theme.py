"""Two looks, ANSI and full colour, and the few roles that text can have in either of them.

One background everywhere; a line has at most two colours (bytes follow style changes). Colour is never the
only signal: deltas carry a sign and an arrow, the cursor is reverse.
"""

from dataclasses import dataclass
from typing import Literal

from rich.style import Style
from textual.theme import Theme

Tone = Literal["", "muted", "strong", "up", "down", "attention", "cursor"]
"""What a piece of text means: cost went up, cost went down, look here, less important, the biggest thing."""

ANSI = "ansi-dark"
FULL = "finops"

FULL_THEME = Theme(
    name=FULL,
    primary="#7aa2f7",
    foreground="#d5d9e4",
    background="#16181f",
    surface="#16181f",
    panel="#16181f",
    boost="#16181f",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    accent="#7dcfff",
    dark=True,
)


@dataclass(frozen=True)
class Palette:
    """The style of each tone, and of a line the cursor is on."""

    base: Style
    muted: Style
    strong: Style
    up: Style
    down: Style
    attention: Style
    cursor: Style

    def of(self, tone: Tone) -> Style:
        return self.base if not tone else _BY_TONE[tone](self)


_BY_TONE = {
    "muted": lambda p: p.muted,
    "strong": lambda p: p.strong,
    "up": lambda p: p.up,
    "down": lambda p: p.down,
    "attention": lambda p: p.attention,
    "cursor": lambda p: p.cursor,
}


def palette(theme: str, *, colour: bool = True) -> Palette:
    """The palette of a theme name; without colour, weight and reverse alone."""
    plain = Style()
    if not colour:
        bold = Style(bold=True)
        return Palette(plain, plain, bold, bold, plain, bold, Style(reverse=True))
    if theme == FULL:
        base = Style(color=FULL_THEME.foreground, bgcolor=FULL_THEME.background)
        return Palette(
            base=base,
            muted=base + Style(color="#7d8597"),
            strong=base + Style(color="#ffffff", bold=True),
            up=base + Style(color=FULL_THEME.error),
            down=base + Style(color=FULL_THEME.success),
            attention=base + Style(color=FULL_THEME.warning),
            cursor=Style(color="#ffffff", bgcolor="#33415e"),
        )
    # named colours follow the terminal's own scheme, light or dark; bright black is unreadable on some
    return Palette(
        base=plain,
        muted=Style(dim=True),
        strong=Style(bold=True),
        up=Style(color="red"),
        down=Style(color="green"),
        attention=Style(color="yellow"),
        cursor=Style(reverse=True),
    )
