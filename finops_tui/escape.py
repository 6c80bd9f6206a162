"""Text that came from a cloud, a file or the command line is data: here it becomes printable."""

import unicodedata
from typing import Final

UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories never printed: controls, format and bidi marks, surrogates, unassigned, separators."""


def printable(text: str, longest: int | None = None) -> str:
    """`text` with every character that could act on a terminal or a page written as `\\x1b` or `\\u202e`.

    Other spaces (no-break, em) become a space: the result `isprintable`. Longer than
    `longest` characters: cut, with "…" in place of the rest.
    """
    if longest is not None and len(text) > longest:
        text = text[: max(0, longest - 1)] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category not in UNSAFE:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def not_text(text: str) -> bool:
    """Whether it holds bytes that were no UTF-8 where it came from (surrogates, PEP 383)."""
    return any("\ud800" <= character <= "\udfff" for character in text)
