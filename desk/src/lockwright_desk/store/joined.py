"""Bytes of many rows put together by the database itself.

A hundred thousand rows that are fetched one by one keep every other thread waiting for a second.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session


def joined(
    session: Session,
    column: InstrumentedAttribute[Any],
    order: InstrumentedAttribute[Any],
    *where: ColumnElement[bool],
) -> bytes:
    """What a column of bytes holds, one row after the other.

    Args:
        session: a transaction.
        column: the column.
        order: the column that says in which order.
        where: which rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        text = func.string_agg(column, aggregate_order_by(literal(b""), order))
        return bytes(session.scalar(select(text).where(*where)) or b"")
    rows = select(func.hex(column).label("digits")).where(*where).order_by(order).subquery()
    # SQLite joins texts, and takes the rows as they come, which is in their order.
    digits = func.group_concat(cast(rows.c.digits, Text), "")
    return bytes.fromhex(session.scalar(select(digits)) or "")
