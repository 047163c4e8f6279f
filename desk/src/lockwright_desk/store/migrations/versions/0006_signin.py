"""Operators, their credentials, and who is signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lockwright_desk.store.tables.base import LONG, Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make them."""
    _operators()
    _credentials()
    _sign_in_codes()
    _begun_sign_ins()
    _signed_in()


def _operators() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("handle", sa.String(64), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("suspended_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_operators"),
        sa.UniqueConstraint("handle", name="uq_operators_handle"),
        sa.UniqueConstraint("name", name="uq_operators_name"),
    )


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(1400), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("sign_count", LONG, nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("used_at", Moment()),
        sa.Column("revoked_at", Moment()),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name="fk_credentials_operator_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("kind", "name", name="uq_credentials_kind"),
    )
    op.create_index("ix_credentials_operator_id", "credentials", ["operator_id"])


def _sign_in_codes() -> None:
    op.create_table(
        "sign_in_codes",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment()),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name="fk_sign_in_codes_operator_id"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in_codes"),
    )
    op.create_index("ix_sign_in_codes_operator_id", "sign_in_codes", ["operator_id"])


def _begun_sign_ins() -> None:
    op.create_table(
        "begun_sign_ins",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_begun_sign_ins"),
    )
    op.create_index("ix_begun_sign_ins_expires_at", "begun_sign_ins", ["expires_at"])
    op.create_index("ix_begun_sign_ins_place", "begun_sign_ins", ["place"])


def _signed_in() -> None:
    op.create_table(
        "signed_in",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("bound_to", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credentials.id"], name="fk_signed_in_credential_id"
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name="fk_signed_in_operator_id"),
        sa.PrimaryKeyConstraint("hash", name="pk_signed_in"),
    )
    op.create_index("ix_signed_in_credential_id", "signed_in", ["credential_id"])
    op.create_index("ix_signed_in_ends_at", "signed_in", ["ends_at"])
    op.create_index("ix_signed_in_operator_id", "signed_in", ["operator_id"])
