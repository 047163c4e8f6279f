"""Very many new rows at once, past the ORM, which takes twice as long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lockwright_desk.store.tables.base import Row


def add(session: Session, model: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows; none is nothing.

    Args:
        session: a transaction that writes.
        model: the table.
        rows: their columns, the same for each.
    """
    if rows:
        session.connection().execute(insert(model), list(rows))


def add_numbered(
    session: Session, model: type[Row], rows: Sequence[Mapping[str, Any]]
) -> Sequence[int]:
    """Add rows of a table whose key is a number that the database gives.

    Args:
        session: a transaction that writes.
        model: the table.
        rows: their columns but ``id``, the same for each.

    Returns:
        The number of each, in their order.
    """
    if not rows:
        return []
    number = model.__table__.c.id
    if session.get_bind().dialect.name == "postgresql":
        made = insert(model).returning(number, sort_by_parameter_order=True)
        return session.connection().execute(made, list(rows)).scalars().all()
    # SQLite says them row by row only; who writes there is alone, and counts as it would.
    first = (session.scalar(select(func.max(number))) or 0) + 1
    numbers = range(first, first + len(rows))
    add(session, model, [{"id": each, **row} for each, row in zip(numbers, rows, strict=True)])
    return numbers
