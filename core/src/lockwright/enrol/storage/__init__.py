"""Where a certificate goes: one interface, whatever holds the key.

An enrolment makes a key there, has it sign, writes the certificate beside it, and can take back
all that it made. Each part may be asked for again after a crash, so each says what is there
rather than trusting that it was done.
"""

from __future__ import annotations

from typing import Protocol

from lockwright.models import KeyPair, KeyRequest, SignatureScheme


class Storage(Protocol):
    """A place for a key and its certificate."""

    place: str
    """Its name for people and for the journal: a token's serial number, a file's path."""

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
            KeyMissing: there is no such key.
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
        """

    def discard(self, key_id: bytes) -> None:
        """Remove a key, or half of one, and its certificates; nothing, if nothing is there.

        Raises:
            PartlyDeleted: something is still there.
        """
