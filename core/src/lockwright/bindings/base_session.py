"""One session of either binding: PINs, and objects read in as few requests as the module bears."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self, TypeVar

from lockwright.models.progress import Doing
from lockwright.pkcs11 import work
from lockwright.pkcs11.constants import CKF, CKR
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.objects import ABSENT, Objects
from lockwright.pkcs11.session import HiddenTemplate, Template, TokenInfo
from lockwright.pkcs11.using import Uses
from lockwright.secret import Secret

_REFUSED = ABSENT | {
    CKR.GENERAL_ERROR,
    CKR.FUNCTION_FAILED,
    CKR.ARGUMENTS_BAD,
    CKR.ATTRIBUTE_VALUE_INVALID,
    CKR.BUFFER_TOO_SMALL,
}
"""Answers by which modules refuse a request for one attribute that they do not like."""

_T = TypeVar("_T")
_Request = Callable[[int, Sequence[int]], dict[int, _T]]
"""Asks for attributes of an object, all in one request."""


class BaseSession(ABC):
    """One session; a binding adds how objects are made and written.

    Args:
        cryptoki: the library.
        handle: raw session handle.
        at_once: how many attributes are asked for at once, at most; None sets no limit.
    """

    def __init__(self, cryptoki: Cryptoki, handle: int, at_once: int | None) -> None:
        self._cryptoki = cryptoki
        self._seen = Objects(cryptoki, handle)
        self._uses = Uses(cryptoki, handle)
        self.handle = handle
        self.token: TokenInfo | None = None
        self._at_once = at_once
        self._remembered: dict[int, dict[tuple[int, ...], dict[int, bytes]]] | None = None
        """What was read of each object, where nothing is read twice."""

    def is_of_the_user(self) -> bool:
        """``C_GetSessionInfo``: whether the session is there, and the user logged in."""
        return self._cryptoki.is_of_the_user(self.handle)

    def remember(self) -> None:
        """Read no object twice from now on; one that this session changes is forgotten."""
        self._remembered = {}

    @property
    def remembered(self) -> frozenset[int]:
        """Objects of which something was read since ``remember``, and that it did not change."""
        return frozenset(self._remembered or ())

    def is_as_remembered(self, handle: int) -> bool:
        """Whether an object shows what was read of it, asked again; so it does if nothing was."""
        known = (self._remembered or {}).pop(handle, {})
        return all(self.read(handle, asked) == values for asked, values in known.items())

    def _forget(self, handle: int) -> None:
        """Nothing is known of an object: it changes, or is made under a handle that was free."""
        (self._remembered or {}).pop(handle, None)

    def login(self, user_type: int, pin: Secret) -> None:
        """``C_Login``."""
        self._cryptoki.login(self.handle, user_type, self._said(pin, "C_Login"))

    def logout(self) -> None:
        """``C_Logout``; nothing if nobody is logged in."""
        try:
            self._cryptoki.logout(self.handle)
        except CkrError as error:
            if error.value != CKR.USER_NOT_LOGGED_IN:
                raise

    def init_pin(self, pin: Secret) -> None:
        """``C_InitPIN``."""
        self._cryptoki.init_pin(self.handle, self._said(pin, "C_InitPIN"))

    def set_pin(self, old: Secret, new: Secret) -> None:
        """``C_SetPIN``."""
        said = [self._said(pin, "C_SetPIN") for pin in (old, new)]
        self._cryptoki.set_pin(self.handle, *said)

    def _said(self, pin: Secret, function: str) -> Secret | None:
        """A PIN as it is given to the module; see ``said``."""
        return said(pin, self.token, function)

    def read(self, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        """Values of an object's attributes, in one request where the module lets us.

        An empty value counts as missing: many modules cannot tell the two apart.
        """
        known = {} if self._remembered is None else self._remembered.setdefault(handle, {})
        if (asked := tuple(attributes)) not in known:
            values = self._in_parts(self._seen.values, handle, attributes)
            known[asked] = {attribute: value for attribute, value in values.items() if value}
        return dict(known[asked])

    def numbers(self, handle: int, attributes: Sequence[int]) -> dict[int, int]:
        """Numbers and switches of an object, without asking for their lengths first."""
        return self._in_parts(self._seen.numbers, handle, attributes)

    def _in_parts(
        self, request: _Request[_T], handle: int, attributes: Sequence[int]
    ) -> dict[int, _T]:
        """As many at once as the module can take; those of a request that it refuses one by one."""
        size = self._at_once or max(len(attributes), 1)
        values: dict[int, _T] = {}
        for start in range(0, len(attributes), size):
            part = attributes[start : start + size]
            try:
                values |= request(handle, part)
            except CkrError as error:
                if error.value not in _REFUSED:
                    raise
                values |= _one_by_one(request, handle, part)
        return values

    def find(self, template: Template, most: int | None = None) -> Sequence[int]:
        """Handles of every object that fits, or of so many that it is enough."""
        return self._seen.find(template, most)

    def destroy(self, handle: int) -> None:
        """``C_DestroyObject``, unless whoever asked for it wants no more of it."""
        if work.is_stopped():
            raise CkrError(CKR.FUNCTION_CANCELED, "C_DestroyObject")
        self._forget(handle)
        self._seen.destroy(handle)
        work.did(Doing.REMOVING)

    @abstractmethod
    def write(self, handle: int, template: Template) -> None:
        """``C_SetAttributeValue``."""

    @abstractmethod
    def create(self, template: Template) -> int:
        """``C_CreateObject``."""

    def create_hidden(self, template: HiddenTemplate) -> int:
        """``C_CreateObject`` of what holds secrets, of which no copy is made."""
        handle = self._seen.create(template)
        self._forget(handle)
        return handle

    @abstractmethod
    def generate_key_pair(
        self, mechanism: int, public: Template, private: Template
    ) -> tuple[int, int]:
        """``C_GenerateKeyPair``."""

    def sign(self, key: int, mechanism: int, data: bytes, pin: Secret | None = None) -> bytes:
        """``C_SignInit`` and ``C_Sign``; the PIN is for a key that wants it each time."""
        return self._uses.sign(key, mechanism, data, pin or None)

    def encrypt(self, key: int, mechanism: int, data: bytes) -> bytes:
        """``C_EncryptInit`` and ``C_Encrypt``."""
        return self._uses.encrypt(key, mechanism, data)

    def close(self) -> None:
        """``C_CloseSession``; never raises."""
        with suppress(CkrError):
            self._cryptoki.close_session(self.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def said(pin: Secret, token: TokenInfo | None, function: str) -> Secret | None:
    """A PIN as it is given to a module; None has it entered on the token's own pad.

    Args:
        pin: the PIN.
        token: what the token says of itself; None if nobody asked it.
        function: what is given the PIN.

    Raises:
        CkrError: it is empty, and the token has no pad; its try would be spent.
    """
    if pin or pin.wiped:
        return pin
    if token is None or not token.has(CKF.PROTECTED_AUTHENTICATION_PATH):
        raise CkrError(CKR.ARGUMENTS_BAD, function)
    return None


def _one_by_one(request: _Request[_T], handle: int, attributes: Sequence[int]) -> dict[int, _T]:
    values: dict[int, _T] = {}
    for attribute in attributes:
        try:
            values |= request(handle, [attribute])
        except CkrError as error:
            if error.value not in _REFUSED:
                raise
    return values
