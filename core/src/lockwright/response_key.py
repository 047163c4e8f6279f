"""The administrator key on the bank's side: used to answer a Request, never shown."""

from __future__ import annotations

from typing import Protocol

from lockwright.errors import KeyUnusable
from lockwright.i18n import N_
from lockwright.secret import Secret

BLOCK = 8
"""Bytes of one block of 3DES."""
_TWO_KEYS, _THREE_KEYS = 16, 24


class ResponseKey(Protocol):
    """What an adapter's ``lockwright_respond`` may do with the administrator key.

    A key that an HSM holds can only encrypt; one from a file can also be had as it stands.
    """

    def des3_ecb(self, block: bytes) -> bytes:
        """Encrypt one block of eight bytes with 3DES (NIST SP 800-67, ECB).

        Raises:
            KeyUnusable: it is no 3DES key, or the HSM does not encrypt with it.
        """

    def secret(self) -> Secret:
        """The key or password itself, for a vendor's own function; it is not to be wiped.

        Raises:
            KeyUnusable: an HSM holds it and does not give it away.
        """


class KeyInHand:
    """A key, or an administrator's password, that was read from a file.

    Args:
        value: the key; 16 bytes are K1 and K2 of a 3DES key, 24 bytes K1, K2 and K3.
    """

    def __init__(self, value: Secret) -> None:
        self._value = value

    def des3_ecb(self, block: bytes) -> bytes:
        """Encrypt one block of eight bytes with 3DES."""
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES  # noqa: PLC0415  # slow
        from cryptography.hazmat.primitives.ciphers import Cipher, modes  # noqa: PLC0415  # slow

        if len(self._value) not in {_TWO_KEYS, _THREE_KEYS}:
            raise KeyUnusable(reason=N_("a 3DES key has 16 or 24 bytes"))
        key = self._value.reveal()
        whole = key if len(key) == _THREE_KEYS else key + key[:BLOCK]
        encryptor = Cipher(TripleDES(whole), modes.ECB()).encryptor()  # noqa: S305  # the tokens' own rule
        return encryptor.update(block) + encryptor.finalize()

    def secret(self) -> Secret:
        """The key itself."""
        return self._value
