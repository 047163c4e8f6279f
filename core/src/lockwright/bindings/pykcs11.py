"""The session port over PyKCS11 (GPL-2.0-or-later).

What it does in ways of its own, and what is done about it here:

- Its ``getAttributeValue`` asks for attributes one by one as soon as one is missing, and packs
  and unpacks by a table that knows few of them; here its low level is asked for all at once, and
  every value is bytes.
- Its low level answers a missing attribute with an empty value, so an empty value counts as
  missing in the port.
- It searches ten objects at a time; here 256.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import PyKCS11
from PyKCS11 import LowLevel

from lockwright.bindings.common import ABSENT, BaseModule, BaseSession
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Template
from lockwright.pkcs11.values import pack

BATCH = 256
"""Objects asked for at once when searching."""
_CKF_RW_SESSION = 2


class PyKCS11Module(BaseModule):
    """A module loaded by PyKCS11."""

    def __init__(
        self,
        path: Path,
        cryptoki: Cryptoki,
        at_once: int | None = None,
        reserved: bytes | None = None,
    ) -> None:
        super().__init__(path, cryptoki, at_once, reserved)
        self._lib = PyKCS11.PyKCS11Lib()
        with _translated("C_Initialize"):
            self._lib.load(str(path))

    def _opened(self, slot: int, *, write: bool) -> PyKCS11Session:
        """``C_OpenSession``."""
        with _translated("C_OpenSession"):
            session = self._lib.openSession(slot, _CKF_RW_SESSION if write else 0)
        return PyKCS11Session(self._cryptoki, session, self._at_once)

    def close(self) -> None:
        """``C_Finalize`` and unload; never raises."""
        with suppress(PyKCS11.PyKCS11Error):
            self._lib.unload()
        super().close()


class PyKCS11Session(BaseSession):
    """A session opened by PyKCS11."""

    def __init__(self, cryptoki: Cryptoki, session: PyKCS11.Session, at_once: int | None) -> None:
        super().__init__(cryptoki, session.session.value(), at_once)
        self._low = session.lib
        self._raw = session.session
        self._session = session

    def find(self, template: Template, most: int | None = None) -> Sequence[int]:
        """Handles of every object that fits, or of so many that it is enough."""
        _check(self._low.C_FindObjectsInit(self._raw, _template(template)), "C_FindObjectsInit")
        found: list[int] = []
        try:
            while most is None or len(found) < most:
                batch = self._next_batch(BATCH if most is None else most - len(found))
                if not batch:
                    break
                found += batch
        finally:
            self._low.C_FindObjectsFinal(self._raw)
        return found

    def _next_batch(self, size: int) -> list[int]:
        batch = LowLevel.ckulonglist(size)
        with self._cryptoki.believed():
            _check(self._low.C_FindObjects(self._raw, batch), "C_FindObjects")
            self._cryptoki.believed_count(batch.size(), size)
        return list(batch)

    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``."""
        rv = self._low.C_SetAttributeValue(self._raw, _handle(handle), _template(template))
        _check(rv, "C_SetAttributeValue")

    def create(self, template: Template) -> int:
        """``C_CreateObject``."""
        made = LowLevel.CK_OBJECT_HANDLE()
        rv = self._low.C_CreateObject(self._raw, _template(template), made)
        _check(rv, "C_CreateObject")
        return made.value()

    def destroy(self, handle: int) -> None:
        """``C_DestroyObject``."""
        _check(self._low.C_DestroyObject(self._raw, _handle(handle)), "C_DestroyObject")

    def generate_key_pair(
        self, mechanism: int, public: Template, private: Template
    ) -> tuple[int, int]:
        """``C_GenerateKeyPair``."""
        made = LowLevel.CK_OBJECT_HANDLE(), LowLevel.CK_OBJECT_HANDLE()
        rv = self._low.C_GenerateKeyPair(
            self._raw,
            PyKCS11.Mechanism(mechanism).to_native(),
            _template(public),
            _template(private),
            *made,
        )
        _check(rv, "C_GenerateKeyPair")
        return made[0].value(), made[1].value()

    def sign(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_SignInit`` and ``C_Sign``."""
        with _translated("C_Sign"), self._cryptoki.believed():
            return bytes(self._session.sign(_handle(key), data, PyKCS11.Mechanism(mechanism)))

    def encrypt(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_EncryptInit`` and ``C_Encrypt``."""
        with _translated("C_Encrypt"), self._cryptoki.believed():
            return bytes(self._session.encrypt(_handle(key), data, PyKCS11.Mechanism(mechanism)))

    def _request(self, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        """Ask for the lengths, then for the values: the low level lays the buffers out between."""
        request = LowLevel.ckattrlist(len(attributes))
        for place, attribute in enumerate(attributes):
            request[place].SetType(attribute)
        for _round in ("lengths", "values"):
            rv = self._low.C_GetAttributeValue(self._raw, _handle(handle), request)
            if rv not in ABSENT:
                _check(rv, "C_GetAttributeValue")
        return {key: bytes(request[place].GetBin()) for place, key in enumerate(attributes)}


def _template(template: Template) -> LowLevel.ckattrlist:
    packed = LowLevel.ckattrlist(len(template))
    for place, (attribute, value) in enumerate(template.items()):
        packed[place].SetBin(attribute, LowLevel.ckbytelist(pack(value)))
    return packed


def _handle(number: int) -> LowLevel.CK_OBJECT_HANDLE:
    handle = LowLevel.CK_OBJECT_HANDLE()
    handle.assign(number)
    return handle


def _check(rv: int, function: str) -> None:
    if rv != CKR.OK:
        raise CkrError(rv, function)


@contextmanager
def _translated(function: str) -> Iterator[None]:
    """Turn the binding's exception into the return value it carries."""
    try:
        yield
    except PyKCS11.PyKCS11Error as error:
        value = error.value
    else:
        return
    raise CkrError(value, function)


MODULE = PyKCS11Module
