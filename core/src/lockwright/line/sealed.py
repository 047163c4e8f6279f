"""A Response sealed to the window that waits for it: HPKE of RFC 9180.

The suite is DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM in base mode: 0x0020, 0x0001,
0x0001 of its registries (RFC 9180, 7). What is sealed is ``enc`` with the ciphertext behind it.
``cryptography`` does it from 47 on; with an older one its primitives are put together here.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lockwright.secret import Secret

_hpke: Any = None
with suppress(ImportError):
    _hpke = importlib.import_module("cryptography.hazmat.primitives.hpke")

KEY_LENGTH = 32
"""Bytes of a public key, and of ``enc``."""
TAG = 16
"""Bytes by which a ciphertext is longer than what is in it."""
_LABEL = b"lockwright line, version 1"
_KEM = b"KEM" + (0x0020).to_bytes(2, "big")
_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0001))
_KEY, _NONCE, _SECRET = 16, 12, 32


class SealBroken(Exception):
    """What came is not sealed to this key, or for something else."""


def about(number: str, serial: str, request: bytes, by: str) -> bytes:
    """What a Response is bound to: HPKE's ``info``, a hash over each part with its length.

    Args:
        number: number on the line.
        serial: serial number of the token as the client sent it.
        request: the Request as the token gave it.
        by: who answered.
    """
    parts = (number.encode(), serial.encode(), request, by.encode())
    return _LABEL + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def seal(public_key: bytes, info: bytes, response: Secret) -> bytes:
    """Seal a Response.

    Args:
        public_key: of the window, 32 bytes (RFC 7748).
        info: see ``about``.
        response: the Response as a person types it.

    Raises:
        SealBroken: the key is none.
    """
    try:
        key = X25519PublicKey.from_public_bytes(public_key)
        if _hpke is not None:
            return bytes(_suite().encrypt(response.buffer, key, info))
        return seal_by_hand(X25519PrivateKey.generate(), key, info, response.buffer)
    except ValueError:
        raise SealBroken from None


def unseal(key: X25519PrivateKey, info: bytes, sealed: bytes) -> Secret:
    """Open what was sealed.

    Args:
        key: made for this Request alone.
        info: see ``about``.
        sealed: what came.

    Raises:
        SealBroken: it is sealed to another key, or for something else.
    """
    try:
        if _hpke is not None:
            return Secret(bytes(_suite().decrypt(sealed, key, info)))
        return Secret(unseal_by_hand(key, info, sealed))
    except (ValueError, InvalidTag):
        raise SealBroken from None


def new_key() -> tuple[X25519PrivateKey, bytes]:
    """A key for one Request, and its public half."""
    key = X25519PrivateKey.generate()
    return key, key.public_key().public_bytes_raw()


def seal_by_hand(
    ephemeral: X25519PrivateKey,
    key: X25519PublicKey,
    info: bytes,
    plain: bytes | bytearray,
    aad: bytes = b"",
) -> bytes:
    """RFC 9180, 5.1.1 and 6.1: SealBase of one message.

    Args:
        ephemeral: the sender's key, used once.
        key: whose it shall be.
        info: what it is bound to.
        plain: what is sealed.
        aad: associated data; the line has none.
    """
    enc = ephemeral.public_key().public_bytes_raw()
    shared = _shared(ephemeral.exchange(key), enc, key.public_bytes_raw())
    aead_key, nonce = _schedule(shared, info)
    return enc + AESGCM(aead_key).encrypt(nonce, plain, aad)


def unseal_by_hand(key: X25519PrivateKey, info: bytes, sealed: bytes) -> bytes:
    """RFC 9180, 5.1.1 and 6.1: OpenBase of one message.

    Raises:
        ValueError, InvalidTag: it is not sealed to this key.
    """
    enc, ciphertext = sealed[:KEY_LENGTH], sealed[KEY_LENGTH:]
    exchanged = key.exchange(X25519PublicKey.from_public_bytes(enc))
    shared = _shared(exchanged, enc, key.public_key().public_bytes_raw())
    aead_key, nonce = _schedule(shared, info)
    return AESGCM(aead_key).decrypt(nonce, ciphertext, b"")


def _suite() -> Any:
    return _hpke.Suite(_hpke.KEM.X25519, _hpke.KDF.HKDF_SHA256, _hpke.AEAD.AES_128_GCM)


def _shared(exchanged: bytes, enc: bytes, public: bytes) -> bytes:
    """RFC 9180, 4.1: ExtractAndExpand."""
    prk = _extract(_KEM, b"", b"eae_prk", exchanged)
    return _expand(_KEM, prk, b"shared_secret", enc + public, _SECRET)


def _schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """RFC 9180, 5.1: KeySchedule in base mode; key and base nonce, whose first one it is."""
    context = b"\0" + b"".join(
        _extract(_SUITE, b"", label, value)
        for label, value in ((b"psk_id_hash", b""), (b"info_hash", info))
    )
    secret = _extract(_SUITE, shared, b"secret", b"")
    key = _expand(_SUITE, secret, b"key", context, _KEY)
    return key, _expand(_SUITE, secret, b"base_nonce", context, _NONCE)


def _extract(suite: bytes, salt: bytes, label: bytes, value: bytes) -> bytes:
    """RFC 9180, 4: LabeledExtract, over RFC 5869, 2.2."""
    return hmac.digest(salt or bytes(_SECRET), b"HPKE-v1" + suite + label + value, hashlib.sha256)


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """RFC 9180, 4: LabeledExpand; no more is asked of it than one block of RFC 5869, 2.3 has."""
    asked = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, asked + b"\x01", hashlib.sha256)[:length]
