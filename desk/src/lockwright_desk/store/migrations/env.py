"""Alembic's entry: run the migrations over the connection that ``migrate.upgrade`` has opened."""

from __future__ import annotations

import lockwright_desk.store.tables.enrolment  # noqa: F401  # its tables are known from here on
from alembic import context
from lockwright_desk.store.tables.base import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    transactional_ddl=True,
)
context.run_migrations()
