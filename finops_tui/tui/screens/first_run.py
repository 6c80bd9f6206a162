"""What the app says when nothing is loaded: three offers, each with what to type."""

from finops_tui.tui.session import Session

NEED_DATA = frozenset(
    ("open", "filter", "copy", "copy.row", "export", "currency", "pane.next", "pane.previous", "mark")
)
"""Commands that have nothing to work on while nothing is loaded."""


def offers(own: Session) -> tuple[str, tuple[str, ...]]:
    """Headline and lines of the empty face; while something is being loaded they say that instead."""
    if own.refresh is not None:
        return (
            f"{own.title}: loading the bill, newest month first",
            (
                "The overview comes up by itself as soon as the first month is in; the older ones follow.",
                "The line below says how far it is.",
            ),
        )
    return (
        "No bill is loaded yet. Three ways to begin:",
        (
            "",
            "1  Look around in a sample tenancy, without account or network:",
            "→  finops-tui --demo",
            "",
            "2  Load your own bill: FOCUS of any provider, or OCI cost reports:",
            "→  finops-tui import PATH…     (csv, csv.gz, parquet; files or folders)",
            "",
            "3  Connect a tenancy that refreshes itself: comes with the next version.",
            "",
            "Type it in a shell. This screen fills as soon as the first file is in.",
        ),
    )
