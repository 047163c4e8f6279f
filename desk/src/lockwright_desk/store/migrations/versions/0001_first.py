"""The first tables: passwords, certificates, requests, revocation lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lockwright_desk.store.tables.base import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "passwords",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_passwords"),
    )
    op.create_index("ix_passwords_login", "passwords", ["login"])
    op.create_table(
        "certificates",
        sa.Column("serial", sa.String(40), nullable=False),
        sa.Column("login", sa.String(64)),
        sa.Column("profile", sa.String(64)),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("not_after", Moment(), nullable=False),
        sa.Column("revoked_at", Moment()),
        sa.Column("reason", sa.String(64)),
        sa.PrimaryKeyConstraint("serial", name="pk_certificates"),
        sa.UniqueConstraint("fingerprint", name="uq_certificates_fingerprint"),
    )
    op.create_index("ix_certificates_login", "certificates", ["login"])
    _requests()
    op.create_table(
        "revocation_lists",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("next_update", Moment(), nullable=False),
        sa.Column("revoked", sa.Integer(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_revocation_lists"),
    )


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("password_id", sa.String(8)),
        sa.Column("renews", sa.String(40)),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("csr", sa.LargeBinary(), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("serial", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.ForeignKeyConstraint(["password_id"], ["passwords.id"], name="fk_requests_password_id"),
        sa.ForeignKeyConstraint(["renews"], ["certificates.serial"], name="fk_requests_renews"),
        sa.ForeignKeyConstraint(["serial"], ["certificates.serial"], name="fk_requests_serial"),
        sa.UniqueConstraint("password_id", name="uq_requests_password_id"),
        sa.UniqueConstraint("renews", name="uq_requests_renews"),
        sa.UniqueConstraint("serial", name="uq_requests_serial"),
        sa.CheckConstraint("(password_id IS NULL) <> (renews IS NULL)", name="one_right"),
        sa.CheckConstraint("(state = 'issued') = (serial IS NOT NULL)", name="issued_has_serial"),
    )
    op.create_index("ix_requests_login", "requests", ["login"])
    op.create_index("ix_requests_state", "requests", ["state"])
