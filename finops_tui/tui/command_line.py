"""What is typed behind `:`: the same words as on the command line, split and looked up in the registry."""

import shlex

from finops_tui.errors import UsageError
from finops_tui.tui.commands import BY_WORD, Command


def parse(line: str) -> tuple[Command | None, list[str]]:
    """The command and the words behind it; None for an empty line. UsageError names the nearest words."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"cannot read {line!r}: {error}", "Close the quote.") from None
    if not words:
        return None, []
    name = words[0].removeprefix(":")
    command = BY_WORD.get(name)
    if command is None:
        near = [word for word in BY_WORD if word.startswith(name)]
        if len(near) != 1:
            raise UsageError(f"there is no command {name}", "tab shows the commands, ? the keys.")
        command = BY_WORD[near[0]]
    return command, words[1:]
