"""Trial signatures: they settle whose private key it is, where nothing on the token shows it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.errors import LockwrightError, PinError, TokenRemoved
from lockwright.models import SignatureScheme, Token, TokenObject
from lockwright.operations.hidden_keys import NONE_OF_THEM, Doubt
from lockwright.pkcs11 import ecdsa
from lockwright.pkcs11.refs import TWIN, base_of, number_of
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

_MESSAGE = 32


def tried(calls: Calls, token: Token, pin: Secret, doubts: Iterable[Doubt]) -> dict[str, bytes]:
    """Have each private key sign, and see with which public value the signature fits.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        doubts: the private keys, and what they may be of.

    Returns:
        The public values by the private key's ``ref``. A key that does not sign here, or is of no
        known curve, is not among them: where it belongs stays a matter of its id.
    """
    found = {}
    for doubt in doubts:
        value = _fitting(doubt, lambda key, data: _signed(calls, token, pin, key, data))
        if value is not None:
            found[doubt.key.ref] = value
    return found


def _fitting(doubt: Doubt, sign: Callable[[TokenObject, bytes], bytes | None]) -> bytes | None:
    kind = doubt.key.key_type or ""
    if kind not in ecdsa.CURVES:
        return None
    data = secrets.token_bytes(_MESSAGE)
    signature = sign(doubt.key, data)
    if signature is None:
        return None
    raw, digest = ecdsa.of_der(kind, signature), hashlib.sha256(data).digest()
    fitting = (value for value in doubt.values if ecdsa.fits(kind, value, raw, digest))
    return next(fitting, NONE_OF_THEM)


def _signed(calls: Calls, token: Token, pin: Secret, key: TokenObject, data: bytes) -> bytes | None:
    """A signature; None from a key that does not sign, or cannot be told from another."""
    scheme = SignatureScheme.ECDSA_SHA256
    try:
        ref = f"{base_of(key)}{TWIN}{number_of(key.ref)}"
        return calls(hooks.lockwright_sign, token, pin, key.id, scheme, data, ref)
    except (PinError, TokenRemoved):
        raise
    except LockwrightError:
        return None
