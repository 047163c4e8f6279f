"""Numbers of revocation lists that are moments, which thirty-two bits do not hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widen the number; in SQLite a whole number has 64 bits anyway."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("revocation_lists", "number", type_=sa.BigInteger())
