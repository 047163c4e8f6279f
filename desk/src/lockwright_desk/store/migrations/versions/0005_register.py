"""Clients, their tokens, and versions of administrator keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lockwright_desk.store.tables.base import LONG, Moment, in_order

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make them."""
    _clients()
    _client_words()
    _key_versions()
    _tokens()
    _holders()
    _token_changes()


def _clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("login_searched", in_order(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_searched", in_order(), nullable=False),
        sa.Column("phone", sa.String(64)),
        sa.Column("email", sa.Text()),
        sa.Column("language", sa.String(16)),
        sa.Column("grade", sa.String(64)),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("removed_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_clients"),
        sa.UniqueConstraint("login_searched", name="uq_clients_login_searched"),
    )
    op.create_index("ix_clients_name_searched", "clients", ["name_searched", "id"])


def _client_words() -> None:
    op.create_table(
        "client_words",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("word", in_order(64), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_client_words_client_id"),
        sa.PrimaryKeyConstraint("client_id", "word", name="pk_client_words"),
    )
    op.create_index("ix_client_words_word", "client_words", ["word", "client_id"])


def _key_versions() -> None:
    op.create_table(
        "key_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("custody", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_versions"),
        sa.UniqueConstraint("custody", "number", name="uq_key_versions_custody"),
    )


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adapter", sa.String(64), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("serial_end", in_order(64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("state_since", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer()),
        sa.Column("held_since", Moment()),
        sa.Column("custody", sa.String(16)),
        sa.Column("key_version_id", sa.Integer()),
        sa.Column("key_label", sa.Text()),
        sa.Column("key_form", sa.String(16)),
        sa.Column("wrapped", sa.LargeBinary()),
        sa.Column("seal", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_tokens_client_id"),
        sa.ForeignKeyConstraint(
            ["key_version_id"], ["key_versions.id"], name="fk_tokens_key_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("adapter", "model", "serial", name="uq_tokens_adapter"),
    )
    for column in ("client_id", "key_version_id", "serial_end", "state"):
        op.create_index(f"ix_tokens_{column}", "tokens", [column, "id"])


def _holders() -> None:
    op.create_table(
        "holders",
        sa.Column("id", LONG, nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_holders_client_id"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_holders_token_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holders"),
    )
    op.create_index("ix_holders_client_id", "holders", ["client_id", "id"])
    op.create_index("ix_holders_token_id", "holders", ["token_id", "id"])
    op.create_index(
        "ix_holders_now",
        "holders",
        ["token_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def _token_changes() -> None:
    op.create_table(
        "token_changes",
        sa.Column("id", LONG, nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_token_changes_token_id"),
        sa.PrimaryKeyConstraint("id", name="pk_token_changes"),
    )
    op.create_index("ix_token_changes_token_id", "token_changes", ["token_id", "id"])
