"""Sign a text with a key that is on a token, as a person does who vouches for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.errors import KeyMissing
from lockwright.models import SignatureScheme, Token
from lockwright.operations.enrolment.own_key import key_of
from lockwright.operations.listing import listing
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls


def sign(calls: Calls, token: Token, pin: Secret, public_key: bytes, data: bytes) -> bytes:
    """Sign with the private key on a token that a public key is of.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN; with it the token is logged in to once.
        public_key: DER SubjectPublicKeyInfo, RSA or EC.
        data: the whole message.

    Returns:
        The signature: of an RSA key PKCS #1 v1.5 with SHA-256; of an EC key ECDSA with SHA-256, on
        a curve wider than P-256 with SHA-384, as DER Ecdsa-Sig-Value (RFC 3279).

    Raises:
        TypeError: it is another kind of key, which no token signs with here.
        KeyMissing: the key is not on the token.
        PinError: the token did not let us in.
    """
    from lockwright.enrol import signatures, token_key  # noqa: PLC0415  # cryptography is slow

    with calls.staying(token):
        pair = key_of(calls, token, pin, listing(calls, token, pin), public_key)
        if pair is None:
            raise KeyMissing(id="-", serial=token.serial)

        def on_token(scheme: SignatureScheme, message: bytes) -> bytes:
            return calls(hooks.lockwright_sign, token, pin, pair.id, scheme, message, pair.ref)

        return signatures.sign(token_key.private_key(public_key, on_token), data)
