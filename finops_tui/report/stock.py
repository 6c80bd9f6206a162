"""The views that tell about the data itself: what is in, and which past days changed."""

from finops_tui.report.view import Column, Row, View, shared_currency
from finops_tui.report.views import nothing_loaded, within
from finops_tui.store.query import Period
from finops_tui.store.reader import Cache

_STATUS = (
    Column("source", "Source"),
    Column("provider", "Provider"),
    Column("account", "Account"),
    Column("account_name", "Name"),
    Column("complete_through", "Complete through", "date"),
    Column("first_day", "First day", "date"),
    Column("last_day", "Last day", "date"),
    Column("rows", "Lines", "count"),
    Column("files", "Files", "count"),
    Column("last_success", "Loaded", "date"),
    Column("last_error", "Error"),
)
_CHANGES = (
    Column("date", "Date", "date"),
    Column("provider", "Provider", table=False),
    Column("account", "Account"),
    Column("service", "Service"),
    Column("old", "Old", "money"),
    Column("new", "New", "money"),
    Column("currency", "Currency"),
    Column("seen", "Seen", "date"),
    Column("reason", "Reason"),
)
_FILES = ("name", "source", "rows", "size", "sha256", "loaded", "arrived", "rounded")


def status(cache: Cache) -> View:
    """Per source and account: what is in and through when it is complete; `files[]` besides."""
    with cache.pinned() as generation:
        found, files, calendar = cache.status(), cache.files(), cache.calendar()
    rows: list[Row] = [
        {
            "source": str(item.source),
            "provider": item.provider,
            "account": item.account,
            "account_name": item.name if item.name != item.account else None,
            "last_success": item.last_success,
            "last_error": item.last_error,
            "complete_through": item.complete_through,
            "first_day": item.first_day,
            "last_day": item.last_day,
            "rows": item.rows,
            "files": item.files,
        }
        for item in found
    ]
    listed = [
        {
            **{name: getattr(file, name) for name in _FILES},
            "rejected": dict(file.rejected),
            "ignored": list(file.ignored),
        }
        for file in files
    ]
    rejected = sum(sum(file.rejected.values()) for file in files)
    incomplete = nothing_loaded(generation)
    if rejected:
        incomplete += (f"{rejected:,} lines of the loaded files were rejected and are in no sum",)
    return View(
        name="status",
        as_of=calendar.as_of,
        columns=_STATUS,
        rows=tuple(rows),
        complete_through=calendar.complete_through,
        complete=calendar.complete,
        incomplete=incomplete,
        extra={
            "first_day": calendar.first_day,
            "last_day": calendar.last_day,
            "generation": generation,
            "rejected": rejected,
            "file_list": listed,
        },
        title="what is loaded",
    )


def changes(cache: Cache, period: Period | None = None) -> View:
    """Past days whose cost was different when they were loaded again, newest seen first."""
    with cache.pinned() as generation:
        found, calendar = cache.changes(), cache.calendar()
    rows: list[Row] = [
        {
            "date": change.day,
            "provider": change.provider,
            "account": change.account,
            "service": change.service,
            "currency": change.currency,
            "old": change.old,
            "new": change.new,
            "seen": change.seen,
            "reason": change.reason,
        }
        for change in found
        if within(change.day, period) and change.day < calendar.as_of
    ]
    return View(
        name="changes",
        as_of=calendar.as_of,
        columns=_CHANGES,
        rows=tuple(rows),
        currency=shared_currency(rows),
        complete_through=calendar.complete_through,
        complete=calendar.complete,
        incomplete=nothing_loaded(generation),
        extra={"count": len(rows)},
        title="past days that changed",
    )
