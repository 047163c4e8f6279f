"""The session port over python-pkcs11 (MIT).

What it does in ways of its own, and what is done about it here:

- It opens no session by slot id and reads no object by handle, so its own tokens and objects are
  looked up and kept. Its token is no more than a slot id, whatever is in the slot.
- Each object it hands out costs two requests, for the class and what the object can do, and one
  object that does not answer them ends the search. Here a search hands out handles, and an object
  is built when it is used.
- Values go through a mapper that knows no vendor attribute; ours passes every value as it is.
- ``C_Initialize`` gets no arguments from it, so nothing promises the module that calls come from
  one thread; the base class initialises before it, for threads.
- It goes by the number of objects that ``C_FindObjects`` tells, however many it asked for.
- A module that answers ``CK_UNAVAILABLE_INFORMATION`` with ``CKR_OK`` makes it stop at that
  attribute and lose the rest without a word; that is noticed, and they are asked one by one.
- It imports helpers that nothing here uses, a tenth of what the start of a module's process costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from lockwright.bindings.at_first_use import at_first_use
from lockwright.bindings.common import BaseModule, BaseSession
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

BATCH = 256
"""Objects asked for at once when searching."""

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

    def _opened(self, slot: int, *, write: bool) -> PythonPkcs11Session:
        """``C_OpenSession``; without a PIN, since a wrong one would leave the session open."""
        with _translated("C_OpenSession"):
            session = self._token_in(slot).open(rw=write, attribute_mapper=_Raw())
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
        # The class that a request ends with counts, too.
        super().__init__(cryptoki, session.handle, max(at_once - 1, 1) if at_once else None)
        self._session = session
        self._objects: dict[int, Any] = {}
        self._builder = _Search(session, {}, 1)

    def find(self, template: Template, most: int | None = None) -> Sequence[int]:
        """Handles of every object that fits, or of so many that it is enough."""
        with _translated("C_FindObjects"), self._cryptoki.believed():
            size = BATCH if most is None else most
            with _Search(self._session, _packed(template), size) as search:
                search.cryptoki = self._cryptoki
                return list(islice(chain.from_iterable(search), most))

    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``; the binding sets one attribute at a time."""
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
        self._cryptoki.destroy(self.handle, handle)

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

    def sign(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_SignInit`` and ``C_Sign``."""
        obj = self._built(key)
        if not isinstance(obj, pkcs11.SignMixin):
            raise CkrError(CKR.KEY_FUNCTION_NOT_PERMITTED, "C_SignInit")
        with _translated("C_Sign"), self._cryptoki.believed():
            return bytes(obj.sign(data, mechanism=_mechanism(mechanism)))

    def encrypt(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_EncryptInit`` and ``C_Encrypt``."""
        obj = self._built(key)
        if not isinstance(obj, pkcs11.EncryptMixin):
            raise CkrError(CKR.KEY_FUNCTION_NOT_PERMITTED, "C_EncryptInit")
        with _translated("C_Encrypt"), self._cryptoki.believed():
            return cast("bytes", obj.encrypt(data, mechanism=_mechanism(mechanism)))

    def _request(self, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        """Ask for all; the class, which every object has, goes last and tells if all was read."""
        wanted = list(attributes)
        if len(wanted) > 1:
            wanted = [*(attribute for attribute in wanted if attribute != CKA.CLASS), CKA.CLASS]
        obj = self._built(handle)
        with _translated("C_GetAttributeValue"):
            answer = obj.get_attributes(wanted)
        if len(wanted) > 1 and CKA.CLASS not in answer:
            raise CkrError(CKR.FUNCTION_FAILED, "C_GetAttributeValue")
        return {key: pack(value) for key, value in answer.items() if key in attributes}

    def _keep(self, obj: Any) -> int:
        handle: int = obj.handle
        self._objects[handle] = obj
        return handle

    def _built(self, handle: int) -> Any:
        """The binding's object of a handle; for that it asks the module what the object can do."""
        if handle not in self._objects:
            with _translated("C_GetAttributeValue"):
                self._objects[handle] = self._builder.built(handle)
        return self._objects[handle]


class _Search(_SearchIter):  # type: ignore[misc]  # the same
    """A search that looks at the module's count, and hands out handles instead of objects."""

    cryptoki: Cryptoki

    def _batch_iter(self, results: Any, count: int) -> Any:
        self.cryptoki.believed_count(count, len(results))
        return iter(results[:count])

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
