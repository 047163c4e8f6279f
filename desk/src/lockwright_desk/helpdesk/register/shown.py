"""What of the register is shown: clients, tokens, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from lockwright_desk.store.tables.register import Custody, TokenState

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A part of a list, in the list's own order."""

    rows: Sequence[Row]
    """What is on it."""
    next: str | None
    """Key of the page after it; None for the last one."""


@dataclass(frozen=True, slots=True)
class ClientShown:
    """A client."""

    id: int
    login: str
    """As the bank writes it; no two differ by their case alone."""
    name: str
    phone: str | None
    """The number on record, which is called back."""
    email: str | None
    language: str | None
    """``en`` or ``ru``; None where it is not known."""
    grade: str | None
    """What the bank calls the client's value."""
    added_at: datetime
    removed_at: datetime | None
    """Since when nothing is known any more of who it was."""


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token."""

    id: int
    adapter: str
    """Name of the adapter, which is the vendor of ``Inquiry``."""
    model: str
    """As ``CK_TOKEN_INFO`` names it."""
    serial: str
    """Serial number in the one form that the adapter's rule has."""
    label: str
    state: TokenState
    state_since: datetime
    revision: int
    """Names what was seen: a change of the token says which revision it was made from."""
    holder: ClientShown | None
    """Who holds it; None for the bank."""
    held_since: datetime | None
    custody: Custody | None
    """Where its administrator key is; None where the bank has none."""
    key_version: int | None
    """Number of the version that its key hangs on; None for no version."""


@dataclass(frozen=True, slots=True)
class HolderShown:
    """Who held a token, from when until when."""

    token: TokenShown
    client: ClientShown
    since: datetime
    until: datetime | None
    """None for until now."""
    by: str
    """Name of the operator, or account of the system, who handed it over."""


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change of a token's state."""

    at: datetime
    by: str
    state: TokenState
    """The state since then."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class KeyVersionShown:
    """A version of a wrapping or a master key, and how many tokens hang on it."""

    id: int
    custody: Custody
    number: int
    label: str
    """Label of the key in the HSM."""
    made_at: datetime
    made_by: str
    tokens: int
    """Tokens with this version, as far as they are counted (``histories.COUNTED``)."""
    more: bool
    """Whether there are more than were counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one text found, whatever it was meant as."""

    clients: Page[ClientShown]
    """By name or login."""
    tokens: Page[TokenShown]
    """By the whole serial number or its last digits."""
