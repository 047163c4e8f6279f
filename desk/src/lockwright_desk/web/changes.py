"""Whether anything changed that a queue shows: one statement, answered by indexes alone."""

from __future__ import annotations

from sqlalchemy import func, select

from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Alert, CaseChange
from lockwright_desk.store.tables.line import Line

_NEWEST = select(
    select(func.max(CaseChange.id)).scalar_subquery(),
    select(func.max(Alert.id)).scalar_subquery(),
    select(func.max(Line.id)).scalar_subquery(),
)


class Changes:
    """How things are now.

    Args:
        database: the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> object:
        """Something that is another with each change.

        Raises:
            DatabaseAway: the database is busy or gone.
        """
        with self._database.looking() as connection:
            return tuple(connection.execute(_NEWEST).one())
