"""Places for a key and its certificate."""

from __future__ import annotations

from enum import StrEnum

from lockwright.records import dataclass


class StorageKind(StrEnum):
    """What kind of place it is."""

    TOKEN = "token"  # noqa: S105  # the name of a kind
    """A crypto token; the key is made on it and never leaves it."""
    SYSTEM = "system"
    """The user's certificate store of the system, which browsers and mail programs read."""
    FILE = "file"
    """A PKCS#12 file (RFC 7292), protected by a password."""


@dataclass(frozen=True, slots=True)
class StorageState:
    """Whether a kind of place can be used on this computer."""

    kind: StorageKind
    """What kind of place it is."""
    place: str
    """Where it is, for people; empty where the person who enrols chooses it."""
    reason: str
    """Why it cannot be used, a sentence for people; empty if it can."""

    @property
    def available(self) -> bool:
        """Whether it can be used."""
        return not self.reason
