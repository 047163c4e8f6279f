"""Having a key of the token sign or encrypt, by ctypes in a session that either binding may share.

The bindings ask how long the answer will be before they ask for it, which costs a second call.
"""

from __future__ import annotations

from ctypes import byref, c_ulong, create_string_buffer

from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.structures import Mechanism

_ROOM = 2048
"""Bytes of an answer: a signature of an RSA key of 16,384 bits."""
_LONGEST = 16 << 20
"""Bytes of an answer that a module may give; one that tells of more makes them up."""


class Uses:
    """The keys that a session sees, put to use.

    Args:
        cryptoki: the library.
        session: handle of the session.
    """

    def __init__(self, cryptoki: Cryptoki, session: int) -> None:
        self._cryptoki = cryptoki
        self._session = session

    def sign(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_SignInit`` and ``C_Sign`` with a mechanism that takes no parameter.

        Raises:
            CkrError: the module refuses.
            ModuleBroken: it tells a length that cannot be.
        """
        self._begin("C_SignInit", key, mechanism)
        return self._answer("C_Sign", data)

    def encrypt(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_EncryptInit`` and ``C_Encrypt`` with a mechanism that takes no parameter.

        Raises:
            CkrError: the module refuses.
            ModuleBroken: it tells a length that cannot be.
        """
        self._begin("C_EncryptInit", key, mechanism)
        return self._answer("C_Encrypt", data)

    def _begin(self, function: str, key: int, mechanism: int) -> None:
        chosen = Mechanism(mechanism, None, 0)
        self._cryptoki.call(function, self._session, byref(chosen), key)

    def _answer(self, function: str, data: bytes) -> bytes:
        """What a function makes of data; asked again if it says that it needs more room."""
        given = create_string_buffer(data, len(data) or 1)
        size = max(_ROOM, 2 * len(data))
        for _attempt in range(2):
            room, length = create_string_buffer(size), c_ulong(size)
            rv = self._cryptoki.answer(
                function, self._session, given, len(data), room, byref(length)
            )
            if length.value > _LONGEST or (rv == CKR.OK and length.value > size):
                raise self._cryptoki.lies()
            if rv != CKR.BUFFER_TOO_SMALL or length.value <= size:
                break
            size = length.value
        if rv != CKR.OK:
            raise CkrError(rv, function)
        return room.raw[: length.value]
