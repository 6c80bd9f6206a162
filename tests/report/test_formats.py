"""What a view becomes: exact JSON, harmless CSV, Markdown that shows the text and nothing else."""

import csv
import io
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import simplejson
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from finops_tui.escape import printable
from finops_tui.report.figures import money, percent, quantity, share
from finops_tui.report.formats import as_csv, dumps, harmless, number, render, severe
from finops_tui.report.tables import cells_of, escape, escape_line, grid, markdown_table
from finops_tui.report.view import Column, View, limited, ordered

FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "%0A", "|")
MARKUP = (
    *(
        "`",
        "``",
        "\\",
        "*a*",
        "__b__",
        "_c_",
        "~~d~~",
        "$x$",
        ":smile:",
        "[^1]",
        "[x](javascript:alert(1))",
        "![",
    ),
    *(
        "<script>",
        "</td>",
        "<!--",
        "&lt;",
        "&amp;",
        "]",
        "# h",
        "- i",
        "1. j",
        "=",
        "---",
        "> q",
        "| a | b |",
    ),
    *("http://evil.example/a?b=c", "https://e.x", "www.evil.example", "ftp://x.y", "mailto:a@b.co", "a@b.co"),
)
CONTROLS = ("\x1b[31m", "\x9b2J", "\r\n", "\x00", "\u202e", "\u2028", "\n\n", "\ud800")
HARMLESS = ("snake_case", "root/eng/ml", "日本語", "é")
NASTY = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from((*FORMULAS, *MARKUP, *CONTROLS, *HARMLESS)), max_size=5).map("".join),
)
MONEY = st.decimals(-(10**19), 10**19, allow_nan=False, allow_infinity=False, places=18)


def view_of(rows: list[dict[str, Any]], *columns: Column) -> View:
    return View("costs", date(2026, 10, 20), columns, tuple(rows))


@given(MONEY)
def test_json_writes_a_decimal_unrounded_and_without_exponent(value: Decimal) -> None:
    text = dumps({"cost": value})
    assert "e" not in text.replace("cost", "").lower()
    assert simplejson.loads(text, use_decimal=True, parse_int=Decimal)["cost"] == value
    assert Decimal(number(value)) == value


@given(NASTY)
def test_json_is_ascii_and_gives_the_text_back(text: str) -> None:
    written = dumps({"name": text})
    assert written.isascii()
    assert simplejson.loads(written)["name"] == text


@given(st.lists(st.tuples(NASTY, MONEY), min_size=1, max_size=4))
def test_no_csv_cell_is_a_formula_or_holds_a_control_character(rows: list[tuple[str, Decimal]]) -> None:
    view = view_of(
        [{"tag:x": text, "cost": cost} for text, cost in rows], Column("tag:x", "x"), Column("cost", "c")
    )
    header, *cells = csv.reader(io.StringIO(as_csv(view)))
    assert header == ["tag:x", "cost"]
    for (text, cost), (name, amount) in zip(rows, cells, strict=True):
        assert not unicodedata.normalize("NFKC", name).lstrip().startswith(("=", "+", "-", "@", "|", "%"))
        assert name.isprintable()
        assert name.removeprefix("'") == printable(text).removeprefix("'")
        assert Decimal(amount) == cost


def test_negative_money_stays_a_number_in_csv() -> None:
    view = view_of(
        [{"cost": Decimal("-1400.5"), "p": -4.5, "n": None}], *(Column(n, n) for n in ("cost", "p", "n"))
    )
    assert as_csv(view) == "cost,p,n\n-1400.5,-4.5,\n"
    assert harmless("-1400.5") == "'-1400.5"


def test_nested_fields_are_flattened_with_dots() -> None:
    row = {"slope_per_day": {"mean": 1.5}, "tag:a.b": "x", "list": [{"a": Decimal("1e-9")}]}
    columns = (Column("slope_per_day.mean", "m"), Column("tag:a.b", "t"), Column("list", "l"))
    assert as_csv(view_of([row], *columns)).splitlines()[1] == '1.5,x,"[{""a"":1e-09}]"'


MARKDOWN = MarkdownIt("gfm-like", {"html": True})
assert MARKDOWN.linkify is not None
MARKDOWN.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # as GitHub: no links of bare words


