"""The session port over PyKCS11 (GPL-2.0-or-later).

What it does in ways of its own, and what is done about it here:

- It packs by a table that knows few attributes; here every value is bytes.
- A session of it is made of a handle, so it shares the one that the port opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import PyKCS11
from PyKCS11 import LowLevel

from lockwright.bindings.base_session import BaseSession
from lockwright.bindings.common import BaseModule
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Template
from lockwright.pkcs11.values import pack


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
        """``C_OpenSession``; the binding has the same session."""
        raw = LowLevel.CK_SESSION_HANDLE()
        raw.assign(self._cryptoki.open_session(slot, write=write))
        return PyKCS11Session(self._cryptoki, PyKCS11.Session(self._lib, raw), self._at_once)

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
        self._session = session  # it keeps the library, which is finalised once nobody has it

    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``."""
        self._forget(handle)
        rv = self._low.C_SetAttributeValue(self._raw, _handle(handle), _template(template))
        _check(rv, "C_SetAttributeValue")

    def create(self, template: Template) -> int:
        """``C_CreateObject``."""
        made = LowLevel.CK_OBJECT_HANDLE()
        rv = self._low.C_CreateObject(self._raw, _template(template), made)
        _check(rv, "C_CreateObject")
        return self._new(made)

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
        return self._new(made[0]), self._new(made[1])

    def _new(self, made: LowLevel.CK_OBJECT_HANDLE) -> int:
        handle = int(made.value())
        self._forget(handle)
        return handle


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
