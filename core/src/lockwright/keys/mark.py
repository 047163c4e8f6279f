"""The mark of an administrator key: it tells that two are the same, and nothing else of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from lockwright.keys.response import BLOCK, KEY_LENGTHS, KeyInHand
from lockwright.keys.source import GivenKey, HsmKey, KeySource
from lockwright.models import KeyForm

_ROUNDS, _BLOCKS = 2**14, 8
"""What a guess costs: some of the keys are passwords, and a ledger may be read."""
PROBE = b"ledger".ljust(BLOCK, b"\0")
"""What a 3DES key encrypts to be known."""


def key_mark(key: KeySource, salt: bytes, in_hsm: Callable[[HsmKey], bytes]) -> str:
    """The mark of a key.

    A 3DES key is known by what it encrypts, in whatever form it is given and however its URI in an
    HSM is spelt.

    Args:
        key: the key.
        salt: bytes that differ from ledger to ledger.
        in_hsm: has an HSM encrypt ``PROBE`` with a key, and raises what comes of it.
    """
    if not isinstance(key, GivenKey):
        told = in_hsm(key)
    elif key.form is not KeyForm.PASSWORD and len(key.value) in KEY_LENGTHS:
        told = KeyInHand(key.value).des3_ecb(PROBE)
    else:
        told = key.value.reveal()
    return hashlib.scrypt(told, salt=salt, n=_ROUNDS, r=_BLOCKS, p=1, dklen=16).hex()
