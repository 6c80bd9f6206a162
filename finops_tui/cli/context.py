"""What every command needs to know: whose bill, as of when, and where it is kept."""

import argparse
import os
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from finops_tui.config import CONFIG_VARIABLE, Settings, load
from finops_tui.errors import StoreError, UsageError
from finops_tui.paths import HOME_VARIABLE, Paths, locate
from finops_tui.store.reader import Cache

DEFAULT_SEED = 1


@dataclass(frozen=True)
class Context:
    """One run: the settings, the places, the day."""

    settings: Settings
    paths: Paths
    as_of: date
    known: bool
    offline: bool
    demo: bool
    seed: int
    home: Path | None
    """As the person gave it (option or variable); None: the platform's places."""
    config: Path | None

    @property
    def title(self) -> str:
        """Whose bill this is, for the header and the report."""
        return f"sample tenancy {self.seed}" if self.demo else self.settings.profile

    def cache(self) -> Cache:
        """The profile's cache as of this day, its main currency first; the caller closes it."""
        return Cache(self.paths, self.as_of, known=self.known, main_currency=self.settings.currency)

    def refresh_command(self) -> tuple[str, ...]:
        """The argv of the process that loads the sample tenancy as of this day."""
        places = [("--home", self.home), ("--config", self.config)]
        given = [part for name, value in places if value for part in (name, str(value.absolute()))]
        what = ("--demo", "--seed", str(self.seed), "--as-of", self.as_of.isoformat())
        return (sys.executable, "-m", "finops_tui", *given, *what, "sync")


def resolve(options: argparse.Namespace, *, config_needed: bool = True) -> Context:
    """The context of a command line. UsageError when options contradict each other or the file is wrong."""
    given = vars(options)
    demo, seed = bool(given.get("demo")), given.get("seed")
    if seed is not None and not demo:
        raise UsageError("--seed belongs to the sample tenancy", "Add --demo.")
    if demo and given.get("profile"):
        raise UsageError("--demo has a profile of its own", "Leave out --profile, or --demo.")
    home = given.get("home") or _path(os.environ.get(HOME_VARIABLE))
    config = given.get("config") or _path(os.environ.get(CONFIG_VARIABLE))
    if config is not None and config_needed and not config.is_file():
        raise UsageError(f"there is no file {config}", "Write one: finops-tui doctor --init --config FILE.")
    as_of = given.get("as_of") or datetime.now(UTC).date()
    seed = DEFAULT_SEED if seed is None else seed
    file = locate("default", home=home, config=config).config_file
    settings = load(file, None if demo else given.get("profile"))
    if demo:
        settings = replace(settings, profile=demo_profile(seed, written_anchor(seed, home) or as_of))
    paths = locate(settings.profile, home=home, config=config)
    if demo:
        # The sample bucket keeps hourly reports of 60 days only: one cache cannot serve as-of days that are
        # months apart. The history and the ledger stay one.
        paths = replace(paths, cache=paths.cache.with_name(f"{settings.profile}-{as_of:%Y-%m}"))
    return Context(
        settings=settings,
        paths=paths,
        as_of=as_of,
        known=bool(given.get("known")) or demo,
        offline=bool(given.get("offline")),
        demo=demo,
        seed=seed,
        home=home,
        config=config,
    )


def demo_profile(seed: int, anchor: date) -> str:
    """The profile of a sample tenancy: two worlds never share a cache."""
    from finops_tui.sandbox.origin import origin_of

    try:
        return f"demo-{seed}-{origin_of(anchor)}"
    except (ValueError, OverflowError) as error:
        raise UsageError(f"no sample tenancy can hang on {anchor}", "Give a later --as-of.") from error


def anchor_file(seed: int, home: Path | None) -> Path:
    """Where the day is written down that the sample tenancy of a seed hangs on."""
    return locate("default", home=home).data.parent / f"demo-{seed}.anchor"


def written_anchor(seed: int, home: Path | None) -> date | None:
    """The day written down at the first --demo in this home; None before that."""
    file = anchor_file(seed, home)
    try:
        return date.fromisoformat(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read {file}", "Delete it to begin another sample tenancy.") from error


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
