"""A token as the place for a key and its certificate."""

from __future__ import annotations

from functools import partial

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.errors import PartlyDeleted
from lockwright.models import (
    KeyPair,
    KeyRequest,
    Listing,
    ObjectKind,
    SignatureScheme,
    StorageKind,
    Token,
    TokenObject,
)
from lockwright.operations.deletion import container_named
from lockwright.operations.enrolment.by_hand import room
from lockwright.operations.enrolment.orders import id_of
from lockwright.operations.listing import listing
from lockwright.secret import Secret


class TokenStorage:
    """A token that is open with its user PIN.

    Args:
        calls: the hooks.
        token: the token.
        pin: its user PIN.
    """

    kind = StorageKind.TOKEN
    keeps_key = False

    def __init__(self, calls: Calls, token: Token, pin: Secret) -> None:
        self.place = token.name
        self.token = token
        self.key_types = token.state.capabilities.key_types
        self._calls = calls
        self._pin = pin

    def ready(self, key_id: bytes | None = None) -> None:
        """The PIN must open the token."""
        del key_id
        self._calls(hooks.lockwright_list, self.token, self._pin)

    def content(self) -> Listing:
        """Everything on it."""
        return listing(self._calls, self.token, self._pin)

    def container(self, name: str) -> bytes:
        """The ``CKA_ID`` of a container, by its id or label."""
        return id_of(container_named(self.content(), name), self.token)

    def make(self, request: KeyRequest) -> KeyPair:
        """Make a key pair on the token."""
        with room(self._calls, self.token, self._pin):
            return self._calls(hooks.lockwright_generate, self.token, self._pin, request)

    def key(self, key_id: bytes) -> KeyPair | None:
        """The key pair; half a pair is none."""
        kinds = {found.kind for found in self._objects(key_id)}
        if not kinds.issuperset({ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}):
            return None
        pairs = self._calls(hooks.lockwright_keys, self.token, self._pin)
        return next((pair for pair in pairs if pair.id == key_id), None)

    def sign(self, key_id: bytes, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign on the token."""
        return self._calls(hooks.lockwright_sign, self.token, self._pin, key_id, scheme, data)

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the very certificate is there."""
        return any(found.value == certificate for found in self._objects(key_id))

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Write the certificate; a token keeps no chain."""
        del chain
        with room(self._calls, self.token, self._pin):
            self._calls(
                hooks.lockwright_store, self.token, self._pin, key.id, key.label, certificate
            )

    def proves(self, key_id: bytes, certificate: bytes) -> bool:
        """Have the token sign."""
        from lockwright.enrol.signatures import proves  # noqa: PLC0415  # cryptography is slow

        return proves(certificate, partial(self.sign, key_id))

    def settle(self, key_id: bytes) -> None:
        """Nothing is kept outside of the token."""

    def discard(self, key_id: bytes, certificate: bytes) -> None:
        """Remove everything with this ``CKA_ID``, the private key first."""
        del certificate
        found = sorted(
            self._objects(key_id), key=lambda obj: obj.kind is not ObjectKind.PRIVATE_KEY
        )
        if not found:
            return
        self._calls(hooks.lockwright_delete, self.token, self._pin, [obj.ref for obj in found])
        left = {obj.ref for obj in self._objects(key_id)}
        if left:
            gone = tuple(_named(obj) for obj in found if obj.ref not in left)
            raise PartlyDeleted(
                gone=gone,
                left=tuple(_named(obj) for obj in found if obj.ref in left),
                adapter=self.token.adapter,
            )

    def _objects(self, key_id: bytes) -> list[TokenObject]:
        return [
            obj
            for obj in self._calls(hooks.lockwright_list, self.token, self._pin)
            if obj.id == key_id
        ]


def _named(obj: TokenObject) -> str:
    return f"{obj.kind} {obj.label or obj.id.hex()}"
