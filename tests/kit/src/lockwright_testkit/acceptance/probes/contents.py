"""How objects are handled: made, read, and removed again. The user PIN is used."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from ctypes import byref, c_ulong, c_void_p
from pathlib import Path
from typing import Any

from lockwright.pkcs11.constants import CKA, CKC, CKO, CKU
from lockwright.pkcs11.structures import Attribute
from lockwright.secret import Secret

from lockwright_testkit.acceptance.probes.asked import OK, Asked
from lockwright_testkit.acceptance.probes.look import UNAVAILABLE
from lockwright_testkit.raw import SERIAL, started

LABEL = "lockwright acceptance"
_MANY = 96
"""Attributes that are asked for at most in one request."""
_ID = b"lockwright-acceptance"
_HW_FEATURE = 0x5
"""CKO_HW_FEATURE (PKCS#11 2.40, 4.3): how a token may show its own state as objects."""
_LONGEST = 60.0


def contents(token: Asked, pin: Secret, path: Path, reserved: bytes = b"") -> dict[str, str]:
    """Make two certificates of one id and a data object, ask for what is not there, remove all."""
    seen: dict[str, str] = {}
    with token.session() as session:
        seen["sharing.violation"] = _beside(path, token.slot, reserved)
        if rv := token.login(session, CKU.USER, pin):
            return {**seen, "login.rv": f"{rv:#x}"}
        made: list[int] = []
        try:
            rv, handle = token.module.create(session, _certificate(1))
            seen["create.rv"] = f"{rv:#x}"
            if rv == OK:
                made.append(handle)
                rv, second = token.module.create(session, _certificate(2))
                made += [second] if rv == OK else []
                seen["id.unique"] = "no" if rv == OK else "yes"
                if rv != OK:
                    seen["id.unique.rv"] = f"{rv:#x}"
                seen |= _absent(token, session, handle)
        finally:
            gone = [token.module.call("C_DestroyObject", session, each) for each in made]
        if any(gone):
            seen["destroy.rv"] = f"{next(rv for rv in gone if rv):#x}"
    return seen


def attributes(token: Asked, pin: Secret) -> dict[str, str]:
    """From how many attributes on a request is refused.

    A module may crash at that, so it is a probe of its own.
    """
    with token.session() as session:
        if rv := token.login(session, CKU.USER, pin):
            return {"login.rv": f"{rv:#x}"}
        rv, handle = token.module.create(session, _certificate(1))
        if rv != OK:
            return {"create.rv": f"{rv:#x}"}
        try:
            for most in range(1, _MANY):
                rv = _asks(token, session, handle, most)
                if rv != OK:
                    return {"attributes.most": str(most - 1), "attributes.most.rv": f"{rv:#x}"}
        finally:
            token.module.call("C_DestroyObject", session, handle)
    return {"attributes.most": "0"}


def _asks(token: Asked, session: int, handle: int, count: int) -> int:
    """One request of that many attributes, all the same one."""
    rooms = [ctypes.create_string_buffer(256) for _ in range(count)]
    asked = (Attribute * count)(
        *(Attribute(int(CKA.LABEL), ctypes.cast(room, c_void_p), len(room)) for room in rooms)
    )
    return token.module.call("C_GetAttributeValue", session, handle, asked, c_ulong(count))


def _absent(token: Asked, session: int, handle: int) -> dict[str, str]:
    """What answers for an attribute that a certificate does not have, or a vendor's own object."""
    own = token.module.find(session, {int(CKA.CLASS): _HW_FEATURE})
    handle = own[0] if own else handle
    room = ctypes.create_string_buffer(64)
    asked: Any = Attribute(int(CKA.MODULUS), ctypes.cast(room, c_void_p), len(room))
    rv = token.module.call("C_GetAttributeValue", session, handle, byref(asked), c_ulong(1))
    silent = rv == OK and asked.length == UNAVAILABLE
    seen = {"attributes.unavailable": "yes" if silent else "no"}
    return seen if rv == OK else {**seen, "attribute.absent.rv": f"{rv:#x}"}


def _certificate(number: int) -> dict[int, Any]:
    """A certificate of that serial number; NSS takes none without issuer and number."""
    return {
        int(CKA.CLASS): int(CKO.CERTIFICATE),
        int(CKA.CERTIFICATE_TYPE): int(CKC.X_509),
        int(CKA.TOKEN): True,
        int(CKA.LABEL): LABEL,
        int(CKA.ID): _ID,
        int(CKA.SUBJECT): b"\x30\x00",
        int(CKA.ISSUER): b"\x30\x00",
        int(CKA.SERIAL_NUMBER): bytes([2, 1, number]),
        int(CKA.VALUE): b"\x30\x00",
    }


def _beside(path: Path, slot: int, reserved: bytes) -> str:
    """What a second process gets that opens a session while this one has one."""
    lines = f"from {__name__} import opened; opened({str(path)!r}, {slot}, {reserved!r})"
    done = subprocess.run(
        [sys.executable, "-c", lines],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_LONGEST,
    )
    told = done.stdout.split()
    return told[-1].decode() if told else "crashed"


def opened(path: str, slot: int, reserved: bytes) -> None:
    """In the second process: say what ``C_OpenSession`` returned."""
    with started(Path(path), reserved) as module:
        rv = module.open_rv(slot, SERIAL)
    sys.stdout.write(f"\n{rv:#x}\n" if rv else "\n0\n")
