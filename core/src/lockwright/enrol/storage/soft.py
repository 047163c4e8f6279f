"""Keys that are made outside of a token, and where they are kept until their certificate comes.

A one-time password is good for one key only, so the key must outlive this process; and it must
never be in clear on disk. It is kept as a PKCS#12 file of its own in the journal's folder, sealed
with a password that only the person has, and removed when the certificate is in its place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from lockwright.enrol import signatures
from lockwright.enrol.entry import Old
from lockwright.enrol.soft_key import new_key, public_info
from lockwright.enrol.storage.pkcs12 import Identity, seal, unseal
from lockwright.enrol.token_key import SigningKey
from lockwright.errors import KeyLocked, KeyLost, NotSupported
from lockwright.files import durable
from lockwright.files.refused import refusal_told
from lockwright.i18n import N_
from lockwright.models import Container, KeyPair, KeyRequest, SignatureScheme, StorageKind
from lockwright.secret import Secret

KEY_TYPES = ("rsa:3072", "rsa:2048", "rsa:4096", "ec:p256", "ec:p384")
"""What can be made, the usual one first."""
_REPLACE = N_("replace what is in a file or in the system's store")


class SoftStorage(ABC):
    """A storage whose keys are made here; what it is for certificates, its subclasses say.

    Args:
        folder: where keys are kept until their certificate comes; the journal's.
        place: its name for people and for the journal.
        password: what seals a kept key; None where none will be opened.
    """

    kind: StorageKind
    token = None
    key_types = KEY_TYPES
    keeps_key = True

    def __init__(self, folder: Path, place: str, password: Secret | None) -> None:
        self.place = place
        self._folder = folder
        self._password = password
        self._opened: dict[bytes, Identity] = {}

    # --- what each place does its own way ---------------------------------------------------------

    def staying(self) -> AbstractContextManager[None]:
        """Nothing: its keys are opened as often as they are used."""
        return nullcontext()

    @abstractmethod
    def check(self) -> None:
        """Refuse a place where nothing can be put."""

    @abstractmethod
    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether a certificate, DER, is in place with its key."""

    @abstractmethod
    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Put a certificate and its key in place."""

    @abstractmethod
    def proves(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the key that is in place signs so that the certificate, DER, fits."""

    @abstractmethod
    def discard(self, key_id: bytes, certificate: bytes) -> None:
        """Remove what was put in place, and the kept key; nothing, if nothing is there."""

    # --- the key, until its certificate comes -----------------------------------------------------

    def ready(self, key_id: bytes | None = None) -> None:
        """The place must take something new, or the password open what was begun."""
        if key_id is None:
            self.check()
        else:
            self.key(key_id)

    def container(self, name: str) -> Container:
        """Nothing is replaced here."""
        del name
        raise NotSupported(operation=_REPLACE)

    def sign_as(self, old: Old, scheme: SignatureScheme, data: bytes) -> bytes:
        """Nothing is renewed here."""
        del old, scheme, data
        raise NotSupported(operation=_REPLACE)

    def clear(self, old: Old) -> None:
        """Nothing is replaced here."""
        del old
        raise NotSupported(operation=_REPLACE)

    def make(self, request: KeyRequest) -> KeyPair:
        """Make a key and keep it sealed."""
        identity = Identity(new_key(request.key_type))
        self._keep(request.id, identity, request.label)
        return KeyPair(request.id, request.label, public_info(identity.key.public_key()))

    def key(self, key_id: bytes) -> KeyPair | None:
        """The kept key."""
        if not self._file(key_id).exists():
            return None
        return KeyPair(key_id, "", public_info(self._kept(key_id).key.public_key()))

    def sign(self, key_id: bytes, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign with the kept key; which scheme, the key itself says."""
        del scheme
        return signatures.sign(self._kept(key_id).key, data)

    def settle(self, key_id: bytes) -> None:
        """Remove the kept key."""
        self._opened.pop(key_id, None)
        file = self._file(key_id)
        with refusal_told(file):
            durable.remove(file)

    def _keep(self, key_id: bytes, identity: Identity, label: str) -> None:
        """Keep a key, sealed, in place of what was kept under its id."""
        file = self._file(key_id)
        with refusal_told(file):
            durable.make_folder(self._folder)
            durable.replace(file, seal(identity, label, self._secret()))
        self._opened[key_id] = identity

    def _kept(self, key_id: bytes) -> Identity:
        """What is kept under an id.

        Raises:
            KeyLost: nothing is.
            KeyLocked: the password does not open it.
        """
        if key_id not in self._opened:
            try:
                self._opened[key_id] = unseal(self._file(key_id).read_bytes(), self._secret())
            except OSError:
                raise KeyLost(place=self.place) from None
            except ValueError:
                raise KeyLocked(place=self.place) from None
        return self._opened[key_id]

    def _secret(self) -> Secret:
        if self._password is None:
            raise KeyLocked(place=self.place)
        return self._password

    def _file(self, key_id: bytes) -> Path:
        return self._folder / f"{key_id.hex()}.p12"


def proved(key: SigningKey, certificate: bytes) -> bool:
    """Whether a key signs so that a certificate, DER, fits."""
    return signatures.proves(certificate, lambda _scheme, data: signatures.sign(key, data))
