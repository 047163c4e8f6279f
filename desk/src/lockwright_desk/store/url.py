"""The URL of the database, as the configuration has it and as SQLAlchemy takes it."""

from __future__ import annotations

from pathlib import Path

from lockwright.i18n import _
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
"""Databases that the desk is tested with, and the driver for each."""


def problem_of_url(text: str) -> str | None:
    """What is wrong with a URL; None if nothing is."""
    try:
        url = make_url(text)
    except ArgumentError:
        return _("it is not a URL")
    if url.drivername not in _DRIVERS:
        return _("it begins with neither sqlite: nor postgresql:")
    if url.password is not None:
        return _("it must not hold a password; use a password file (passfile=...)")
    if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
        return _("it names no file")
    return None


def absolute_url(text: str, folder: Path) -> str:
    """The URL for SQLAlchemy; the file of SQLite is relative to a folder."""
    url = make_url(text)
    database = url.database
    if url.drivername == "sqlite" and database is not None:
        database = str(folder / database)
    return url.set(drivername=_DRIVERS[url.drivername], database=database).render_as_string()
