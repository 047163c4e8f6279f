"""Having a key of the token sign or encrypt, by ctypes in a session that either binding may share.

The bindings ask how long the answer will be before they ask for it, which costs a second call.
"""

from __future__ import annotations

from ctypes import addressof, byref, c_ulong, create_string_buffer, sizeof

from lockwright.pkcs11.constants import CKM, CKR, CKU
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.structures import Mechanism, PssParameters
from lockwright.secret import Secret

_MGF1_SHA256 = 2
"""``CKG_MGF1_SHA256``."""
_SALT = 32
"""Bytes, as SHA-256 has."""
_ROOM = 2048
"""Bytes of an answer: a signature of an RSA key of 16,384 bits."""


class Uses:
    """The keys that a session sees, put to use.

    Args:
        cryptoki: the library.
        session: handle of the session.
    """

    def __init__(self, cryptoki: Cryptoki, session: int) -> None:
        self._cryptoki = cryptoki
        self._session = session

    def sign(self, key: int, mechanism: int, data: bytes, pin: Secret | None = None) -> bytes:
        """``C_SignInit`` and ``C_Sign`` with a mechanism that takes no parameter, or RSA-PSS.

        RSA-PSS is that with SHA-256 throughout and a salt as long (PKCS#11 2.40, 2.1.12).

        A key that wants its PIN for each signature (``CKA_ALWAYS_AUTHENTICATE``) says so by
        ``CKR_USER_NOT_LOGGED_IN``, and is given it then (PKCS#11 2.40, ``C_Login``); a session
        whose login is over says the same, and is given none.

        Raises:
            CkrError: the module refuses.
            ModuleBroken: it tells a length that cannot be.
        """
        try:
            self._begin("C_SignInit", key, mechanism)
            return self._answer("C_Sign", data)
        except CkrError as error:
            if pin is None or error.value != CKR.USER_NOT_LOGGED_IN:
                raise
            if not self._cryptoki.is_of_the_user(self._session):
                raise
        self._begin("C_SignInit", key, mechanism)
        self._cryptoki.login(self._session, CKU.CONTEXT_SPECIFIC, pin)
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
        if mechanism in {CKM.RSA_PKCS_PSS, CKM.SHA256_RSA_PKCS_PSS}:
            salted = PssParameters(CKM.SHA256, _MGF1_SHA256, _SALT)
            chosen = Mechanism(mechanism, addressof(salted), sizeof(salted))
        self._cryptoki.call(function, self._session, byref(chosen), key)

    def _answer(self, function: str, data: bytes) -> bytes:
        """What a function makes of data; asked again if it says that it needs more room."""
        size = max(_ROOM, 2 * len(data))
        rv, made, needed = self._asked(function, data, size)
        if rv == CKR.BUFFER_TOO_SMALL and needed > size:
            rv, made, needed = self._asked(function, data, needed)
        if rv != CKR.OK:
            raise CkrError(rv, function)
        return made

    def _asked(self, function: str, data: bytes, size: int) -> tuple[int, bytes, int]:
        """What the module answers, what it made, and how long it says that this is."""
        given, room = create_string_buffer(data, len(data) or 1), create_string_buffer(size)
        length = c_ulong(size)
        rv = self._cryptoki.answer(function, self._session, given, len(data), room, byref(length))
        if rv == CKR.BUFFER_TOO_SMALL:
            self._cryptoki.believed_length(length.value)
        elif rv == CKR.OK:  # what it tells beside another answer is of no meaning
            self._cryptoki.believed_length(length.value, size)
        return rv, room.raw[: length.value], length.value
