"""`make screenshots`: each screen as SVG at two sizes, from the sample tenancy with a fixed seed and day.

`python -m tests.screenshots FOLDER`; the same program gives the same bytes.
"""

import asyncio
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.app import Act, Driven, drive
from tests.program import run_program

SEED, AS_OF = 1, date(2026, 10, 20)
SIZES = ((120, 36), (80, 24))


async def _overview(app: Driven) -> None:
    await app.settled()


async def _explore(app: Driven) -> None:
    await app.command("explore service 30d")


async def _drilled(app: Driven) -> None:
    await app.command("explore service 30d")
    await app.press("enter")
    await app.press("enter")
    await app.press("space", "j", "space", "j")
    await app.press("p")


async def _resource(app: Driven) -> None:
    await app.command("explore resource service=COMPUTE 90d")
    await app.press("enter")


async def _data(app: Driven) -> None:
    await app.press("9")


async def _help(app: Driven) -> None:
    await app.press("2", "question_mark")


SHOTS: dict[str, Act] = {
    "overview": _overview,
    "explore": _explore,
    "explore-drilled": _drilled,
    "resource": _resource,
    "data": _data,
    "help": _help,
    "first-run": _overview,
}


def take(folder: Path) -> list[Path]:
    """All pictures, written into the folder."""
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory() as place:
        home, empty = Path(place) / "home", Path(place) / "empty"
        home.mkdir()
        empty.mkdir()
        run_program("--demo", "--seed", str(SEED), "--as-of", str(AS_OF), "sync", home=home).must_be_done()
        profile = next(path.name for path in (home / "cache").iterdir() if path.name.startswith("demo-"))
        return [
            asyncio.run(_take(folder, name, size, empty if name == "first-run" else home, profile))
            for name in SHOTS
            for size in SIZES
        ]


async def _take(folder: Path, name: str, size: tuple[int, int], home: Path, profile: str) -> Path:
    columns, rows = size
    target = folder / f"{name}-{columns}x{rows}.svg"

    async def act(app: Driven) -> None:
        await SHOTS[name](app)
        target.write_text(app.app.export_screenshot(title="finops-tui"), encoding="utf-8")

    await drive(home, "default" if name == "first-run" else profile, AS_OF, size, act)
    return target


if __name__ == "__main__":
    for path in take(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")):
        print(path)
