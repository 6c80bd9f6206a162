"""What every test may use: homes, the program as a process, real bills, and how hard hypothesis tries."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.bills import BillLine, write_focus
from tests.program import Ran, run_program
from tests.shared_home import built_once

REPOSITORY = Path(__file__).parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"

settings.register_profile(
    "quick", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


class Cli:
    """The program, run as a process on one home with a clean environment."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        home: Path | None = None,
        timeout: float = 120,
    ) -> Ran:
        """Run `finops-tui --home HOME arguments…` to its end; `env` goes over the clean environment."""
        return run_program(*arguments, home=home or self.home, env=env, timeout=timeout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home: cache, history, ledger and configuration of one test."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def run_cli(home: Path) -> Cli:
    return Cli(home)


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    """A small FOCUS bill as a file: two accounts, two currencies, forty days, a correction, a credit."""
    return write_focus(tmp_path / "bill.csv", BillLine.sample())


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of bills that nobody here wrote; skips where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real bills (../shared/data) is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def imported_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the small bill in it, made once for all processes of the test run. Only read it."""

    def build(folder: Path) -> None:
        run_program(
            "import", str(write_focus(folder / "bill.csv", BillLine.sample())), home=folder
        ).must_be_done()

    yield built_once(tmp_path_factory, "imported", build)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the whole sample tenancy (seed 7, as of 2026-10-20) in it, made once. Only read it."""

    def build(folder: Path) -> None:
        run_program("--demo", "--seed", "7", "--as-of", "2026-10-20", "sync", home=folder).must_be_done()

    yield built_once(tmp_path_factory, "demo", build)
