"""Rows by hundreds of values at once, each looked up in the index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session


def among(
    session: Session, column: InstrumentedAttribute[Any], values: Collection[str]
) -> ColumnElement[bool]:
    """Whether a column holds one of some texts.

    PostgreSQL, once it has prepared ``column IN (...)``, compares each row of the table with each
    of the values: a batch of 500 then takes seconds. What is selected it joins.

    Args:
        session: a transaction.
        column: the column, which has an index.
        values: the texts.
    """
    if session.get_bind().dialect.name == "postgresql":
        return column.in_(select(func.unnest(cast(list(values), ARRAY(Text)))))
    return column.in_(values)
