"""The UI process stays light: after every screen was opened, no SDK and no data frame library is loaded."""

import subprocess
import sys
from pathlib import Path

from tests.program import clean_environment

REPOSITORY = Path(__file__).parent.parent.parent
HEAVY = ("oci", "pandas", "numpy", "pyarrow", "sklearn", "finops_tui.sources", "finops_tui.sandbox", "jinja2")
SCREENS = ("overview", "explore", "data", "help", "resource", "lines")

PROGRAM = """
import asyncio, sys
from datetime import date
from pathlib import Path
from tests.app import drive

async def act(app):
    seen = {app.where}
    await app.press("2"); seen.add(app.where)
    await app.press("enter"); await app.press("p")
    await app.press("9"); seen.add(app.where)
    await app.press("question_mark"); seen.add(app.where)
    await app.press("escape")
    await app.command("explore resource resource=machine03 90d")
    await app.press("enter"); seen.add(app.where)
    await app.press("tab", "enter"); await app.press("enter"); seen.add(app.where)
    await app.command("explore resource resource=machine03 granularity=day")
    print("seen", *sorted(seen))

asyncio.run(drive(Path(sys.argv[1]), "default", date(2026, 10, 20), (120, 36), act))
print("loaded", *sorted(name for name in sys.modules if name.startswith(tuple(sys.argv[2:]))))
"""


def test_no_heavy_library_is_loaded_after_every_screen_was_opened(imported_home: Path) -> None:
    env = clean_environment(imported_home, {"PYTHONPATH": str(REPOSITORY)})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(imported_home), *HEAVY],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen, loaded = done.stdout.splitlines()
    assert {"overview", "explore", "data", "help", "resource"} <= set(seen.split())
    assert loaded.split() == ["loaded"]
