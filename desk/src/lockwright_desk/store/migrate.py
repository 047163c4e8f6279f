"""The tables' version, and Alembic, which brings them up to it by the package's migrations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from lockwright_desk.store.errand import Errand, alone

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0008"
"""The revision that this version works with."""
_TABLE = "alembic_version"


def upgrade(engine: Engine) -> str | None:
    """Run every migration that has not run yet, all in one transaction.

    Returns:
        The revision that the tables were of before; None if there were none.
    """
    from alembic import command  # noqa: PLC0415  # as slow to import as all the rest of the desk

    with engine.begin() as connection:
        alone(connection, Errand.UPGRADE)
        before = revision(connection)
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before


def revision(connection: Connection) -> str | None:
    """The revision of the tables; None if there are none."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))  # noqa: S608  # ours
    return found


def alembic_config() -> Config:
    """Where Alembic finds the migrations."""
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
