"""A token under a probe: its module as bare C, each call counted and timed."""

from __future__ import annotations

import ctypes
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_ubyte, c_ulong
from pathlib import Path

from lockwright.bindings import told
from lockwright.pkcs11.constants import CKU
from lockwright.secret import Secret

from lockwright_testkit.raw import RawModule

OK = 0


class NotThere(Exception):
    """The module shows no such token."""


class Counted(RawModule):
    """A module whose calls are counted.

    Args:
        path: its path.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.calls: dict[str, list[float]] = defaultdict(list)

    def call(self, name: str, *args: object) -> int:
        begun = time.perf_counter()
        try:
            return super().call(name, *args)
        finally:
            self.calls[name].append(time.perf_counter() - begun)


class Asked:
    """One token of a module that was initialised.

    Args:
        module: the module.
        serial: the token's serial number.
        label: its label, where others may have that number; None: any.

    Raises:
        NotThere: the module does not show it.
        RuntimeError: another looks just like it, and must not be taken for it.
    """

    def __init__(self, module: Counted, serial: str, label: str | None = None) -> None:
        self.module = module
        self.present = module.slots()
        found = [each for each in self.present if _is_it(module, each, serial, label)]
        if not found:
            raise NotThere(serial)
        if len(found) > 1:
            raise RuntimeError("another token looks just like it: pull that out")
        (self.slot,) = found

    @property
    def flags(self) -> int:
        """``CK_TOKEN_INFO.flags`` as they are now."""
        return int(self.module.token_info(self.slot).flags)

    @contextmanager
    def session(self) -> Iterator[int]:
        """A read-write session, closed at the end."""
        session = self.module.open(self.slot)
        try:
            yield session
        finally:
            self.module.call("C_CloseSession", session)

    def login(self, session: int, user: CKU, pin: Secret) -> int:
        """``C_Login``: the return value."""
        return self.module.login(session, pin.reveal_text(), user)

    def sets(self, session: int, old: Secret, new: Secret) -> int:
        """``C_SetPIN``: the return value."""
        return self.module.call("C_SetPIN", session, old.reveal_text(), new.reveal_text())

    def initializes(self, session: int, pin: Secret) -> int:
        """``C_InitPIN``: the return value."""
        return self.module.call("C_InitPIN", session, pin.reveal_text())


def text(padded: bytes) -> str:
    """A text of fixed length without its padding."""
    return padded.decode(errors="replace").strip(" \0")


def slots_in_all(module: RawModule) -> int:
    """How many slots there are, with and without a token."""
    count = c_ulong()
    module.call("C_GetSlotList", c_ubyte(0), None, byref(count))
    return count.value


def whole(structure: ctypes.Structure, name: str) -> bytes:
    """A field of fixed length as it stands, also what follows a NUL."""
    return bytes(getattr(structure, name))


def is_simulator(module: RawModule) -> bool:
    """Whether a module is the kit's simulator, whatever it passes for."""
    return hasattr(module.library, "lockwright_sim_show")


def _is_it(module: RawModule, slot: int, serial: str, label: str | None) -> bool:
    try:
        info = module.token_info(slot)
    except RuntimeError:  # it was pulled out meanwhile
        return False
    # As lockwright reads them: a vendor's strings may be odd, and have to be the same here.
    return told.text(info.serial) == serial and label in (None, told.text(info.label))
