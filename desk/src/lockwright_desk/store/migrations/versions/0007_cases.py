"""Cases and their history, answers, alerts and notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lockwright_desk.store.tables.base import LONG, Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make them."""
    _cases()
    _case_changes()
    _alerts()
    _answers()
    _notices()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", LONG, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("verified_by_means", sa.String(64)),
        sa.Column("verified_at", Moment()),
        sa.Column("request", sa.LargeBinary()),
        sa.Column("words_heard", sa.Text()),
        sa.Column("wrong_checks", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("ticket", sa.Text()),
        sa.Column("second_why", sa.Text()),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_at", Moment()),
        sa.Column("decided_why", sa.Text()),
        sa.Column("answered_at", Moment()),
        sa.Column("closed_at", Moment()),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_cases_client_id"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_cases_token_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_client_id", "cases", ["client_id"])
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_index("ix_cases_opened_by", "cases", ["opened_by"])
    op.create_index("ix_cases_state", "cases", ["state", "id"])
    op.create_index("ix_cases_token_id", "cases", ["token_id"])


def _case_changes() -> None:
    op.create_table(
        "case_changes",
        sa.Column("id", LONG, nullable=False),
        sa.Column("case_id", LONG, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_changes_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_changes"),
    )
    op.create_index("ix_case_changes_case_id", "case_changes", ["case_id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", LONG, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("case_id", LONG),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("seen_at", Moment()),
        sa.Column("seen_by", sa.String(64)),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alerts_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_at", "alerts", ["at"])
    op.create_index("ix_alerts_case_id", "alerts", ["case_id"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("case_id", LONG, nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(64), nullable=False),
        sa.Column("key_version_id", sa.Integer()),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_answers_case_id"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_answers_client_id"),
        sa.ForeignKeyConstraint(
            ["key_version_id"], ["key_versions.id"], name="fk_answers_key_version_id"
        ),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_answers_token_id"),
        sa.PrimaryKeyConstraint("request_sha256", name="pk_answers"),
        sa.UniqueConstraint("case_id", name="uq_answers_case_id"),
    )
    op.create_index("ix_answers_at", "answers", ["at"])
    op.create_index("ix_answers_client_id", "answers", ["client_id", "at"])
    op.create_index("ix_answers_key", "answers", ["key", "at"])
    op.create_index("ix_answers_operator", "answers", ["operator", "at"])
    op.create_index("ix_answers_token_id", "answers", ["token_id", "at"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", LONG, nullable=False),
        sa.Column("case_id", LONG, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment()),
        sa.Column("gave_up_at", Moment()),
        sa.Column("trouble", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("case_id", "channel", name="uq_notices_case_id"),
    )
    due = sa.text("sent_at IS NULL AND gave_up_at IS NULL")
    op.create_index(
        "ix_notices_due", "notices", ["next_at"], sqlite_where=due, postgresql_where=due
    )
