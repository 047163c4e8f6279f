"""Revocations in their order, with their entries of the list; wrong tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lockwright_desk.enrolment.crl.entries import entry
from lockwright_desk.store.tables.base import Moment

revision = "0002"
down_revision = "0001"

_REVOKED = sa.text("revocation IS NOT NULL")
_CERTIFICATES = sa.table(
    "certificates",
    sa.column("serial", sa.String),
    sa.column("revoked_at", Moment),
    sa.column("reason", sa.String),
    sa.column("revocation", sa.Integer),
    sa.column("crl_entry", sa.LargeBinary),
)

_FROM = {"revocation": "number", "crl_entry": "made"}


def upgrade() -> None:
    """Add them, and number what was revoked before."""
    op.add_column("certificates", sa.Column("revocation", sa.Integer()))
    op.add_column("certificates", sa.Column("crl_entry", sa.LargeBinary()))
    _number()
    op.create_index("ix_certificates_revocation", "certificates", ["revocation"], unique=True)
    op.create_index(
        "ix_certificates_revoked_until",
        "certificates",
        ["not_after"],
        sqlite_where=_REVOKED,
        postgresql_where=_REVOKED,
    )
    op.create_table(
        "wrong_tries",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("begun", Moment(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_wrong_tries"),
    )
    op.create_index("ix_wrong_tries_begun", "wrong_tries", ["begun"])


def _number() -> None:
    """Number them as they came; which of them the last list has is not known any more."""
    connection, table = op.get_bind(), _CERTIFICATES
    rows = connection.execute(
        sa.select(table.c.serial, table.c.revoked_at, table.c.reason)
        .where(table.c.revoked_at.is_not(None))
        .order_by(table.c.revoked_at, table.c.serial)
    ).all()
    changes = [
        {"of": serial, "number": number, "made": entry(serial, revoked_at, reason)}
        for number, (serial, revoked_at, reason) in enumerate(rows, 1)
    ]
    if changes:
        change = sa.update(table).where(table.c.serial == sa.bindparam("of"))
        values: dict[str, object] = {name: sa.bindparam(of) for name, of in _FROM.items()}
        connection.execute(change.values(values), changes)
    op.execute(sa.update(sa.table("revocation_lists", sa.column("revoked"))).values(revoked=-1))
