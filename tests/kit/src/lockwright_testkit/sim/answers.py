"""Responses to a simulated token's challenge, as the bank's side would compute them."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

KEY_SIZE = 24


def des3_answer(key: bytes, challenge: bytes) -> bytes:
    """3DES in ECB, the rule of JaCarta PKI.

    Args:
        key: the administrator's key; a shorter one is filled up with zeros.
        challenge: whole blocks of eight bytes.
    """
    whole = key.ljust(KEY_SIZE, b"\0")
    return Cipher(TripleDES(whole), modes.ECB()).encryptor().update(challenge)  # noqa: S305  # the cards'


def stand_in_answer(key: bytes, challenge: bytes, length: int) -> bytes:
    """The simulator's stand-in where a vendor's rule is not public: SHA-256 over key, challenge.

    Args:
        key: the setting ``admin.key``.
        challenge: as the token gave it.
        length: the setting ``response.length``.
    """
    return hashlib.sha256(key + challenge).digest()[:length]
