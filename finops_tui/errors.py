"""What can go wrong, in one or two lines: what happened and what to do, with the exit status it means."""

DONE = 0
NO = 1
USAGE = 2
INCOMPLETE = 3
LOCKED = 4


class FinopsError(Exception):
    """An error a person can act on. `str(e)` is what went wrong; `hint` is what to do about it."""

    exit_status = USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def lines(self) -> list[str]:
        """The one or two lines for standard error, unescaped."""
        return [str(self), self.hint] if self.hint else [str(self)]


class UsageError(FinopsError):
    """Wrong command line or configuration."""


class SourceError(FinopsError):
    """A source or a file failed; the answer may be incomplete."""

    exit_status = INCOMPLETE


class StoreError(FinopsError):
    """The cache, history or ledger cannot be read or written (disk full, read-only, too new)."""

    exit_status = INCOMPLETE


class LockedError(FinopsError):
    """Another refresh holds the cache."""

    exit_status = LOCKED
