"""The bank's side of a remote unblock: who answers, why, and by which rule."""

from __future__ import annotations

from enum import StrEnum

from lockwright.records import dataclass


class KeyForm(StrEnum):
    """What an administrator key is, and how it is written down; never guessed from its looks."""

    HEX = "hex"
    """A 3DES key of 16 or 24 bytes, as 32 or 48 hexadecimal digits."""
    TEXT = "text"
    """A 3DES key that was set as text: its UTF-8 bytes, at most 24, filled up with zeros."""
    PASSWORD = "password"  # noqa: S105  # the name of a form
    """The administrator's password, from which the vendor's own function makes the Response."""


@dataclass(frozen=True, slots=True)
class SerialForm:
    """How a vendor writes the serial numbers of its tokens; what is not known is not said."""

    letters: str = "".join(map(chr, range(0x21, 0x7F)))
    """The letters that one can have, in the case in which the vendor writes them; by default all
    of ASCII that can be seen, so that case and separators stay as they are typed."""


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """What a model's Request, serial number and administrator key look like."""

    request_length: int | None
    """Length of a Request in bytes; None where it may have any."""
    key_forms: frozenset[KeyForm]
    """Forms of an administrator key that this model can have."""
    default_keys: tuple[bytes, ...] = ()
    """3DES keys and passwords that the vendor's tokens come with, as everybody knows. Those that
    are known for tokens of any vendor are the core's to know."""
    serial: SerialForm = SerialForm()
    """How the model's serial numbers are written, so that each has one form: before the check, in
    the ledger, in the audit trail, and in the URI of the key."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Who answers a Request, and why: what the audit trail keeps of it."""

    operator: str
    """The help desk's operator: a note beside the account of the system, which is what counts."""
    reason: str = ""
    """Why, in words; may be empty where a ticket says it."""
    ticket: str = ""
    """Number of the case in the bank's own system."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A Request that can be answered: its model is known, its form is right."""

    vendor: str
    """Name of the adapter of the client's token."""
    model: str
    """Model of the client's token."""
    serial: str
    """Serial number of the client's token, from the bank's own record of the client, in the form
    in which the vendor writes it."""
    request: bytes
    """The Request."""
