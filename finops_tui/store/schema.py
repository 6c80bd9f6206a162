"""What the cache's files hold: the SQLite tables of `state.db` and the kinds of Parquet files it names.

The manifest (`parquet_file`) says which files are live. A reader copies the topic's generation and the live
rows out in one short read transaction and uses that list for all queries of a view:

    BEGIN; SELECT generation FROM topic WHERE name = 'lines';
    SELECT path, kind, month, source, rows, first_day, last_day, max_arrived
    FROM parquet_file WHERE retired_at IS NULL; COMMIT

`path` is relative to the cache folder (`lake/daily-2026-11-5f0c2a91.parquet`); a missing file means that
the snapshot is over an hour old: read the manifest again. Days are TEXT `YYYY-MM-DD`, instants TEXT
`YYYY-MM-DD HH:MM:SS` in UTC (`max_arrived` with fractions where the source gave them; they compare as text).
"""

from typing import Final

STATE_VERSION: Final = 3
"""Schema of state.db and the lake; an older one is dropped and loaded again, a newer one is refused."""
HISTORY_VERSION: Final = 1
LEDGER_VERSION: Final = 1

LINES_TOPIC: Final = "lines"
"""The topic whose generation grows by one with each commit of cost lines; no row: nothing was ever loaded."""

LAKE: Final = "lake"
"""The folder of the Parquet files, inside the cache."""

KINDS: Final = ("lines", "daily", "rollup", "shadow", "units", "resources", "tagsets", "names")
"""lines      focus.LINE_COLUMNS, sorted by resource_id, charge_period_start; per (month, source, ≤ 1M rows)
daily      live lines summed by store.daily.DIMENSIONS; per month
rollup     daily without sku_id, resource_key, tagset_key, unit and quantity; per month
shadow     like daily, of the lines a better source outranked; per month, absent where there are none
units      one row per (provider_name, account_id, day, x_source): lines, corrections, live; one file
resources  resource_key, resource_id, resource_name, resource_type, first_seen, last_seen; one file
tagsets    tagset_key, tags: JSON object text, keys sorted, values strings; one file
names      kind ('account' | 'sku' | 'compartment'), id, name, last_seen; one file

`month` is `YYYY-MM`, or `YYYY` for a year whose months were folded together to keep the files few:
select by `first_day` and `last_day`, which are exact. Files without lines of their own have no month.
`tags` in the lines are canonical too, so `md5_number_lower(tags)` is the line's tagset_key.
"""

STATE: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE topic (name TEXT PRIMARY KEY, generation INTEGER NOT NULL);
CREATE TABLE source_file (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- focus x_file
    name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, source TEXT NOT NULL,
    rows INTEGER NOT NULL, rejected TEXT NOT NULL,  -- JSON object: reason -> lines
    examples TEXT NOT NULL,  -- JSON list of text
    rounded INTEGER NOT NULL, ignored TEXT NOT NULL,  -- JSON list of column names
    unread TEXT NOT NULL,  -- JSON object: column -> cells that hold something unreadable
    arrived TEXT,  -- NULL: imported
    loaded_at TEXT NOT NULL,
    retired_at TEXT  -- when another file of the same name replaced it; NULL: its lines count
);
CREATE INDEX source_file_sha ON source_file (sha256);
CREATE INDEX source_file_name ON source_file (name);
CREATE TABLE claim (  -- the bytes that a name last stood for: a file's lines count while a name claims them
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL
);
CREATE TABLE refusal (  -- a file that could not be loaded when it was last tried
    name TEXT PRIMARY KEY, reason TEXT NOT NULL, hint TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE file_month (file INTEGER NOT NULL, month TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE INDEX file_month_file ON file_month (file);
CREATE TABLE parquet_file (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, month TEXT, source TEXT,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL,
    first_day TEXT, last_day TEXT,  -- of the charges, inclusive
    max_arrived TEXT,  -- newest x_arrived of the lines it holds or sums
    first_key TEXT, last_key TEXT,  -- kind lines: least and greatest resource_id; NULL: it holds none
    generation INTEGER NOT NULL,  -- that brought it
    retired_at TEXT  -- NULL: live
);
CREATE TABLE account (provider TEXT, account TEXT, billing_account TEXT, name TEXT);
CREATE TABLE arrival (  -- a source file published for a tenancy; imports have none
    provider TEXT, billing_account TEXT, source TEXT NOT NULL, file INTEGER NOT NULL, arrived TEXT NOT NULL
);
CREATE TABLE coverage (  -- what is held per account and source
    provider TEXT, account TEXT, source TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
    lines INTEGER NOT NULL, live_lines INTEGER NOT NULL
);
CREATE TABLE document (  -- a small answer kept for the first paint (the last overview)
    name TEXT PRIMARY KEY, generation INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE pending_change (  -- past days that changed, on their way to the history
    id TEXT PRIMARY KEY, provider TEXT, account TEXT, service TEXT, currency TEXT, day TEXT NOT NULL,
    old TEXT, new TEXT, seen TEXT NOT NULL, reason TEXT NOT NULL
);
"""
"""Amounts are decimal text, unrounded; NULL: there was no line or no known cost."""

HISTORY: Final = """
CREATE TABLE day_change (
    id TEXT PRIMARY KEY, provider TEXT, account TEXT, service TEXT, currency TEXT, day TEXT NOT NULL,
    old TEXT, new TEXT,  -- billed cost of the day, decimal text; NULL: no line or no known cost
    seen TEXT NOT NULL,  -- when the program noticed
    reason TEXT NOT NULL  -- 'late lines' | 'correction' | 'file replaced' | 'source took over'
);
CREATE INDEX day_change_seen ON day_change (seen);
"""

LEDGER: Final = """
CREATE TABLE saved_view (name TEXT PRIMARY KEY, query TEXT NOT NULL, saved_at TEXT NOT NULL);
"""
