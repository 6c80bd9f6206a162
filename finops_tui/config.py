"""What a person can configure, with its defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """The configuration of one profile, resolved from file, profile section and environment."""

    profile: str = "default"
    currency: str | None = None
    """The main currency: its block comes first. None: the one with the most cost."""
    theme: str = "auto"
    """auto, ansi or full: auto is ansi over SSH."""
    mouse: str = "auto"
    """auto, on or off: auto is off over SSH."""
    charts: str = "auto"
    """auto, unicode or ascii: auto follows the locale."""
    period: str = "30d"
    """What Explore opens with."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command id → keys, over the built-in ones."""
