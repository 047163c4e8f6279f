"""The system's certificate store as the place for a key and its certificate.

The key waits here, like that of a file, and goes into the store together with its certificate: so a
store never holds half of what it should, and every system's own tools can do it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from lockwright.enrol.storage.pkcs12 import Identity
from lockwright.enrol.storage.soft import SoftStorage
from lockwright.errors import PartlyDeleted, StoreFailed
from lockwright.i18n import N_
from lockwright.models import KeyPair, StorageKind
from lockwright.secret import Secret

_MISSED = N_("it reported no error, but does not show the certificate with its key")


class SystemStore(Protocol):
    """A system's certificate store, through the system's own tools.

    Each method but ``missing`` raises ``StoreFailed`` if a tool does not do what it is asked.
    """

    @property
    def place(self) -> str:
        """Its name for people."""

    def missing(self) -> str:
        """Why it cannot be used on this computer, for people; empty if it can."""

    def locked(self) -> bool:
        """Whether it wants a password of its own."""

    def check(self) -> None:
        """Look whether it opens; a store that is not there yet is made later."""

    def has(self, certificate: bytes) -> bool:
        """Whether it holds a certificate, DER, and its key."""

    def put(self, identity: Identity, label: str) -> None:
        """Take in a key, its certificate, and those of CAs, which gain no trust by it."""

    def proves(self, certificate: bytes) -> bool:
        """Whether the key that it holds fits a certificate, DER."""

    def remove(self, certificate: bytes) -> None:
        """Remove a certificate, DER, and its key, or what there is of them."""


class SystemStorage(SoftStorage):
    """The system's certificate store.

    Args:
        folder: where the key is kept until its certificate comes.
        store: the store.
        password: what the kept key is sealed with; None where it will not be opened.
    """

    kind = StorageKind.SYSTEM

    def __init__(self, folder: Path, store: SystemStore, password: Secret | None) -> None:
        super().__init__(folder, store.place, password)
        self._store = store

    def check(self) -> None:
        """The store must open."""
        self._store.check()

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the store has both."""
        del key_id
        return self._store.has(certificate)

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Put all of it into the store."""
        whole = replace(self._kept(key.id), certificate=certificate, chain=chain)
        self._store.put(whole, key.label)
        if not self._store.has(certificate):
            raise StoreFailed(place=self.place, reason=_MISSED)

    def proves(self, key_id: bytes, certificate: bytes) -> bool:
        """Have the store's own key prove it."""
        del key_id
        return self._store.proves(certificate)

    def discard(self, key_id: bytes, certificate: bytes) -> None:
        """Remove both from the store, and the kept key."""
        if certificate:
            self._store.remove(certificate)
            if self._store.has(certificate):
                raise PartlyDeleted(gone=(), left=(self.place,))
        self.settle(key_id)
