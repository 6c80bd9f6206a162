"""`make bench`: measure, print the table, write it to bench/RESULTS.md."""

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import caches, imports, queries, terminal
from tests.bench.caches import AS_OF, Shape
from tests.bench.queries import Budget
from tests.bench.table import Section, markdown

PARTS = ("import", "queries", "terminal", "worst")


def main() -> None:
    """Exit status 1 when a budget is not kept."""
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    work = options.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    sections = list(_run(options, work))
    shutil.rmtree(work)
    text = markdown(sections)
    (options.folder / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
    sys.exit(any(row.ok is False for section in sections for row in section.rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="one part (repeatable)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="fraction of the lines (a smoke test: 0.001)"
    )
    parser.add_argument("--runs", type=int, default=10, help="repetitions of the terminal runs")
    parser.add_argument("--folder", type=Path, default=Path("bench"), help="where RESULTS.md goes")
    return parser.parse_args()


def _run(options: argparse.Namespace, work: Path) -> Iterator[Section]:
    wanted = set(options.only or PARTS)
    lines = max(20_000, int(10_000_000 * options.scale))
    runs = max(2, options.runs)
    if "import" in wanted:
        _say("import")
        yield imports.measure(work, rows=max(5_000, int(1_000_000 * options.scale)), runs=max(1, runs // 3))
    if wanted & {"queries", "terminal"}:
        hourly = Shape("hourly over 60 days", lines, hourly=True)
        home = work / "hourly"
        _say(f"a cache of {lines:,} hourly lines")
        paths = caches.build(home, hourly)
        if "queries" in wanted:
            _say("queries")
            yield queries.measure("Queries", paths, hourly, Budget(0.100, 0.25), runs=runs * 2)
        if "terminal" in wanted:
            _say("terminal")
            yield terminal.measure(
                home, ["--as-of", str(AS_OF)], runs=runs, setting=f"{lines:,} line items in the cache"
            )
    if "worst" in wanted:
        daily = Shape("daily, one resource per five of them", lines, hourly=False)
        _say(f"a cache of {lines:,} daily lines")
        paths = caches.build(work / "worst", daily)
        _say("queries of the worst case")
        yield queries.measure(
            "Worst case: the daily table is as large as the lines", paths, daily, Budget(None, 0.5), runs=runs
        )


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
