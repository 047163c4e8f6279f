"""Requests that came over the line, and their answers on the way back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lockwright_desk.store.tables.base import LONG, NAME, SHA256, Moment, Row

_WORD = 16


class Line(Row):
    """A client that waits for a Response."""

    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    number: Mapped[str] = mapped_column(String(_WORD), unique=True)
    """What the client reads out, and the operator finds it by."""
    hash: Mapped[str] = mapped_column(String(SHA256), unique=True)
    """SHA-256 of the secret by which the client asks for the answer."""
    adapter: Mapped[str] = mapped_column(String(NAME))
    model: Mapped[str] = mapped_column(String(NAME))
    serial: Mapped[str] = mapped_column(String(NAME))
    request: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """The client's key for this Request alone: the Response is sealed to it."""
    address: Mapped[str] = mapped_column(Text)
    """Where it came from: the address, or its network of 64 bits."""
    came_at: Mapped[datetime] = mapped_column(Moment, index=True)
    heard_at: Mapped[datetime] = mapped_column(Moment)
    """When the client's window last asked."""
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The Response, which only the waiting client can open; taken out once it has it."""
    answered_by: Mapped[str | None] = mapped_column(Text)
    """Who answered, as the client is told, and the Response is sealed with."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_why: Mapped[str | None] = mapped_column(String(_WORD))
    """A value of ``helpdesk.over_line.rows.Stands``."""
