"""The register: clients, their tokens, who held them, and versions of administrator keys."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lockwright_desk.store.tables.base import LONG, NAME, SHA256, Moment, Row, in_order

WORD = 64
"""Characters of a word by which a client is found; of a longer one those are kept."""
_SHORT = 16
_SERIAL = 64
_OPEN = text("until IS NULL")


class TokenState(StrEnum):
    """Where a token stands."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    LOST = "lost"
    RETIRED = "retired"


class Custody(StrEnum):
    """Where the administrator key of a token is."""

    OBJECT = "object"
    """An object of its own in the HSM."""
    WRAPPED = "wrapped"
    """In the database, wrapped under a key of the HSM."""
    DERIVED = "derived"
    """Nowhere: derived in the HSM for each answer."""
    OPENED = "opened"
    """A password, in the database, wrapped under a key of the HSM; a process that ends with the
    answer opens it."""


class Client(Row):
    """A client of the bank."""

    __tablename__ = "clients"
    __table_args__ = (Index("ix_clients_name_searched", "name_searched", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(NAME))
    login_searched: Mapped[str] = mapped_column(in_order(), unique=True)
    """The login in one case: no two clients differ by that alone."""
    name: Mapped[str] = mapped_column(Text)
    name_searched: Mapped[str] = mapped_column(in_order())
    """The name as it is looked for: one case, one form of each letter."""
    phone: Mapped[str | None] = mapped_column(String(NAME))
    """The number on record, which is called back."""
    email: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(_SHORT))
    grade: Mapped[str | None] = mapped_column(String(NAME))
    """What the bank calls the client's value; rules name it."""
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when nothing is known any more of who it was; cases and history stay."""


class ClientWord(Row):
    """A word of a client's name or login, by whose beginning the client is found."""

    __tablename__ = "client_words"
    __table_args__ = (Index("ix_client_words_word", "word", "client_id"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), primary_key=True)
    word: Mapped[str] = mapped_column(in_order(WORD), primary_key=True)


class KeyVersion(Row):
    """A version of a key of the HSM by which administrator keys are wrapped or derived."""

    __tablename__ = "key_versions"
    __table_args__ = (UniqueConstraint("custody", "number", name="uq_key_versions_custody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    custody: Mapped[str] = mapped_column(String(_SHORT))
    """A value of ``Custody``."""
    number: Mapped[int] = mapped_column()
    """1, 2, 3; the highest is what new tokens get."""
    label: Mapped[str] = mapped_column(Text)
    """Label of the key in the HSM."""
    mark: Mapped[str] = mapped_column(String(SHA256))
    """What tells it from other keys, lower-case hex; it tells nothing of the key."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(Text)


class Token(Row):
    """A token in the hands of a client, or in the bank's."""

    __tablename__ = "tokens"
    __table_args__ = (
        UniqueConstraint("adapter", "model", "serial", name="uq_tokens_adapter"),
        # What is listed page by page is read in the order of the index.
        Index("ix_tokens_serial_end", "serial_end", "id"),
        Index("ix_tokens_state", "state", "id"),
        Index("ix_tokens_client_id", "client_id", "id"),
        Index("ix_tokens_key_version_id", "key_version_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adapter: Mapped[str] = mapped_column(String(NAME))
    """Name of the adapter, which is the vendor of ``Inquiry``."""
    model: Mapped[str] = mapped_column(String(NAME))
    """As ``CK_TOKEN_INFO`` names it."""
    serial: Mapped[str] = mapped_column(String(_SERIAL))
    """Serial number in the one form that the adapter's rule has."""
    serial_end: Mapped[str] = mapped_column(in_order(_SERIAL))
    """The serial number backwards and in one case, so that its last digits are looked up."""
    label: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(_SHORT))
    """A value of ``TokenState``."""
    state_since: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column()
    """One more with each change, so that two who change it at once are told."""
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"))
    """Who holds it; None for nobody."""
    held_since: Mapped[datetime | None] = mapped_column(Moment)
    custody: Mapped[str | None] = mapped_column(String(_SHORT))
    """A value of ``Custody``; None where the bank has no key for it."""
    key_version_id: Mapped[int | None] = mapped_column(ForeignKey("key_versions.id"))
    key_label: Mapped[str | None] = mapped_column(Text)
    """Label of its own object in the HSM."""
    key_form: Mapped[str | None] = mapped_column(String(_SHORT))
    """A value of ``KeyForm``."""
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    """MAC by the HSM over all that says whose key it is."""


class Holder(Row):
    """Who held a token, from when until when."""

    __tablename__ = "holders"
    __table_args__ = (
        Index("ix_holders_token_id", "token_id", "id"),
        Index("ix_holders_client_id", "client_id", "id"),
        # Nobody shares a token, whatever the code does.
        Index(
            "ix_holders_now",
            "token_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(Text)
    """Name of the operator, or account of the system."""


class TokenChange(Row):
    """What became of a token, and who did it."""

    __tablename__ = "token_changes"
    __table_args__ = (Index("ix_token_changes_token_id", "token_id", "id"),)

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(_SHORT))
    """The state since then."""
    reason: Mapped[str | None] = mapped_column(Text)
