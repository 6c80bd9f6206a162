"""Small answers kept in state.db as JSON, exact to the last decimal, for a first paint without DuckDB."""

import json
import sqlite3
import types
from contextlib import closing
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from finops_tui.errors import StoreError
from finops_tui.paths import Paths
from finops_tui.store import snapshot as manifest

T = TypeVar("T")
KEPT = 7
"""Days (as-of) of which an answer is kept."""


def encode(value: Any) -> Any:
    """Dataclasses, tuples, dicts, dates and decimals as JSON: decimals and dates become text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (Decimal, date)):
        return str(value)
    return value


def decode(shape: type[T], value: Any) -> T:
    """What `encode` made, back in its shape; KeyError, TypeError or ValueError where it is another one."""
    result: T = _decode(shape, value)
    return result


def _decode(shape: Any, value: Any) -> Any:
    arguments = get_args(shape)
    if get_origin(shape) is types.UnionType:
        if value is None:
            return None
        return _decode(next(option for option in arguments if option is not types.NoneType), value)
    if get_origin(shape) is tuple:
        return tuple(_decode(arguments[0], item) for item in value)
    if get_origin(shape) is dict:
        return {key: _decode(arguments[1], item) for key, item in value.items()}
    if is_dataclass(shape) and isinstance(shape, type):
        hints = get_type_hints(shape)
        return shape(**{field.name: _decode(hints[field.name], value[field.name]) for field in fields(shape)})
    if shape is date:
        return date.fromisoformat(value)
    return Decimal(value) if shape is Decimal else value


def keep(paths: Paths, name: str, as_of: date, generation: int, body: Any) -> bool:
    """Keep an answer for its day, unless the cache has moved on. False where it cannot be written."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    try:
        with manifest.state(paths) as readable:
            if readable is None:
                return False
        with closing(sqlite3.connect(paths.state_db, timeout=2, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO document (name, generation, body) VALUES (?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, body = excluded.body"
                " WHERE excluded.generation >= document.generation",
                (f"{name} {as_of.isoformat()}", generation, text),
            )
            connection.execute(
                "DELETE FROM document WHERE name LIKE ? AND name NOT IN"
                " (SELECT name FROM document WHERE name LIKE ? ORDER BY name DESC LIMIT ?)",
                (f"{name} %", f"{name} %", KEPT),
            )
            connection.execute("COMMIT")
    except (sqlite3.Error, StoreError):
        return False
    return True


def newest(paths: Paths, name: str, as_of: date | None) -> Any | None:
    """The answer of the newest day, or of the newest not after `as_of`; None where there is none."""
    last = f"{name} {as_of.isoformat()}" if as_of else f"{name} 9999-99-99"
    with manifest.state(paths) as connection:
        row = (
            connection.execute(
                "SELECT body FROM document WHERE name LIKE ? AND name <= ? ORDER BY name DESC LIMIT 1",
                (f"{name} %", last),
            ).fetchone()
            if connection
            else None
        )
    try:
        return json.loads(row[0]) if row else None
    except ValueError:
        return None
