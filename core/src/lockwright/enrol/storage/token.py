"""A token as the place for a key and its certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lockwright.errors import PartlyDeleted
from lockwright.models import (
    Failure,
    KeyPair,
    KeyRequest,
    ObjectKind,
    SignatureScheme,
    Token,
    TokenObject,
)
from lockwright.secret import Secret


class TokenCalls(Protocol):
    """The hooks of an adapter that an enrolment needs; see ``lockwright.calls.Calls``."""

    def list(self, token: Token, pin: Secret | None) -> Sequence[TokenObject]: ...  # noqa: D102  # as in Calls

    def delete(self, token: Token, pin: Secret, refs: Sequence[str]) -> Sequence[Failure]: ...  # noqa: D102

    def generate(self, token: Token, pin: Secret, request: KeyRequest) -> KeyPair: ...  # noqa: D102

    def keys(self, token: Token, pin: Secret) -> Sequence[KeyPair]: ...  # noqa: D102

    def sign(  # noqa: D102
        self, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
    ) -> bytes: ...

    def store(  # noqa: D102
        self, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
    ) -> None: ...


class TokenStorage:
    """A token that is open with its user PIN.

    Args:
        calls: the hooks.
        token: the token.
        pin: its user PIN.
    """

    def __init__(self, calls: TokenCalls, token: Token, pin: Secret) -> None:
        self.place = token.serial
        self._calls = calls
        self._token = token
        self._pin = pin

    def make(self, request: KeyRequest) -> KeyPair:
        """Make a key pair on the token."""
        return self._calls.generate(self._token, self._pin, request)

    def key(self, key_id: bytes) -> KeyPair | None:
        """The key pair; half a pair is none."""
        kinds = {found.kind for found in self._objects(key_id)}
        if not kinds.issuperset({ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}):
            return None
        pairs = self._calls.keys(self._token, self._pin)
        return next((pair for pair in pairs if pair.id == key_id), None)

    def sign(self, key_id: bytes, scheme: SignatureScheme, data: bytes) -> bytes:
        """Sign on the token."""
        return self._calls.sign(self._token, self._pin, key_id, scheme, data)

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the very certificate is there."""
        return any(found.value == certificate for found in self._objects(key_id))

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Write the certificate; a token keeps no chain."""
        del chain
        self._calls.store(self._token, self._pin, key.id, key.label, certificate)

    def discard(self, key_id: bytes) -> None:
        """Remove everything with this ``CKA_ID``, the private key first."""
        found = sorted(
            self._objects(key_id), key=lambda obj: obj.kind is not ObjectKind.PRIVATE_KEY
        )
        if not found:
            return
        self._calls.delete(self._token, self._pin, [obj.ref for obj in found])
        left = {obj.ref for obj in self._objects(key_id)}
        if left:
            gone = tuple(_named(obj) for obj in found if obj.ref not in left)
            raise PartlyDeleted(
                gone=gone,
                left=tuple(_named(obj) for obj in found if obj.ref in left),
                adapter=self._token.adapter,
            )

    def _objects(self, key_id: bytes) -> list[TokenObject]:
        return [obj for obj in self._calls.list(self._token, self._pin) if obj.id == key_id]


def _named(obj: TokenObject) -> str:
    return f"{obj.kind} {obj.label or obj.id.hex()}"
