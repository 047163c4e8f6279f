"""What is derived, wrapped and sealed, byte by byte, so that any other program can do the same.

Texts are UTF-8, each behind its length in bytes (two bytes, the highest first), so that no two
lists of texts give the same bytes.
"""

from __future__ import annotations

import hashlib

from lockwright_desk.helpdesk.custody.port import KeyRecord

DERIVED_V1 = 1
"""Scheme of derivation: two blocks, ``counter | scheme | 14 bytes of the digest``."""
WRAPPED_RFC3394, WRAPPED_RFC5649 = 1, 2
"""First byte of ``KeyRecord.wrapped``: AES key wrap (RFC 3394), the same with padding (RFC 5649).
What is wrapped are the 24 bytes of a 3DES key; one of 16 bytes, K1 and K2, is K1, K2, K1."""
_PART = 14
_DERIVED = "lockwright administrator key"
_SEALED = "lockwright key record 1"


def derivation_data(adapter: str, model: str, serial: str, number: int) -> bytes:
    """What the master key encrypts for the key of one token.

    The key is the first 24 bytes of AES-256-ECB(master, data), which is what
    ``CKM_AES_ECB_ENCRYPT_DATA`` makes (PKCS#11 2.40 mechanisms, 2.13.2); parity bits do not count.

    Args:
        adapter: name of the adapter.
        model: model of the token.
        serial: serial number in its one form.
        number: version of the master key.

    Returns:
        32 bytes: counter 1, the scheme, bytes 0 to 13 of the digest; counter 2, the scheme, bytes
        14 to 27. The digest is SHA-256 over ``"lockwright administrator key"``, adapter, model,
        serial number, and the version in digits.
    """
    told = _packed(_DERIVED, adapter, model, serial, str(number))
    digest = hashlib.sha256(told).digest()
    blocks = (digest[place : place + _PART] for place in (0, _PART))
    return b"".join(bytes([n, DERIVED_V1]) + part for n, part in enumerate(blocks, start=1))


def sealed_over(key: KeyRecord) -> bytes:
    """What the HSM makes a MAC over (HMAC-SHA-256): all that says whose key it is."""
    version = key.version
    return _packed(
        *(_SEALED, key.adapter, key.model, key.serial, key.custody.value, key.form.value),
        *((str(version.number), version.label, version.mark) if version else ("", "", "")),
        key.label or "",
        (key.wrapped or b"").hex(),
    )


def _packed(*texts: str) -> bytes:
    return b"".join(len(each.encode()).to_bytes(2, "big") + each.encode() for each in texts)
