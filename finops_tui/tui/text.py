"""Text for the terminal: what came from a cloud or a file is data until it went through `plain`."""

from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from finops_tui.escape import printable
from finops_tui.figures import ASCII

LONGEST = 2_000
"""Characters of one text that are looked at; no cell is wider."""


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """`text` with every control, escape, format and bidi character made visible, as `\\x1b`."""
    return printable(text, LONGEST)


def width(text: str) -> int:
    """Terminal cells that `text` takes; wide characters count two."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, cells: int, ellipsis: str = "…") -> str:
    """`text` in at most `cells` cells, the last of them an ellipsis where something was left out."""
    if width(text) <= cells:
        return text
    if cells <= width(ellipsis):
        return set_cell_size(text, max(cells, 0))
    return set_cell_size(text, cells - width(ellipsis)).rstrip() + ellipsis


def cut_at_word(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, without the words that do not fit: no number loses its end."""
    if width(text) <= cells:
        return text
    words = text.split(" ")
    while words and width(" ".join(words)) > cells - 2:
        words.pop()
    return f"{' '.join(words)} …" if any(words) else cut("…", cells)


def fit(text: str, cells: int, align: str = "left", ellipsis: str = "…") -> str:
    """`text` in exactly `cells` cells: cut, or padded on the side that `align` leaves free."""
    text = cut(text, cells, ellipsis)
    room = " " * (cells - width(text))
    return room + text if align == "right" else text + room


def tail(text: str, characters: int = 6) -> str:
    """The end of an OCID, which is the part that tells two apart."""
    return text if len(text) <= characters + 1 else "…" + text[-characters:]


_ASCII = ASCII | str.maketrans("▸●◂•·…↵┃║", ">*<*.~<||")


def in_ascii(text: str) -> str:
    """`text` with our own marks, bars and lines in ASCII; the cells stay where they are."""
    return text.translate(_ASCII)
