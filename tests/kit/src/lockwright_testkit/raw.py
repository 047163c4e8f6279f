"""A PKCS#11 module called as bare C, for tests that look at return values."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes import byref, c_ubyte, c_ulong, c_void_p
from pathlib import Path
from typing import Any

from lockwright.pkcs11.constants import CKU
from lockwright.pkcs11.structures import (
    CALLABLE,
    OS_LOCKING_OK,
    Attribute,
    FunctionList,
    Info,
    InitializeArgs,
    SlotFields,
    TokenFields,
    structure,
)

SERIAL, SERIAL_RW = 0x4, 0x6
"""Flags of C_OpenSession: read-only, and read-write."""
Value = bytes | str | int | bool
Mechanism = structure(
    "CK_MECHANISM", ("type", c_ulong), ("parameter", c_void_p), ("length", c_ulong)
)
SessionFields = structure(
    "CK_SESSION_INFO",
    ("slot", c_ulong),
    ("state", c_ulong),
    ("flags", c_ulong),
    ("device_error", c_ulong),
)


def value_bytes(value: Value) -> bytes:
    """An attribute's value as C has it."""
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        return bytes(c_ulong(value))
    return value.encode() if isinstance(value, str) else value


def template(attributes: Mapping[int, Value]) -> tuple[ctypes.Array[ctypes.Structure], c_ulong]:
    """A template and its length, as two arguments."""
    values = [value_bytes(value) for value in attributes.values()]
    buffers = [ctypes.create_string_buffer(data, len(data)) for data in values]
    made = (Attribute * len(values))(
        *(
            Attribute(kind, ctypes.cast(buffer, c_void_p), len(buffer))
            for kind, buffer in zip(attributes, buffers, strict=True)
        )
    )
    vars(made)["buffers"] = buffers  # ctypes does not keep alive what a pointer points to
    return made, c_ulong(len(values))


class RawModule:
    """A module whose functions return their return value.

    Args:
        path: its path.
    """

    def __init__(self, path: Path) -> None:
        self.library = ctypes.CDLL(str(path))

    def call(self, name: str, *args: object) -> int:
        """Call a function.

        Args:
            name: of the function, as it is exported.
            args: a number is a CK_ULONG; bytes and text are a pointer and a length.

        Returns:
            Its return value.
        """
        function = getattr(self.library, name, None) or self._listed(name)
        function.restype = c_ulong
        return int(function(*(word for arg in args for word in _words(arg))))

    def _listed(self, name: str) -> Any:
        """A function that the module has in its list alone: PKCS#11 wants only the list exported.

        Raises:
            AttributeError: it is not there.
        """
        listed = ctypes.POINTER(FunctionList)()
        if name in CALLABLE and self.library.C_GetFunctionList(byref(listed)) == 0:
            address = listed.contents.functions[CALLABLE.index(name)]
            if address is not None:
                return ctypes.CFUNCTYPE(c_ulong)(address)
        raise AttributeError(f"the module has no {name}")

    def initialize(self, reserved: bytes = b"") -> int:
        """``C_Initialize`` for several threads: without it SoftHSM takes no locks of its own.

        Args:
            reserved: the parameters that the module wants; empty: it wants none.
        """
        arguments = InitializeArgs(flags=OS_LOCKING_OK)
        words = ctypes.create_string_buffer(reserved)
        if reserved:
            arguments.reserved = ctypes.addressof(words)
        return self.call("C_Initialize", byref(arguments))

    def finalize(self) -> int:
        """``C_Finalize``."""
        return self.call("C_Finalize", None)

    def slots(self, *, present: bool = True) -> list[int]:
        """Ids of the slots, or of those with a token."""
        ids, count = (c_ulong * 64)(), c_ulong(64)
        if rv := self.call("C_GetSlotList", c_ubyte(present), ids, byref(count)):
            raise RuntimeError(f"C_GetSlotList: {rv:#x}")
        return list(ids)[: count.value]

    def open(self, slot: int, flags: int = SERIAL_RW) -> int:
        """A session; raises when there is none to be had."""
        session = c_ulong()
        if rv := self.call("C_OpenSession", slot, flags, None, None, byref(session)):
            raise RuntimeError(f"C_OpenSession: {rv:#x}")
        return session.value

    def open_rv(self, slot: int, flags: int = SERIAL_RW) -> int:
        """The return value of ``C_OpenSession``."""
        return self.call("C_OpenSession", slot, flags, None, None, byref(c_ulong()))

    def login(self, session: int, pin: str, user: int = CKU.USER) -> int:
        """``C_Login``."""
        return self.call("C_Login", session, int(user), pin)

    def create(self, session: int, attributes: Mapping[int, Value]) -> tuple[int, int]:
        """``C_CreateObject``: the return value and the object's handle."""
        made = c_ulong()
        rv = self.call("C_CreateObject", session, *template(attributes), byref(made))
        return rv, made.value

    def find(self, session: int, attributes: Mapping[int, Value]) -> list[int]:
        """The objects that fit a template."""
        found, count = (c_ulong * 64)(), c_ulong()
        for name, args in (
            ("C_FindObjectsInit", template(attributes)),
            ("C_FindObjects", (found, 64, byref(count))),
            ("C_FindObjectsFinal", ()),
        ):
            if rv := self.call(name, session, *args):
                raise RuntimeError(f"{name}: {rv:#x}")
        return list(found)[: count.value]

    def get(self, session: int, target: int, kind: int) -> tuple[int, bytes]:
        """One attribute: the return value, and the value if there is one."""
        room = ctypes.create_string_buffer(4096)
        asked = Attribute(kind, ctypes.cast(room, c_void_p), len(room))
        rv = self.call("C_GetAttributeValue", session, target, byref(asked), 1)
        return rv, room.raw[: asked.length] if rv == 0 else b""

    def info(self) -> ctypes.Structure:
        """``C_GetInfo``."""
        return self._filled("C_GetInfo", Info)

    def slot_info(self, slot: int) -> ctypes.Structure:
        """``C_GetSlotInfo``."""
        return self._filled("C_GetSlotInfo", SlotFields, slot)

    def token_info(self, slot: int) -> ctypes.Structure:
        """``C_GetTokenInfo``."""
        return self._filled("C_GetTokenInfo", TokenFields, slot)

    def session_info(self, session: int) -> ctypes.Structure:
        """``C_GetSessionInfo``."""
        return self._filled("C_GetSessionInfo", SessionFields, session)

    def _filled(self, name: str, kind: type[ctypes.Structure], *args: int) -> ctypes.Structure:
        made = kind()
        if rv := self.call(name, *args, byref(made)):
            raise RuntimeError(f"{name}: {rv:#x}")
        return made


@contextmanager
def started(path: Path, reserved: bytes = b"") -> Iterator[RawModule]:
    """A module between ``C_Initialize`` and ``C_Finalize``."""
    module = RawModule(path)
    if rv := module.initialize(reserved):
        raise RuntimeError(f"C_Initialize: {rv:#x}")
    try:
        yield module
    finally:
        module.finalize()


def _words(arg: object) -> tuple[object, ...]:
    if isinstance(arg, str):
        arg = arg.encode()
    if isinstance(arg, bytes):
        return arg, c_ulong(len(arg))
    return (c_ulong(arg) if isinstance(arg, int) else arg,)
