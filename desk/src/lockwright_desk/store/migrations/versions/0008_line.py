"""Requests that come over the line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lockwright_desk.store.tables.base import LONG, Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "lines",
        sa.Column("id", LONG, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("adapter", sa.String(64), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("came_at", Moment(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("case_id", LONG),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_why", sa.String(16)),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_lines_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lines"),
        sa.UniqueConstraint("case_id", name="uq_lines_case_id"),
        sa.UniqueConstraint("hash", name="uq_lines_hash"),
        sa.UniqueConstraint("number", name="uq_lines_number"),
    )
    op.create_index("ix_lines_came_at", "lines", ["came_at"])
    op.create_index("ix_lines_ends_at", "lines", ["ends_at"])
