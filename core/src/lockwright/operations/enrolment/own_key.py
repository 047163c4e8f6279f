"""Which private key of a token a certificate is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.models import Container, KeyPair, Listing, ObjectKind, Token, TokenObject
from lockwright.operations.hidden_keys import NONE_OF_THEM, Doubt
from lockwright.operations.trial import tried
from lockwright.pkcs11.public_values import of_info
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls


def key_of(
    calls: Calls, token: Token, pin: Secret, content: Listing, public_key: bytes
) -> KeyPair | None:
    """The key pair that a public key is of; None if the token has none.

    A private key that shows no public key must prove it by a signature.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        content: what is on the token, listed with the PIN.
        public_key: DER SubjectPublicKeyInfo.
    """
    value = of_info(public_key) or b""
    pairs = [
        p for p in calls(hooks.lockwright_keys, token, pin, None) if p.public_key == public_key
    ]
    shown = {obj.ref: obj.public_value for obj in content.all_objects}
    for pair in pairs:
        if shown.get(pair.ref or "", value):
            return pair
    disproved = set()
    for obj in _hidden(content, value):
        proved = tried(calls, token, pin, [Doubt(obj, (value,))]).get(obj.ref)
        if proved == value:
            return KeyPair(obj.id, obj.label, public_key, obj.ref)
        if proved == NONE_OF_THEM:
            disproved.add(obj.ref)
    return next((pair for pair in pairs if pair.ref not in disproved), None)


def _hidden(content: Listing, value: bytes) -> Iterator[TokenObject]:
    """Private keys that show no public value, those that the token puts with this one first."""

    def is_elsewhere(container: Container) -> bool:
        return value not in {obj.public_value for obj in container.objects}

    for container in sorted(content.containers, key=is_elsewhere):
        for obj in container.keys:
            if obj.kind is ObjectKind.PRIVATE_KEY and obj.public_value is None:
                yield obj
