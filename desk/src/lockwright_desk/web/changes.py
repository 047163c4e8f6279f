"""Whether anything changed that a page shows by itself: answered by indexes alone."""

from __future__ import annotations

from sqlalchemy import func, select

from lockwright_desk.helpdesk import live
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Alert
from lockwright_desk.store.tables.line import Line

_NEWEST = select(
    select(func.max(Alert.id)).scalar_subquery(),
    select(func.max(Line.id)).scalar_subquery(),
)


def state(database: Database) -> object:
    """What is another after each change of a case, each alert and each Request over the line.

    Raises:
        DatabaseAway: the database is busy or gone.
    """
    with database.looking() as connection:
        newest = tuple(connection.execute(_NEWEST).one())
    return live.state(database), newest
