"""Wrong tries, of whatever is guessed at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lockwright_desk.store.tables.base import SHA256, Moment, Row


class WrongTries(Row):
    """Wrong tries that count as one another, since the first of them."""

    __tablename__ = "wrong_tries"

    name: Mapped[str] = mapped_column(String(SHA256), primary_key=True)
    """Hash of what they count as, lower-case hex."""
    begun: Mapped[datetime] = mapped_column(Moment, index=True)
    """When the first one was."""
    wrong: Mapped[int] = mapped_column()
    """How many there were."""
