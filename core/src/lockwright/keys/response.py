"""The administrator key on the bank's side: used to answer a Request, never shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from lockwright.errors import KeyUnusable, RequestMalformed
from lockwright.i18n import N_
from lockwright.secret import Secret

BLOCK = 8
"""Bytes of one block of 3DES."""
_TWO_KEYS, _THREE_KEYS = 16, 24
KEY_LENGTHS = frozenset({_TWO_KEYS, _THREE_KEYS})
"""Bytes of a 3DES key."""

KNOWN_KEYS = (
    bytes(_THREE_KEYS),
    bytes.fromhex("0102030405060708" * 3),
    bytes.fromhex("404142434445464748494A4B4C4D4E4F"),
)
"""Keys that tokens of several vendors come with: zeros (the sample of Microsoft's smart card
minidriver specification), the ``DEFAULT`` of Windows' tpmvscmgr, GlobalPlatform's test key."""
_PROBE = bytes(BLOCK)
"""What a key is recognised by: the block that key check values are made of."""


class ResponseKey(Protocol):
    """What an adapter's ``lockwright_respond`` may do with the administrator key.

    It is either a 3DES key, which an HSM may hold, or a password for a vendor's own function.
    """

    def des3_ecb(self, block: bytes) -> bytes:
        """Encrypt one block of eight bytes with 3DES (NIST SP 800-67, ECB).

        Raises:
            KeyUnusable: it is not a 3DES key, or the HSM does not encrypt with it.
            RequestMalformed: it is no block of eight bytes.
        """

    def secret(self) -> Secret:
        """The administrator's password itself; it is not to be wiped.

        Raises:
            KeyUnusable: it is a 3DES key.
        """


class KeyInHand:
    """A 3DES key that was read from a file.

    Args:
        value: the key; 16 bytes are K1 and K2, 24 bytes K1, K2 and K3.
    """

    def __init__(self, value: Secret) -> None:
        self._value = value

    def des3_ecb(self, block: bytes) -> bytes:
        """Encrypt one block of eight bytes with 3DES."""
        if len(self._value) not in KEY_LENGTHS:
            raise KeyUnusable(reason=N_("a 3DES key has 16 or 24 bytes"))
        if len(block) != BLOCK:
            raise RequestMalformed(reason=N_("it has another length than a Request of this model"))
        return _des3_ecb(self._value.buffer, block)

    def secret(self) -> Secret:
        """There is no password."""
        raise KeyUnusable(reason=N_("a password is needed for this model, not a 3DES key"))


class PasswordInHand:
    """An administrator's password that was read from a file.

    Args:
        value: the password, as UTF-8.
    """

    def __init__(self, value: Secret) -> None:
        self._value = value

    def des3_ecb(self, _block: bytes) -> bytes:
        """There is no key: how one is made of a password is the vendor's own."""
        raise KeyUnusable(reason=N_("a 3DES key is needed for this model, not a password"))

    def secret(self) -> Secret:
        """The password itself."""
        return self._value


def is_known_key(key: ResponseKey, defaults: Iterable[bytes]) -> bool:
    """Whether a 3DES key encrypts like one that everybody knows.

    So a key in an HSM is compared, too, and parity bits do not matter.

    Args:
        key: the key.
        defaults: what the vendor's tokens come with; what is not a 3DES key is ignored.

    Raises:
        KeyUnusable: the key does not encrypt.
    """
    known = (each for each in (*KNOWN_KEYS, *defaults) if len(each) in KEY_LENGTHS)
    return key.des3_ecb(_PROBE) in {_des3_ecb(each, _PROBE) for each in known}


def _des3_ecb(key: bytes | bytearray, block: bytes) -> bytes:
    """One block; of a key in a buffer no copy is made that is not overwritten then."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES  # noqa: PLC0415  # slow
    from cryptography.hazmat.primitives.ciphers import Cipher, modes  # noqa: PLC0415  # slow

    whole = bytearray(_THREE_KEYS)
    try:
        for place in range(_THREE_KEYS):
            whole[place] = key[place % len(key)]
        cipher = Cipher(TripleDES(whole), modes.ECB())  # type: ignore[arg-type]  # noqa: S305  # any buffer; the tokens' rule
        encryptor = cipher.encryptor()
        return encryptor.update(block) + encryptor.finalize()
    finally:
        whole[:] = bytes(_THREE_KEYS)
