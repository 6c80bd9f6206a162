"""Through when each account's bill is complete."""

from datetime import date, datetime
from pathlib import Path

from finops_tui.focus import Source
from finops_tui.store.query import AccountThrough
from finops_tui.store.reader import Cache
from tests.store.read_bills import AS_OF, bill, home, load


def test_accounts_know_their_last_complete_day(tmp_path: Path) -> None:
    paths = home(tmp_path)
    load(
        paths, bill(date(2026, 11, 1), 22), name="r", source=Source.FOCUS_REPORT,
        arrived=datetime(2026, 11, 23, 13),
    )  # fmt: skip
    cache = Cache(paths, AS_OF)
    account = AccountThrough("Oracle", "acme", date(2026, 11, 21), "Account acme")
    assert cache.calendar().complete == (account,)
    (status,) = cache.status()
    assert (status.source, status.complete_through, status.rows) == (Source.FOCUS_REPORT, account.through, 66)
    (file,) = cache.files()
    assert (file.name, file.rows, file.arrived) == ("r", 66, datetime(2026, 11, 23, 13))
    cache.close()
