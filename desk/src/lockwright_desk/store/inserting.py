"""``INSERT ... ON CONFLICT``: both databases have the same words for it, SQLAlchemy two classes."""

from __future__ import annotations

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite


def insert_of(dialect: Dialect) -> type[postgresql.Insert | sqlite.Insert]:
    """The class of a database's own ``INSERT``.

    Args:
        dialect: the database's.
    """
    return postgresql.Insert if dialect.name == "postgresql" else sqlite.Insert
