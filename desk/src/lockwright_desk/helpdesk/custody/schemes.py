"""What is derived, wrapped and sealed, byte by byte, so that any other program can do the same.

Texts are UTF-8, each behind its length in bytes (two bytes, the highest first), so that no two
lists of texts give the same bytes.
"""

from __future__ import annotations

import hashlib

from lockwright.errors import KeyUnusable
from lockwright.i18n import N_, _
from lockwright.secret import Secret

from lockwright_desk.helpdesk.custody.port import KeyRecord

DERIVED_V1 = 1
"""Scheme of derivation: two blocks, ``counter | scheme | 14 bytes of the digest``."""
WRAPPED_RFC3394, WRAPPED_RFC5649 = 1, 2
"""First byte of ``KeyRecord.wrapped``: AES key wrap (RFC 3394), the same with padding (RFC 5649).
What is wrapped are the 24 bytes of a 3DES key; one of 16 bytes, K1 and K2, is K1, K2, K1; or the
box of a password."""
_BOX = 128
"""What is wrapped of a password: one byte, its length; the password; zeros. So every one is as long
as any other, and of a length that both ways of wrapping take as it is."""
EXPONENT = 65537
"""Of the RSA key to which the HSM encrypts a box for the process that uses the password."""
LONGEST_PASSWORD = _BOX - 1
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


def boxed(password: Secret) -> Secret:
    """A password as it is wrapped.

    Raises:
        KeyUnusable: it is longer than any.
    """
    if len(password) > LONGEST_PASSWORD:
        said = _("a password has {most} bytes at most")
        raise KeyUnusable(reason=said.format(most=LONGEST_PASSWORD))
    box = Secret(bytes(_BOX))
    box.buffer[0] = len(password)
    box.buffer[1 : 1 + len(password)] = password.buffer
    return box


def unboxed(box: Secret) -> Secret:
    """The password in a box.

    Raises:
        KeyUnusable: it is none.
    """
    if len(box) != _BOX or not 0 < box.buffer[0] <= LONGEST_PASSWORD:
        raise KeyUnusable(reason=N_("its record holds no password"))
    return Secret(box.buffer[1 : 1 + box.buffer[0]])


def _packed(*texts: str) -> bytes:
    return b"".join(len(each.encode()).to_bytes(2, "big") + each.encode() for each in texts)
