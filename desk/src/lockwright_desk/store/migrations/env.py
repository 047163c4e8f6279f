"""Alembic's entry: run the migrations over the connection that ``migrate.upgrade`` has opened."""

from __future__ import annotations

from alembic import context
from lockwright_desk.store.tables.every import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
