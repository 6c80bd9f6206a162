"""How the text of a cell becomes a value, as SQL macros: amounts, instants, tags.

What cannot be read is NULL.
"""

from typing import Final

import duckdb

from finops_tui.focus import MONEY, UNREADABLE

_GROUPED: Final = r"\d{1,3}(,\d{3})+"
_NUMBER: Final = rf"(\d+|{_GROUPED})(\.\d+)?"
_SIGN: Final = "[$€£¥]"
_WRITTEN_AMOUNT: Final = "|".join(
    (
        rf"[-+]?{_SIGN} ?{_NUMBER}",
        rf"{_SIGN} ?[-+]{_NUMBER}",
        rf"[-+]?{_NUMBER} ?{_SIGN}",
        rf"\({_SIGN}? ?{_NUMBER}\)",
        rf"[-+]?{_GROUPED}\.\d+",
        r"[-+]?\d{1,3}(,\d{3}){2,}",
    )
)
"""Amounts as spreadsheets write them, where no comma can be taken for a decimal point: "1,000" alone can."""

_DAY_FIRST: Final = "['%d/%m/%y', '%d/%m/%Y', '%d/%m/%y %H:%M', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S']"
_MONTH_FIRST: Final = "['%m/%d/%y', '%m/%d/%Y', '%m/%d/%y %H:%M', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S']"
SLASH_DATE: Final = r"^\s*\d{1,2}/\d{1,2}/(\d{2}|\d{4})( \d{1,2}:\d{2}(:\d{2})?)?\s*$"
"""A date as a spreadsheet writes it; which part is the month, only the whole file can tell."""

_EARLIEST: Final = "TIMESTAMP '1990-01-01'"
_LATEST: Final = "TIMESTAMP '2200-01-01'"


def _escaped_controls(cell: str) -> str:
    """SQL: the control characters of a JSON text as \\uXXXX, which JSON demands and not every export does."""
    for code in range(32):
        cell = rf"replace({cell}, chr({code}), '\u{code:04x}')"
    return cell


_MACROS: Final = (
    # '1_000' is a number to DuckDB and a typing error to everybody else.
    r"""filled(c) AS nullif(trim(c), '')""",
    rf"""written_amount(c) AS CASE WHEN regexp_full_match(c, '{_WRITTEN_AMOUNT}') THEN
        TRY_CAST(CASE WHEN contains(c, '-') OR starts_with(c, '(') THEN '-' ELSE '' END
                 || regexp_replace(c, '[^0-9.]', '', 'g') AS {MONEY}) END""",
    rf"""amount(c) AS CASE WHEN NOT contains(c, '_') THEN coalesce(
        TRY_CAST(c AS {MONEY}),
        CASE WHEN c IS NOT NULL THEN written_amount(trim(c)) END) END""",
    # More than 18 significant decimals: fraction digits, less trailing zeros, less the exponent.
    r"""decimals(c) AS length(regexp_extract(c, '\.([0-9]*)', 1))
        - length(regexp_extract(replace(regexp_extract(c, '^[^eE]*'), '.', ''), '(0*)[^0-9]*$', 1))
        - coalesce(TRY_CAST(regexp_extract(c, '[eE]([-+]?[0-9]+)', 1) AS INTEGER), 0)""",
    # CASE and not AND: only a CASE spares the rows that are decided the costly part.
    r"""is_rounded(c) AS CASE WHEN strlen(c) > 19 OR contains(c, 'e') OR contains(c, 'E')
        THEN CASE WHEN regexp_matches(c, '^[^eE]*[1-9]') THEN CAST(decimals(c) > 18 AS INTEGER) END END""",
    # TIMESTAMP ignores an offset or zone without a word; TIMESTAMPTZ heeds it, and costs more.
    r"""iso_instant(c) AS CASE
        WHEN contains(c, '+') OR contains(substr(c, 11), '-')
             OR NOT (right(c, 1) BETWEEN '0' AND '9' OR right(c, 1) = 'Z')
        THEN timezone('UTC', TRY_CAST(c AS TIMESTAMPTZ)) ELSE TRY_CAST(c AS TIMESTAMP) END""",
    rf"""plausible(t) AS CASE WHEN t >= {_EARLIEST} AND t < {_LATEST} THEN t END""",
    # 2026-10-01T00:00:00Z, as nearly all bills write it, leaves no room for an offset.
    r"""instant(c) AS CASE WHEN strlen(c) = 20 AND suffix(c, 'Z') AND NOT contains(c, '+')
        THEN TRY_CAST(c AS TIMESTAMP) ELSE iso_instant(filled(c)) END""",
    rf"""month_first(c) AS coalesce(try_strptime(filled(c), {_MONTH_FIRST}), iso_instant(filled(c)))""",
    rf"""day_first(c) AS coalesce(try_strptime(filled(c), {_DAY_FIRST}), iso_instant(filled(c)))""",
    rf"""undecided(c) AS CASE WHEN NOT regexp_matches(c, '{SLASH_DATE}') THEN instant(c) END""",
    r"""object_text(c) AS CASE WHEN regexp_matches(c, '^\s*\{') THEN
        CASE WHEN json_valid(c) THEN c END END""",
    r"""has_tags(c) AS strlen(c) > 2
        AND NOT regexp_full_match(c, '\s*|\s*\{\s*\}\s*|\s*\[\s*\]\s*|null')""",
    rf"""tag_object(c) AS CASE WHEN has_tags(c) THEN coalesce(
        object_text(c),
        object_text({_escaped_controls("c")}),
        object_text('{{' || c || '}}'),
        CAST(json_object('{UNREADABLE}', c) AS VARCHAR)) END""",
)


def define(connection: duckdb.DuckDBPyConnection) -> None:
    """Teach `connection` the macros above."""
    for macro in _MACROS:
        connection.execute(f"CREATE TEMP MACRO {macro}")
