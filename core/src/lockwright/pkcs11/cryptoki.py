"""The few PKCS#11 functions that both bindings leave to ctypes, over the library they loaded.

Four reasons, which hold for either binding:

- PINs: a binding takes a PIN only as ``str`` or copies it into objects that nobody can wipe, and
  python-pkcs11 logs in only inside ``Token.open``, which leaves its session open when the PIN is
  wrong. Here the module gets the :class:`Secret`'s own buffer and a session the caller closes.
- Tokens: python-pkcs11 keeps PIN lengths and free memory to itself, and one slot that cannot be
  read breaks its whole list of slots.
- Objects: python-pkcs11 hands out none that the module will not describe, nor removes one; and the
  bindings ask for the length of a value first, which costs a second call (``pkcs11.objects``).
- Loading: why a library is refused is known only to the code that loads it.

A library is loaded once in a process however often it is asked for, so the bindings and this
helper share it, and with it slots, sessions and logins.
"""

from __future__ import annotations

import ctypes
from ctypes import (
    POINTER,
    Structure,
    byref,
    c_char,
    c_ubyte,
    c_ulong,
)
from pathlib import Path

from lockwright.errors import ModuleBroken, ModuleNotLoadable
from lockwright.i18n import N_, _
from lockwright.pkcs11 import work
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError, not_ready
from lockwright.pkcs11.loading import load_reason
from lockwright.pkcs11.structures import (
    CALLABLE,
    OS_LOCKING_OK,
    FunctionList,
    Info,
    InitializeArgs,
    MechanismFields,
    SessionFields,
    SlotFields,
    TokenFields,
)
from lockwright.secret import Secret

_FUNCTION = ctypes.CFUNCTYPE(c_ulong)
_MOST_MECHANISMS = 1024
"""As many as PyKCS11 has room for."""
_MOST = 65_536
"""Slots or mechanisms that a module may have; one that tells of more makes them up."""
_LONGEST = 16 << 20
"""Bytes of a value or a signature; a module that tells of more makes them up."""
_SERIAL, _RW = 0x4, 0x2
_OF_THE_USER = {1, 3}
"""``CKS_RO_USER_FUNCTIONS`` and ``CKS_RW_USER_FUNCTIONS``."""


