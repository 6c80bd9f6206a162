"""Every command and option of the contract, and what each is checked against."""

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

from finops_tui import __version__
from finops_tui.cli import run
from finops_tui.errors import UsageError
from finops_tui.escape import not_text

VIEWS: Final = ("overview", "costs", "movers", "trends", "changes", "status")
LATER_VIEWS: Final = (
    *("anomalies", "forecast", "recommendations", "efficiency", "budgets", "commitments"),
    *("policies", "actions", "allocation", "unit-costs", "reconcile"),
)
FORMATS: Final = ("table", "json", "csv", "md")
SEVERITIES: Final = ("low", "medium", "high", "critical")
METRICS: Final = ("billed", "effective", "list", "contracted", "quantity")
SEEDS: Final = 2**32
YEARS: Final = range(1970, 9999)
"""Of --as-of: the years before and after it must be dates too."""


class Parser(argparse.ArgumentParser):
    """argparse whose complaints are UsageErrors with the help to ask for."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"See {self.prog} --help.")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options; `run` is the function of the command. UsageError when they make no sense."""
    parser = build()
    options, unknown = parser.parse_known_args(argv)
    if unknown and "what" not in options:  # a later command's options are not known yet
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    for name, value in vars(options).items():
        words = value if isinstance(value, list) else [value]
        if name != "paths" and any(isinstance(word, str | Path) and not_text(str(word)) for word in words):
            parser.error(f"what is given as {name} is not UTF-8: {value}")
    return options


def build() -> Parser:
    """The whole command line. Global options are taken before and after the command."""
    common = _common()
    parser = Parser(
        prog="finops-tui",
        description="What OCI costs, what changed, where it goes: in the terminal, for scripts, as a report.",
        epilog="Without a command the terminal app opens. Exit status: 0 done, 1 the answer is no, "
        "2 wrong usage or configuration, 3 something failed and the answer may be incomplete, 4 locked.",
        parents=[common],
        allow_abbrev=False,
    )
    parser.set_defaults(run=run.app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)

    def command(
        name: str, about: str, function: Callable[[argparse.Namespace], int], under: object = commands
    ) -> Parser:
        assert isinstance(under, argparse._SubParsersAction)
        made = under.add_parser(name, help=about, description=about, parents=[common], allow_abbrev=False)
        made.set_defaults(run=function)
        assert isinstance(made, Parser)
        return made

    command("sync", "refresh the cache once and exit (what cron runs)", run.sync)
    load = command("import", "load FOCUS files or OCI cost reports: csv, csv.gz, parquet", run.import_files)
    load.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder or a glob")
    load.add_argument("--format", choices=("table", "json"), default=None, help="of the summary")
    show = command("show", "print a view for scripts and for people without the app", run.show)
    show.add_argument("view", choices=(*VIEWS, *LATER_VIEWS), metavar="VIEW", help=", ".join(VIEWS))
    _output(show)
    _question(show)
    show.add_argument("--sort", metavar="FIELD[:asc|:desc]", help="order the rows by a field")
    show.add_argument("--limit", type=_positive, metavar="N", help="print the first N rows")
    show.add_argument("--granularity", choices=("total", "day", "month"), help="one row per day or month")
    show.add_argument(
        "--fail-on", choices=SEVERITIES, metavar="SEVERITY", help="exit 1 when a row is at least that severe"
    )
    show.add_argument("--horizon", type=_positive, metavar="N", help=argparse.SUPPRESS)
    show.add_argument("--interval", choices=("0.80", "0.95"), help=argparse.SUPPRESS)
    report = command("report", "write the Markdown report", run.report)
    _output(report)
    _question(report)
    report.add_argument("--limit", type=_positive, metavar="N", help="rows of a table (default 10)")
    report.add_argument("--fail-on", choices=SEVERITIES, metavar="SEVERITY", help=argparse.SUPPRESS)
    doctor = command("doctor", "check configuration, cache, history, terminal and versions", run.doctor)
    doctor.add_argument("--init", action="store_true", help="write a documented configuration file")
    doctor.add_argument("--format", choices=("table", "json"), default=None)
    sandbox = command("sandbox", "the sample tenancy", run.sandbox)
    parts = sandbox.add_subparsers(metavar="truth|serve", required=True, parser_class=Parser)
    truth = command("truth", "what the sample tenancy knows, as JSON", run.truth, parts)
    truth.add_argument("--anchor", type=_day, metavar="DATE", help="the day the sample tenancy hangs on")
    truth.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file")
    for name in ("serve",):
        _later(command(name, "not there yet", run.not_yet, parts))
    for name in ("anomalies", "recommendations", "actions", "check", "estimate"):
        _later(command(name, "not there yet", run.not_yet))
    return parser


def _later(parser: Parser) -> None:
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    parser.set_defaults(what=parser.prog.partition(" ")[2])


def _common() -> Parser:
    """The global options. No defaults here: a subcommand's default would undo what stood before it."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS, allow_abbrev=False)
    group = parser.add_argument_group("global options, before or after the command")
    group.add_argument("--profile", metavar="NAME", help="the profile: its own cache, history and ledger")
    group.add_argument("--config", type=Path, metavar="FILE", help="the configuration file")
    group.add_argument(
        "--home", type=Path, metavar="DIR", help="keep everything under DIR ($FINOPS_TUI_HOME)"
    )
    group.add_argument("--as-of", type=_today, metavar="DATE", help='what "today" is (default: today in UTC)')
    group.add_argument("--known", action="store_true", help="only lines that had arrived before --as-of")
    group.add_argument("--demo", action="store_true", help="the built-in sample tenancy")
    group.add_argument("--seed", type=_seed, metavar="N", help="which sample tenancy (default 1)")
    group.add_argument("--offline", action="store_true", help="ask no source")
    group.add_argument("--debug", action="store_true", help="print tracebacks")
    group.add_argument("--version", action="version", version=f"finops-tui {__version__}")
    return parser


def _output(parser: Parser) -> None:
    parser.add_argument("--format", choices=FORMATS, help="table on a terminal; json for scripts")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file")


def _question(parser: Parser) -> None:
    group = parser.add_argument_group("the question")
    group.add_argument("--period", help="7d, 30d, 90d, mtd, last-month, YYYY-MM, qtd, ytd or all")
    group.add_argument("--from", dest="start", type=_day, metavar="DATE", help="first day (UTC)")
    group.add_argument("--to", dest="end", type=_day, metavar="DATE", help="the day after the last")
    group.add_argument("--compare", metavar="WITH", help="previous, year, a period, or none")
    group.add_argument(
        "--where", action="append", metavar="DIM=VALUE", help="keep matching rows (* wildcards, != for not)"
    )
    group.add_argument("--metric", choices=METRICS, help="what to add up (default billed)")
    group.add_argument(
        "--group-by", metavar="DIM[,DIM…]", help="service, account, compartment:2, tag:KEY … or none"
    )


def _day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no date: write YYYY-MM-DD")


def _today(text: str) -> date:
    day = _day(text)
    if day.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text!r} is no day a bill can be asked on")
    return day


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < len(text) < 10 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) >= SEEDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: a whole number from 0 to {SEEDS - 1}")
    return int(text)
