"""Where the program keeps things. All of it is private to the user: directories 0700, files 0600."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from finops_tui.errors import StoreError

APP = "finops-tui"
HOME_VARIABLE = "FINOPS_TUI_HOME"


@dataclass(frozen=True)
class Paths:
    """The places of one profile."""

    config_file: Path
    cache: Path
    """Rebuildable: lines, daily, state.db."""
    data: Path
    """Never rebuildable: the history and the ledger."""

    @property
    def state_db(self) -> Path:
        return self.cache / "state.db"

    @property
    def history_db(self) -> Path:
        return self.data / "history.db"

    @property
    def ledger_db(self) -> Path:
        return self.data / "ledger.db"

    @property
    def progress_db(self) -> Path:
        return self.cache / "progress.db"

    @property
    def lock_file(self) -> Path:
        return self.cache / "refresh.lock"

    @property
    def temp(self) -> Path:
        """Where the readers' DuckDB spills; it empties itself."""
        return self.cache / "tmp"

    @property
    def scratch(self) -> Path:
        """Scratch of the refresh; emptied whenever the lock is taken."""
        return self.cache / "scratch"

    def create(self) -> "Paths":
        """Make the cache and data folders, private to the user. A read-only or full home is a StoreError."""
        for folder in (self.cache, self.data):
            try:
                _make_private(folder)
            except OSError as error:
                raise StoreError(
                    f"cannot create {folder}: {error.strerror}", "Choose a writable place with --home DIR."
                ) from error
        return self


def _make_private(folder: Path) -> None:
    """Make the folder and the missing ones above it 0700; one of ours that others could enter is closed."""
    for missing in reversed([parent for parent in folder.parents if not parent.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_mode & 0o777 != 0o700:
        folder.chmod(0o700)


def locate(profile: str, *, home: Path | None = None, config: Path | None = None) -> Paths:
    """The paths of `profile`: under `home` (or $FINOPS_TUI_HOME) when given, else the platform's places."""
    root = home or (Path(value) if (value := os.environ.get(HOME_VARIABLE)) else None)
    if root is None:
        config_dir, cache, data = (
            Path(platformdirs.user_config_dir(APP)),
            Path(platformdirs.user_cache_dir(APP)),
            Path(platformdirs.user_data_dir(APP)),
        )
    else:
        root = root.expanduser().absolute()
        config_dir, cache, data = root / "config", root / "cache", root / "data"
    return Paths(config or config_dir / "config.toml", cache / profile, data / profile)