def shown(tokens: list[Token]) -> str:
    """The text of inline tokens; anything but text is a failure."""
    assert {token.type for token in tokens} <= {"text", "text_special"}, [t.type for t in tokens]
    return "".join(token.content for token in tokens)


@given(st.lists(NASTY, min_size=1, max_size=3))
def test_markdown_cells_show_exactly_the_text(texts: list[str]) -> None:
    columns = [Column(str(n), f"c{n}") for n in range(len(texts))]
    lines = markdown_table(columns, [{str(n): text for n, text in enumerate(texts)}])
    tokens = MARKDOWN.parse("\n".join(lines))
    assert [t.type for t in tokens if t.type.endswith("_open")].count("tr_open") == 2
    cells = [t for t in tokens if t.type == "inline"][len(texts) :]
    assert len(cells) == len(texts)
    for text, cell in zip(texts, cells, strict=True):
        assert shown(cell.children or []) == " ".join(printable(text).split())


@given(NASTY)
def test_a_markdown_sentence_stays_a_sentence(text: str) -> None:
    said = " ".join(printable(text).split())
    tokens = MARKDOWN.parse(f"{escape_line(text)}\n")
    if said:
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        assert shown(tokens[1].children or []) == said


def test_markdown_stays_readable_where_nothing_is_hostile() -> None:
    for text in (
        "BLOCK_STORAGE",
        "root/eng/ml",
        "2026-10-20",
        "10.1 % of it",
        "-919.67",
        "a - b",
        "1–17 Oct",
    ):
        assert escape(text) == escape_line(text) == text


@given(st.lists(st.tuples(NASTY, MONEY), min_size=1, max_size=4), st.integers(20, 80))
def test_a_table_is_printable_aligned_on_the_point_and_as_wide_as_asked(
    rows: list[tuple[str, Decimal]], width: int
) -> None:
    columns = [Column("name", "Name"), Column("cost", "Cost", "money")]
    lines = grid(columns, [{"name": name, "cost": cost} for name, cost in rows], width)
    assert all(line.isprintable() for line in lines)
    room = max(width, 12 + 2 + max(len(money(cost)) for _, cost in rows))
    assert all(cells_of(line) <= room for line in lines)
    ends = {cells_of(line) for line in lines[2:]}
    assert len(ends) == 1, "two decimals each: all end in one column"


def test_points_stand_in_line_where_decimals_differ() -> None:
    rows = [{"q": Decimal(value)} for value in ("2880", "0.5", "1046.067", "0.0001")]
    lines = grid([Column("q", "Quantity", "quantity")], rows)
    assert [line.find(".") for line in lines[3:]] == [lines[3].find(".")] * 3
    assert lines[2].rstrip().endswith("2,880")
    assert len(lines[2].rstrip()) == lines[3].find(".")


def test_ascii_tables_are_ascii() -> None:
    view = view_of(
        [{"name": "日本 – é", "cost": None}], Column("name", "Name"), Column("cost", "Cost", "money")
    )
    text = render(view, "table", only_ascii=True)
    assert text.isascii()
    assert "????" in text


def test_unknown_is_never_0_and_small_is_never_0() -> None:
    assert money(None) == percent(None) == share(None) == "–"
    assert money(Decimal("0.004")) == "<0.01"
    assert money(Decimal("-0.004"), sign=True) == ">-0.01"
    assert quantity(Decimal("0.0001")) == "<0.001"
    assert money(Decimal("12345678901234567890.125")) == "12,345,678,901,234,567,890.12"


@given(st.lists(st.one_of(st.none(), MONEY), max_size=6), st.booleans())
def test_unknown_comes_last_in_either_order(values: list[Decimal | None], falls: bool) -> None:
    view = ordered(view_of([{"cost": value} for value in values], Column("cost", "c")), "cost", falls)
    found = [row["cost"] for row in view.rows]
    known = [value for value in found if value is not None]
    assert found == known + [None] * values.count(None)
    assert known == sorted(known, reverse=falls)


def test_the_first_rows_share_their_own_currency() -> None:
    view = view_of([{"currency": "USD"}, {"currency": "EUR"}], Column("currency", "c"))
    assert limited(view, 1).currency == "USD"


def test_severity_is_at_least() -> None:
    rows = [{"severity": "medium"}, {}]
    assert [severe(rows, least) for least in ("low", "medium", "high", "critical")] == [
        True,
        True,
        False,
        False,
    ]
