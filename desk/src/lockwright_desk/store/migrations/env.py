"""Alembic's entry: run the migrations over the connection that ``migrate.upgrade`` has opened."""

from __future__ import annotations

from alembic import context
from lockwright_desk.store.schema import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    transactional_ddl=True,
)
context.run_migrations()
