"""The session port over PyKCS11 (GPL-2.0-or-later).

What it does in ways of its own, and what is done about it here:

- It packs by a table that knows few attributes; here every value is bytes.
- A session of it is made of a handle, so it shares the one that the port opens.
- Its ``PyKCS11Lib`` ends a module (``C_Finalize``) when it is unloaded or collected, whoever began
  that module and whoever still uses it. Here its low-level library alone is used, one for each
  module and never given up; who began a module ends it, which the base class does.
"""

from __future__ import annotations

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

_LOADED: dict[int, LowLevel.CPKCS11Lib] = {}
"""What the binding has of each module, by what the system's loader calls it."""


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
        try:
            self._low = _loaded(path, cryptoki)
        except CkrError:
            self.close()
            raise

    def _opened(self, slot: int, *, write: bool) -> PyKCS11Session:
        """``C_OpenSession``; the binding takes the same handle."""
        handle = self._cryptoki.open_session(slot, write=write)
        return PyKCS11Session(self._cryptoki, self._low, handle, self._at_once)


def _loaded(path: Path, cryptoki: Cryptoki) -> LowLevel.CPKCS11Lib:
    """The binding's library of a module, which the base class has begun.

    It is loaded once, since ``Load`` is a ``C_Initialize``, and a destructor a ``C_Finalize``.
    """
    place = cryptoki.library._handle  # noqa: SLF001  # ctypes documents it
    if place not in _LOADED:
        low = LowLevel.CPKCS11Lib()
        low.thisown = False
        _check(low.Load(str(path)), "C_Initialize")
        _LOADED[place] = low
    return _LOADED[place]


class PyKCS11Session(BaseSession):
    """A session opened by PyKCS11."""

    def __init__(
        self, cryptoki: Cryptoki, low: LowLevel.CPKCS11Lib, handle: int, at_once: int | None
    ) -> None:
        super().__init__(cryptoki, handle, at_once)
        self._low = low
        self._raw = LowLevel.CK_SESSION_HANDLE()
        self._raw.assign(handle)

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


MODULE = PyKCS11Module
