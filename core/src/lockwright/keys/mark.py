"""The mark of an administrator key: it tells that two are the same, and nothing else of them."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable

from lockwright.keys.response import BLOCK, KEY_LENGTHS, KeyInHand
from lockwright.keys.source import GivenKey, HsmKey, KeySource
from lockwright.models import KeyForm

_ROUNDS, _BLOCKS = 2**14, 8
"""What a guess costs: some of the keys are passwords, and a ledger may be read."""
_MOST_KNOWN = 10_000
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
        told: bytes | bytearray = in_hsm(key)
    elif key.form is not KeyForm.PASSWORD and len(key.value) in KEY_LENGTHS:
        told = KeyInHand(key.value).des3_ecb(PROBE)
    else:
        told = key.value.buffer
    return _slow(told, salt)


class MarksInHsm:
    """Marks of keys in HSMs that were computed before, as long as they can be the same.

    Of what an HSM has encrypted only a mark of its own is kept, under a key that is in this
    process's memory alone. Of a key in hand nothing is kept: who read the memory could guess it.
    """

    def __init__(self) -> None:
        self._secret = os.urandom(32)
        self._known: dict[bytes, str] = {}

    def __call__(self, key: KeySource, salt: bytes, in_hsm: Callable[[HsmKey], bytes]) -> str:
        """The mark of a key, as ``key_mark`` has it."""
        if isinstance(key, GivenKey):
            return key_mark(key, salt, in_hsm)
        told = in_hsm(key)
        known = hmac.digest(self._secret, salt + told, "sha256")
        if known not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known = {}
            self._known[known] = _slow(told, salt)
        return self._known.get(known) or _slow(told, salt)


def _slow(told: bytes | bytearray, salt: bytes) -> str:
    return hashlib.scrypt(told, salt=salt, n=_ROUNDS, r=_BLOCKS, p=1, dklen=16).hex()
