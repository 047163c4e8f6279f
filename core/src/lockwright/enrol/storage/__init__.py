"""Where a certificate goes: one interface, whatever holds the key.

An enrolment makes a key there, has it sign, writes the certificate beside it, and can take back
all that it made. Each part may be asked for again after a crash, so each says what is there
rather than trusting that it was done.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from lockwright.enrol.entry import Old
from lockwright.models import Container, KeyPair, KeyRequest, SignatureScheme, StorageKind, Token


class Storage(Protocol):
    """A place for a key and its certificate, open with its secret."""

    @property
    def kind(self) -> StorageKind:
        """What kind of place it is."""

    @property
    def place(self) -> str:
        """Its name for people and for the journal: a token's serial number, a file's path."""

    @property
    def token(self) -> Token | None:
        """The token that it is; None for another place."""

    @property
    def key_types(self) -> tuple[str, ...]:
        """The key types that can be made, the usual one first."""

    @property
    def keeps_key(self) -> bool:
        """Whether the key is kept elsewhere until its certificate is written and proved."""

    def staying(self) -> AbstractContextManager[None]:
        """Keep it open for what is done in the block."""

    def ready(self, key_id: bytes | None = None) -> None:
        """Refuse what cannot work before anything is done.

        Args:
            key_id: the key of the enrolment that is continued; None for a new one.

        Raises:
            PinError: the PIN does not open the token.
            KeyLocked: the password does not open the key.
            FileNotWritten: there is something where the file is to be.
            StorageUnavailable, StoreFailed: the system's store cannot be used.
        """

    def container(self, name: str) -> Container:
        """What is there under a name, to be replaced.

        Raises:
            SelectionError: the name fits nothing, or several things.
            NotSupported: nothing is replaced in such a place.
        """

    def make(self, request: KeyRequest) -> KeyPair:
        """Make a key pair.

        Raises:
            TokenFull: there is no room.
            NotSupported: no such key can be made here.
        """

    def key(self, key_id: bytes) -> KeyPair | None:
        """A whole key pair that can sign; None if there is none, or only half of one."""

    def sign(self, key_id: bytes, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with a key.

        Raises:
            KeyMissing, KeyLost: there is no such key.
        """

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether a certificate, DER, is beside its key."""

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Write a certificate beside its key.

        Args:
            key: the key pair.
            certificate: DER.
            chain: certificates of CAs, DER, for a place that keeps them.

        Raises:
            TokenFull: there is no room.
            FileNotWritten: there is something where the file is to be.
            StoreFailed: the system's store does not take it.
        """

    def proves(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the key that is there now signs so that the certificate, DER, fits."""

    def discard(self, key_id: bytes, certificate: bytes) -> None:
        """Remove a key, or half of one, and its certificates; nothing, if nothing is there.

        Args:
            key_id: the key.
            certificate: the certificate that may have been written, DER; empty for none.

        Raises:
            PartlyDeleted: something is still there.
        """

    def sign_as(self, old: Old, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the key of the container that is renewed.

        Raises:
            KeyMissing: it is gone.
            KeyUnclear, AmbiguousSelection: several may be meant.
            NotSupported: nothing is renewed in such a place.
        """

    def clear(self, old: Old) -> None:
        """Remove the container that is replaced; nothing, if it is gone.

        Raises:
            AmbiguousSelection, ObjectsAlike: it cannot be told from another; nothing was removed.
            PartlyDeleted: something of it is still there.
            NotSupported: nothing is replaced in such a place.
        """

    def settle(self, key_id: bytes) -> None:
        """Forget what was kept elsewhere until the certificate was proved."""
