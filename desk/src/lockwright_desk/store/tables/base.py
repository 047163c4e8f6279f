"""What every table has in common."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

SERIAL = 40
"""Hex digits of a serial number: 20 bytes, the most that RFC 5280, 4.1.2.2 lets it have."""
SHA256 = 64
"""Hex digits of a SHA-256."""
NAME = 64
"""Characters of a login, a profile, a name of ours."""
LONG = BigInteger().with_variant(Integer(), "sqlite")
"""A number that may pass 2**31; SQLite counts up an INTEGER only."""

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def in_order(length: int | None = None) -> String:
    """A text that is looked up by its beginning: in the order of its code points.

    SQLite has no other order, PostgreSQL that of the cluster's language unless it is told.

    Args:
        length: characters; None for any number.
    """
    plain, by_code = (
        (Text(), Text(collation="C"))
        if length is None
        else (String(length), String(length, collation="C"))
    )
    return plain.with_variant(by_code, "postgresql")


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps none, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=_CONVENTION)
