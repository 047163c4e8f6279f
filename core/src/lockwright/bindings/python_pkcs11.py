"""The session port over python-pkcs11 (MIT).

What it does in ways of its own, and what is done about it here:

- It opens no session by slot id and takes no handle, so its own tokens and objects are looked up
  and kept, and only for sessions that write. Its token is no more than a slot id, whatever is in
  the slot.
- Each object it hands out costs two requests, for the class and what the object can do. Here an
  object is built when it is written to.
- Values go through a mapper that knows no vendor attribute; ours passes every value as it is.
- ``C_Initialize`` gets no arguments from it, so nothing promises the module that calls come from
  one thread; the base class initialises before it, for threads.
- It imports helpers that nothing here uses, a tenth of what the start of a module's process costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockwright.bindings.at_first_use import at_first_use
from lockwright.bindings.base_session import BaseSession
from lockwright.bindings.common import BaseModule
from lockwright.bindings.reading import ReadingSession
from lockwright.pkcs11.constants import CKA, CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Template
from lockwright.pkcs11.values import number, pack

_HELPERS = [f"pkcs11.util.{each}" for each in ("dh", "dsa", "ec", "rsa", "x509")]
"""What it imports for whoever makes keys with it, and with them all of asn1crypto."""

with at_first_use(_HELPERS):
    import pkcs11
    from pkcs11 import _pkcs11
    from pkcs11.attributes import AttributeMapper

_SearchIter: Any = _pkcs11.SearchIter  # type: ignore[attr-defined]  # not in the stubs
_SPELT_OTHERWISE = {
    "AnotherUserAlreadyLoggedIn": CKR.USER_ANOTHER_ALREADY_LOGGED_IN,
    "TokenNotRecognised": CKR.TOKEN_NOT_RECOGNIZED,
}
_BY_NAME = {value.name.replace("_", "").lower(): value for value in CKR}


class PythonPkcs11Module(BaseModule):
    """A module loaded by python-pkcs11."""

    def __init__(
        self,
        path: Path,
        cryptoki: Cryptoki,
        at_once: int | None = None,
        reserved: bytes | None = None,
    ) -> None:
        super().__init__(path, cryptoki, at_once, reserved)
        # Its __init__ would initialise the library once more and fail, since we have done it.
        library: Any = _pkcs11.lib
        self._lib = library.__new__(library, str(path))
        self._tokens: dict[int, Any] = {}

    def _opened(self, slot: int, *, write: bool) -> BaseSession:
        """``C_OpenSession``; by the binding only where it will be needed, to write."""
        if not write:
            handle = self._cryptoki.open_session(slot, write=False)
            return ReadingSession(self._cryptoki, handle, self._at_once)
        with _translated("C_OpenSession"):
            session = self._token_in(slot).open(rw=True, attribute_mapper=_Raw())
        return PythonPkcs11Session(self._cryptoki, session, self._at_once)

    def _token_in(self, slot: int) -> Any:
        """The binding's token of a slot, looked up once: it costs three calls, and one a slot."""
        if slot not in self._tokens:
            slots = {found.slot_id: found for found in self._lib.get_slots(token_present=True)}
            if slot not in slots:
                raise CkrError(CKR.TOKEN_NOT_PRESENT, "C_GetSlotList")
            self._tokens[slot] = slots[slot].get_token()
        return self._tokens[slot]


class PythonPkcs11Session(BaseSession):
    """A session opened by python-pkcs11."""

    def __init__(self, cryptoki: Cryptoki, session: Any, at_once: int | None) -> None:
        super().__init__(cryptoki, session.handle, at_once)
        self._session = session
        self._objects: dict[int, Any] = {}
        self._builder = _Search(session, {}, 1)

    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``; the binding sets one attribute at a time."""
        self._forget(handle)
        with _translated("C_SetAttributeValue"):
            for attribute, value in _packed(template).items():
                self._built(handle)[attribute] = value

    def create(self, template: Template) -> int:
        """``C_CreateObject``."""
        with _translated("C_CreateObject"):
            return self._keep(self._session.create_object(_packed(template)))

    def destroy(self, handle: int) -> None:
        """``C_DestroyObject``."""
        self._objects.pop(handle, None)
        super().destroy(handle)

    def generate_key_pair(
        self, mechanism: int, public: Template, private: Template
    ) -> tuple[int, int]:
        """``C_GenerateKeyPair``; everything is in the templates, so the key type has no say."""
        with _translated("C_GenerateKeyPair"):
            made = self._session.generate_keypair(
                pkcs11.KeyType.EC,
                mechanism=_mechanism(mechanism),
                capabilities=pkcs11.MechanismFlag(0),
                public_template=_packed(public),
                private_template=_packed(private),
            )
            return self._keep(made[0]), self._keep(made[1])

    def _keep(self, obj: Any) -> int:
        handle: int = obj.handle
        self._forget(handle)
        self._objects[handle] = obj
        return handle

    def _built(self, handle: int) -> Any:
        """The binding's object of a handle; for that it asks the module what the object can do."""
        if handle not in self._objects:
            with _translated("C_GetAttributeValue"):
                self._objects[handle] = self._builder.built(handle)
        return self._objects[handle]


class _Search(_SearchIter):  # type: ignore[misc]  # the same
    """A search that is never made: it only builds the binding's objects."""

    def built(self, handle: int) -> Any:
        """The binding's object of a handle."""
        return next(super()._batch_iter([handle], 1))


class _Raw(AttributeMapper):
    """Hands values through as they are, and adds nothing of its own to a template.

    Only the class stays a number: the binding looks up by it what it builds.
    """

    def pack_attribute(self, _key: Any, value: Any) -> bytes:
        return bytes(value)

    def unpack_attributes(self, key: Any, value: bytes) -> Any:
        return number(value) if key == CKA.CLASS else value

    def public_key_template(self, **_wishes: Any) -> dict[Any, Any]:
        return {}

    def private_key_template(self, **_wishes: Any) -> dict[Any, Any]:
        return {}


def _packed(template: Template) -> dict[Any, bytes]:
    return {attribute: pack(value) for attribute, value in template.items()}


def _mechanism(number: int) -> pkcs11.Mechanism:
    try:
        return pkcs11.Mechanism(number)
    except ValueError:
        raise CkrError(CKR.MECHANISM_INVALID, "python-pkcs11") from None


@contextmanager
def _translated(function: str) -> Iterator[None]:
    """Turn the binding's exceptions, a class for each return value, into return values."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        value = _value(error)
    else:
        return
    raise CkrError(value, function)


def _value(error: pkcs11.PKCS11Error) -> int:
    """The return value behind an exception; one that it has no class for stands in its text."""
    name = type(error).__name__
    if name in _SPELT_OTHERWISE:
        return _SPELT_OTHERWISE[name]
    _text, found, digits = str(error).partition("0x")
    if found:
        return int(digits, 16)
    return _BY_NAME.get(name.lower(), CKR.GENERAL_ERROR)


MODULE = PythonPkcs11Module
