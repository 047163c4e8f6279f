"""A key pair of a token, as what has it sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.models import KeyPair, SignatureScheme, Token
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls


def signer(
    calls: Calls, token: Token, pin: Secret, pair: KeyPair
) -> Callable[[SignatureScheme, bytes], bytes]:
    """What has a key sign some data by a scheme, each time it is called.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        pair: the key.
    """

    def sign(scheme: SignatureScheme, data: bytes) -> bytes:
        return calls(hooks.lockwright_sign, token, pin, pair.id, scheme, data, pair.ref)

    return sign
