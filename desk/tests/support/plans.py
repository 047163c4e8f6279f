"""How the databases go about what they are asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from lockwright_desk.store.database import Database
from sqlalchemy import Connection, event, text

Statement = tuple[str, Any]
_SMALL = ("key_versions",)
"""Tables with some rows, whatever becomes of the others."""


def asked(database: Database, question: Callable[[], object]) -> list[Statement]:
    """The statements that a question comes to."""
    found: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: Any) -> None:
        found.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        question()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return found


def faults(database: Database, statement: Statement) -> list[str]:
    """Where a statement reads all of a table, or sorts what it has read.

    Reading a whole list in the order of an index is no fault: it ends with the page.
    """
    sql, parameters = statement
    if not sql.lstrip().upper().startswith("SELECT"):
        return []
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return list(_of_sqlite(connection, sql, parameters))
        return list(_of_postgresql(connection, sql, parameters))


def _of_sqlite(connection: Connection, sql: str, parameters: Any) -> Iterator[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
    whole = "WHERE" not in sql and "LIMIT" in sql
    for *_numbers, told in rows:
        if told.startswith("USE TEMP B-TREE"):
            yield told
        elif told.startswith("SCAN") and not told.startswith(("SCAN anon", "SCAN CONSTANT")):
            if not whole and not any(name in told for name in _SMALL):
                yield told
            whole = False  # what is joined is looked up


def _of_postgresql(connection: Connection, sql: str, parameters: Any) -> Iterator[str]:
    # With few rows it would rather read them all; what is left then is what it has no index for.
    for setting in ("enable_seqscan", "enable_bitmapscan"):
        connection.execute(text(f"SET LOCAL {setting} = off"))
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", parameters).scalar_one()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    for node in _nodes(plan):
        kind, table = node["Node Type"], node.get("Relation Name", "")
        if kind in {"Seq Scan", "Parallel Seq Scan", "Bitmap Heap Scan"} and table not in _SMALL:
            yield f"{kind} of {table}"
        elif kind in {"Sort", "Incremental Sort"}:
            yield f"{kind} by {node['Sort Key']}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
