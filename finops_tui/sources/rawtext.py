"""The cells of a file as text: a query that yields c0, c1 … and x_file, for CSV and Parquet of any types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from finops_tui.engine import literal
from finops_tui.errors import SourceError
from finops_tui.sources.header import Header

PARQUET: Final = "(FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 10240)"
"""Staged Parquet lives for seconds: cheap to write, cheap to read; small dictionaries are the cheapest."""

_PARALLEL: Final = "parallel = true"
PARALLEL_BYTES: Final = 4 << 20
"""DuckDB reads a CSV of 8 MB or more in several pieces at once; smaller ones in one."""


@dataclass(frozen=True)
class Source:
    """Files of one header. Equal sources can be read together."""

    names: tuple[str, ...]
    relation: str
    """SQL of the relation, with FILES where the list of paths goes."""
    columns: tuple[str, ...]
    """SQL of the text of each column."""

    def sequential(self) -> "Source":
        """The same, read from one end to the other: slower, and exact where lines are broken."""
        return replace(self, relation=self.relation.replace(_PARALLEL, "parallel = false"))

    def query(self, texts: Sequence[Path]) -> str:
        """SQL that reads `texts`; x_file is the index among them."""
        listed = f"[{', '.join(map(literal, texts))}]"
        cells = ", ".join(f"{sql} AS c{at}" for at, sql in enumerate(self.columns))
        if len(texts) == 1:
            return (
                f"SELECT {cells}, CAST(0 AS BIGINT) AS x_file FROM {self.relation.replace('FILES', listed)}"
            )
        order = f"(SELECT unnest({listed}) AS x_name, unnest(range({len(texts)})) AS x_file)"
        return (
            f"SELECT {cells}, x_file FROM {self.relation.replace('FILES', listed)} AS read"
            f" JOIN {order} AS files ON read.filename = files.x_name"
        )


def csv_source(header: Header) -> Source:
    """How a CSV file with this header is read: every cell as text, nothing sampled, broken lines counted.

    Strict: the other mode takes a line of too many cells, and a quote never closed, without a word.
    """
    width = len(header.names)
    declared = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    delimiter = {"\t": "\\t"}.get(header.delimiter, header.delimiter)
    options = (
        f"auto_detect = false, header = true, columns = {{{declared}}}, delim = '{delimiter}', quote = '\"',"
        " escape = '\"', nullstr = ['NULL', 'null', ''], allow_quoted_nulls = false, filename = true,"
        " ignore_errors = true, store_rejects = true, strict_mode = true, " + _PARALLEL
    )
    return Source(header.names, f"read_csv(FILES, {options})", tuple(f"c{at}" for at in range(width)))


def parquet_source(connection: duckdb.DuckDBPyConnection, text: Path) -> Source:
    """How a Parquet file is read: each column as the text it would have in a CSV.

    A file that is no Parquet is a SourceError.
    """
    relation = "read_parquet(FILES, filename = 'filename', binary_as_string = true)"
    try:
        described = connection.execute(
            f"DESCRIBE SELECT * FROM read_parquet({literal(text)}, binary_as_string = true)"
        ).fetchall()
    except duckdb.Error as error:
        raise SourceError(f"is damaged: {str(error).partition(chr(10))[0]}") from error
    names = tuple(str(row[0]) for row in described)
    return Source(names, relation, tuple(_as_text(str(row[0]), str(row[1])) for row in described))


def _as_text(name: str, type_: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if type_ == "VARCHAR":
        return f"nullif({column}, 'NULL')"
    if type_.startswith("TIMESTAMP WITH TIME ZONE"):
        return f"CAST(timezone('UTC', {column}) AS VARCHAR)"
    if type_.startswith("MAP("):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if type_.startswith("STRUCT(") and type_.endswith("[]"):
        return f"CAST(to_json(map_from_entries({column})) AS VARCHAR)"
    if type_.startswith("STRUCT("):
        return f"CAST(json_merge_patch('{{}}', to_json({column})) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"
