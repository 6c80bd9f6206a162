"""The yardstick of the queries: pandas over a preloaded frame of the same lines, with category keys."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from finops_tui.paths import Paths
from finops_tui.store.query import Period

KEYS = {
    "provider": "provider_name",
    "account": "sub_account_id",
    "service": "service_name",
    "sku": "sku_id",
    "compartment": "x_compartment_id",
    "region": "region_id",
    "resource": "resource_id",
    "tag:team": "tags ->> 'team'",
}
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Frame:
    """The lines in memory: keys as categories, the day as a small integer, money as doubles."""

    data: pd.DataFrame

    def sum(
        self,
        by: Sequence[str],
        periods: Sequence[Period],
        keep: tuple[str, str] | None = None,
        value: str = "cost",
    ) -> list["pd.Series[float]"]:
        """What pandas does for one question: filter the days (and one key), group, sum; once per period."""
        answers = []
        for period in periods:
            day = self.data["day"]
            mask = (day >= (period.start - _EPOCH).days) & (day < (period.end - _EPOCH).days)
            if keep:
                mask &= self.data[keep[0]] == keep[1]
            kept = self.data[mask]
            answers.append(kept.groupby(list(by), observed=True, sort=False)[value].sum())
        return answers


def load(paths: Paths) -> Frame:
    """The frame of all lines that the cache holds."""
    with closing(sqlite3.connect(paths.state_db)) as state:
        live = state.execute("SELECT path FROM parquet_file WHERE kind = 'lines' AND retired_at IS NULL")
        files = [str(paths.cache / path) for (path,) in live]
    with duckdb.connect() as connection:
        for number, column in enumerate(KEYS.values()):
            connection.execute(
                f"CREATE TYPE key{number} AS ENUM (SELECT DISTINCT {column} FROM read_parquet({files}) "
                f"WHERE ({column}) IS NOT NULL)"
            )
        keys = ", ".join(
            f'({column})::key{number} AS "{name}"' for number, (name, column) in enumerate(KEYS.items())
        )
        frame = connection.execute(
            f"""SELECT {keys}, (charge_period_start::DATE - DATE '1970-01-01')::SMALLINT AS day,
            billed_cost::DOUBLE AS cost, effective_cost::DOUBLE AS effective FROM read_parquet({files})"""
        ).df()
    return Frame(frame)