class Cryptoki:
    """A loaded PKCS#11 library, called through its own function list.

    Args:
        path: absolute path of the library.

    Raises:
        ModuleNotLoadable: it is not a PKCS#11 library of this system.
        ModuleNotReady: it does not give its functions.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        reason = self._load(path)
        if reason is not None:
            raise ModuleNotLoadable(module=str(path), reason=reason)

    def _load(self, path: Path) -> str | None:
        """Load the library; why not if it does not let itself be loaded."""
        if not path.is_absolute():
            return N_("its path is not absolute")
        try:
            self.library = ctypes.CDLL(str(path))
        except OSError as error:
            return load_reason(path, error)
        if not hasattr(self.library, "C_GetFunctionList"):
            return N_("it is a library, but not a PKCS#11 module")
        self._list = POINTER(FunctionList)()
        get = self.library.C_GetFunctionList
        get.restype = c_ulong
        if rv := get(byref(self._list)):
            raise not_ready(path, CkrError(rv, "C_GetFunctionList"))
        return None

    def initialize(self, reserved: bytes | None = None) -> bool:
        """``C_Initialize`` for threads, with ``pReserved``; False if someone else had done it."""
        args = InitializeArgs(flags=OS_LOCKING_OK)
        if reserved is not None:
            text = ctypes.create_string_buffer(reserved)
            args.reserved = ctypes.addressof(text)
        rv = self.answer("C_Initialize", byref(args))
        if rv not in {CKR.OK, CKR.CRYPTOKI_ALREADY_INITIALIZED}:
            raise CkrError(rv, "C_Initialize")
        return rv == CKR.OK

    def finalize(self) -> None:
        """``C_Finalize``; never raises."""
        self.answer("C_Finalize", None)

    def info(self) -> Structure:
        """``C_GetInfo``."""
        return self._filled("C_GetInfo", Info)

    def slot_info(self, slot: int) -> Structure:
        """``C_GetSlotInfo``."""
        return self._filled("C_GetSlotInfo", SlotFields, slot)

    def token_info(self, slot: int) -> Structure:
        """``C_GetTokenInfo``."""
        return self._filled("C_GetTokenInfo", TokenFields, slot)

    def slots(self) -> list[int]:
        """``C_GetSlotList``: ids of the slots that have a token.

        Their number is asked for first: that is when a module looks for readers that were plugged
        in or out (PKCS#11 2.20, 11.5).
        """
        count = c_ulong()
        self.call("C_GetSlotList", c_ubyte(1), None, byref(count))
        slots = (c_ulong * self._believed(count))()
        self.call("C_GetSlotList", c_ubyte(1), slots, byref(count))
        return list(slots)[: self._believed(count)]

    def mechanisms(self, slot: int) -> list[int]:
        """``C_GetMechanismList``."""
        count = c_ulong(_MOST_MECHANISMS)
        found = (c_ulong * count.value)()
        self.call("C_GetMechanismList", slot, found, byref(count))
        return list(found)[: self._believed(count)]

    def mechanism_info(self, slot: int, mechanism: int) -> Structure:
        """``C_GetMechanismInfo``."""
        return self._filled("C_GetMechanismInfo", MechanismFields, slot, mechanism)

    def init_token(self, slot: int, so_pin: Secret | None, label: str) -> None:
        """``C_InitToken``: erase the token and give it an SO PIN and a label."""
        padded = label.encode().ljust(32)
        self.call("C_InitToken", slot, *_said(so_pin), padded)

    def open_session(self, slot: int, *, write: bool = True) -> int:
        """``C_OpenSession``; returns the handle."""
        session = c_ulong()
        flags = c_ulong(_SERIAL | (_RW if write else 0))
        self.call("C_OpenSession", slot, flags, None, None, byref(session))
        return session.value

    def close_session(self, session: int) -> None:
        """``C_CloseSession``."""
        self.call("C_CloseSession", session)

    def session_state(self, session: int) -> int:
        """``C_GetSessionInfo``: who is logged in, as its ``state`` has it."""
        return int(self._filled("C_GetSessionInfo", SessionFields, session).state)

    def is_of_the_user(self, session: int) -> bool:
        """``C_GetSessionInfo``: whether a session is there, and the user logged in."""
        try:
            return self.session_state(session) in _OF_THE_USER
        except CkrError:
            return False

    def login(self, session: int, user_type: int, pin: Secret | None) -> None:
        """``C_Login``; None is NULL, here and below, for a PIN that the token asks for itself."""
        self.call("C_Login", session, user_type, *_said(pin))

    def logout(self, session: int) -> None:
        """``C_Logout``."""
        self.call("C_Logout", session)

    def init_pin(self, session: int, pin: Secret | None) -> None:
        """``C_InitPIN``."""
        self.call("C_InitPIN", session, *_said(pin))

    def set_pin(self, session: int, old: Secret | None, new: Secret | None) -> None:
        """``C_SetPIN``."""
        self.call("C_SetPIN", session, *_said(old), *_said(new))

    def believed_length(self, length: int, most: int = _LONGEST) -> None:
        """A value may be as long as no token's is, and an answer as long as its room, never longer.

        Args:
            length: of how many bytes it told.
            most: how many they may be.

        Raises:
            ModuleBroken: they are more.
        """
        if length > most:
            raise self.lies()

    def lies(self) -> ModuleBroken:
        """The error that it tells a length that cannot be."""
        reason = N_("it tells a length for which there is no memory")
        return ModuleBroken(module=str(self._path), reason=reason)

    def believed_count(self, count: int, asked: int) -> None:
        """``C_FindObjects`` may tell of fewer objects than it has room for, never of more.

        Args:
            count: of how many objects it told.
            asked: how many it was asked for.

        Raises:
            ModuleBroken: they are more.
        """
        if count > asked:
            told = _("asked for {asked} objects at most, it tells of {number}")
            reason = told.format(asked=asked, number=count)
            raise ModuleBroken(module=str(self._path), reason=reason)

    def _believed(self, count: c_ulong) -> int:
        if count.value > _MOST:
            reason = _("slots or mechanisms that it tells of: {number}").format(number=count.value)
            raise ModuleBroken(module=str(self._path), reason=reason)
        return count.value

    def _filled(self, function: str, kind: type[Structure], *args: int) -> Structure:
        filled = kind()
        self.call(function, *args, byref(filled))
        return filled

    def call(self, function: str, *args: object) -> None:
        """Call a function.

        Args:
            function: its name.
            args: its arguments; a secret stands for its buffer and its length.

        Raises:
            CkrError: it answers anything but ``CKR_OK``.
        """
        if rv := self.answer(function, *args):
            raise CkrError(rv, function)

    def answer(self, function: str, *args: object) -> int:
        """The same; what it answers."""
        address = self._list.contents.functions[CALLABLE.index(function)]
        if not address:
            return CKR.FUNCTION_NOT_SUPPORTED
        rv = int(_FUNCTION(address)(*(word for arg in args for word in _words(arg))))
        work.called()
        return rv


def secret_array(secret: Secret) -> ctypes.Array[c_char]:
    """A secret's own buffer for C, which no copy is made of; drop it before the secret is wiped."""
    return (c_char * len(secret)).from_buffer(secret.buffer)


def _said(pin: Secret | None) -> tuple[object, ...]:
    return (None, 0) if pin is None else (pin,)


def _words(arg: object) -> tuple[object, ...]:
    """An argument as C takes it; a secret as its buffer and its length."""
    if isinstance(arg, Secret):
        return secret_array(arg), c_ulong(len(arg))
    return (c_ulong(arg) if isinstance(arg, int) else arg,)
