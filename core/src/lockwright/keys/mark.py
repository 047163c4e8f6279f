"""The mark of an administrator key: it tells that two are the same, and nothing else of them."""

from __future__ import annotations

import hashlib

from lockwright.keys.response import BLOCK, KEY_LENGTHS, KeyInHand
from lockwright.keys.source import GivenKey, KeySource
from lockwright.models import KeyForm
from lockwright.pkcs11 import uri as uris

_ROUNDS, _BLOCKS = 2**14, 8
"""What a guess costs: some of the keys are passwords, and a ledger may be read."""
_PROBE = b"ledger".ljust(BLOCK, b"\0")
_NAMED = ("object", "id")


def key_mark(key: KeySource, salt: bytes) -> str:
    """The mark of a key.

    A 3DES key is known by what it encrypts, so in whatever form it is given. One in an HSM is not
    asked for it, but known by its name.

    Args:
        key: the key.
        salt: bytes that differ from ledger to ledger.

    Raises:
        BrokenUri: it names no key.
    """
    if not isinstance(key, GivenKey):
        named = uris.parse(key.uri).attributes
        told = b"\0".join(named.get(name, b"") for name in _NAMED)
    elif key.form is not KeyForm.PASSWORD and len(key.value) in KEY_LENGTHS:
        told = KeyInHand(key.value).des3_ecb(_PROBE)
    else:
        told = key.value.reveal()
    return hashlib.scrypt(told, salt=salt, n=_ROUNDS, r=_BLOCKS, p=1, dklen=16).hex()
