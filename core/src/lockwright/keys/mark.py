"""The mark of an administrator key: it tells that two are the same, and nothing else of them.

What a guess costs is said by the salt of the ledger. Argon2id (RFC 9106), 16 MiB twice, moves twice
the memory that scrypt did in ledgers of earlier versions, and takes half the time of a processor.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Callable
from functools import cache

from lockwright.errors import KeyUnusable
from lockwright.i18n import N_
from lockwright.keys.response import BLOCK, KEY_LENGTHS, KeyInHand
from lockwright.keys.source import GivenKey, HsmKey, KeySource
from lockwright.models import KeyForm

PROBE = b"ledger".ljust(BLOCK, b"\0")
"""What a 3DES key encrypts to be known."""
_ARGON2ID = b"argon2id:"
"""How the salt of a ledger begins whose marks are made by it; others are made by scrypt."""
_SALT, _MARK = 16, 16
"""Bytes."""
_KIBIBYTES, _PASSES = 16 * 1024, 2
_ROUNDS, _BLOCKS = 2**14, 8
_MOST_KNOWN = 10_000

InHsm = Callable[[HsmKey], bytes]
"""Has an HSM encrypt ``PROBE`` with a key, and raises what comes of it."""


def fresh_salt() -> bytes:
    """A salt for a ledger that has none, or none that is used."""
    return (_ARGON2ID if _has_argon2id() else b"") + os.urandom(_SALT)


def is_of_the_kind(salt: bytes, other: bytes) -> bool:
    """Whether marks under two salts are made in the same way."""
    return salt.startswith(_ARGON2ID) == other.startswith(_ARGON2ID)


def key_mark(key: KeySource, salt: bytes, in_hsm: InHsm) -> str:
    """The mark of a key.

    A 3DES key is known by what it encrypts, in whatever form it is given and however its URI in an
    HSM is spelt.

    Args:
        key: the key.
        salt: what differs from ledger to ledger, as ``fresh_salt`` makes it.
        in_hsm: has an HSM encrypt ``PROBE`` with a key.
    """
    return _mark(_told(key, in_hsm), salt)


class Marks:
    """Marks of keys for many threads: few are computed at once, and those of HSMs are known again.

    Of what an HSM has encrypted only a mark of its own is kept, under a key that is in this
    process's memory alone. Of a key in hand nothing is kept: who reads the memory could guess it.
    """

    def __init__(self) -> None:
        self._secret = os.urandom(32)
        self._known: dict[bytes, str] = {}
        self._room = threading.Semaphore(os.cpu_count() or 1)

    def __call__(self, key: KeySource, salt: bytes, in_hsm: InHsm) -> str:
        """The mark of a key, as ``key_mark`` has it."""
        told = _told(key, in_hsm)
        if isinstance(key, GivenKey):
            return self._computed(told, salt)
        known = hmac.digest(self._secret, salt + told, "sha256")
        mark = self._known.get(known)
        if mark is None:
            mark = self._computed(told, salt)
            if len(self._known) >= _MOST_KNOWN:
                self._known = {}
            self._known[known] = mark
        return mark

    def _computed(self, told: bytes | bytearray, salt: bytes) -> str:
        with self._room:
            return _mark(told, salt)


def _told(key: KeySource, in_hsm: InHsm) -> bytes | bytearray:
    """What the mark is made of."""
    if not isinstance(key, GivenKey):
        return in_hsm(key)
    if key.form is not KeyForm.PASSWORD and len(key.value) in KEY_LENGTHS:
        return KeyInHand(key.value).des3_ecb(PROBE)
    return key.value.buffer


def _mark(told: bytes | bytearray, salt: bytes) -> str:
    if not salt.startswith(_ARGON2ID):
        return hashlib.scrypt(told, salt=salt, n=_ROUNDS, r=_BLOCKS, p=1, dklen=_MARK).hex()
    if not _has_argon2id():
        raise KeyUnusable(reason=N_("the ledger's marks of keys need OpenSSL 3.2 or newer"))
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415  # slow

    made = Argon2id(
        salt=salt.removeprefix(_ARGON2ID),
        length=_MARK,
        iterations=_PASSES,
        lanes=1,
        memory_cost=_KIBIBYTES,
    )
    return made.derive(told).hex()  # type: ignore[arg-type]  # any buffer


@cache
def _has_argon2id() -> bool:
    """Whether the installed OpenSSL has it."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # slow
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415  # slow

    try:
        Argon2id(salt=bytes(_SALT), length=_MARK, iterations=1, lanes=1, memory_cost=8)
    except UnsupportedAlgorithm:
        return False
    return True
