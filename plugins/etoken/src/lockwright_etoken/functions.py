"""The vendor's own functions: one table, as its header eTPkcs11.h (extension 1.7, 2013) has them.

They are exported by name, on Windows perhaps by another library than the PKCS#11 module; the module
itself always has ``ETC_GetFunctionListEx``, whose list names the place of each. All are cdecl.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from ctypes import POINTER, byref, c_ubyte, c_ulong, c_ushort, c_void_p
from enum import IntEnum
from functools import cache
from pathlib import Path

from lockwright.pkcs11.structures import structure
from lockwright.pkcs11.vendor import Prototype, VendorFunctions

GET_CHALLENGE = "ETC_UnlockGetChallenge"
COMPLETE = "ETC_UnlockComplete"
CALCULATE = "ETC_RSM_Calculate"
ERROR_INFO = "ETC_GetErrorInfo"
SESSION_INFO = "C_GetSessionInfo"
_LIST = "ETC_GetFunctionListEx"

UNLOCK_LEGACY = 2
"""Mode of ``ETC_RSM_Calculate``: ETCK_RSM_MODE_UNLOCK_LEGACY."""

_LENGTH = POINTER(c_ulong)
PROTOTYPES = (
    Prototype(GET_CHALLENGE, (c_ulong, c_void_p, _LENGTH)),
    Prototype(COMPLETE, (c_ulong, c_void_p, c_ulong, c_void_p, c_ulong, c_ulong, c_ubyte)),
    Prototype(
        CALCULATE,
        (c_ulong, *(c_void_p, c_ulong) * 3, c_void_p, _LENGTH, c_void_p),
    ),
    Prototype(ERROR_INFO, (c_ulong, _LENGTH)),
    Prototype(SESSION_INFO, (c_ulong, c_void_p)),
)
_PLACES = {GET_CHALLENGE: 15, COMPLETE: 16, ERROR_INFO: 22, CALCULATE: 27}
"""The place of each in the list, the same in every version that has it."""
_LONG_AS = {0: 17, 2: 23, 7: 36}
"""Minor version of the extension: functions in its list."""


class Info(IntEnum):
    """What ``ETC_GetErrorInfo`` can be asked for: ETCK_ERROR_INFO_..."""

    EXTENSION = 0
    PIN_POLICY = 3


class Extended(IntEnum):
    """ETCKR_...: what ``ETC_GetErrorInfo(EXTENSION)`` says."""

    HASNO_ADMIN_PASSWORD = 0xFF00001F
    TOO_MANY_UNBLOCKS = 0xFF000024


SessionInfo = structure(
    "CK_SESSION_INFO",
    ("slot", c_ulong),
    ("state", c_ulong),
    ("flags", c_ulong),
    ("device_error", c_ulong),
)


class _List(ctypes.Structure):
    """ETCK_FUNCTION_LIST_EX, which the header packs to one byte on every system."""

    _pack_ = 1
    _fields_ = (
        ("major", c_ubyte),
        ("minor", c_ubyte),
        ("flags", c_ushort),
        ("functions", c_void_p * max(_LONG_AS.values())),
    )


@cache
def functions(path: Path) -> VendorFunctions:
    """The vendor's functions of a loaded module."""
    return VendorFunctions(path, PROTOTYPES, _listed(path))


def error_info(path: Path, what: Info) -> int:
    """What the last call of this thread had to say beyond its return value; 0 if nothing.

    The return value is the information, so it has to be asked for right after the call.
    """
    return functions(path).call(ERROR_INFO, what, None) if functions(path).has(ERROR_INFO) else 0


def _listed(path: Path) -> Mapping[str, int]:
    """Where the functions are that the module's list names.

    A list whose first entry is not the function that gave it is laid out in a way we do not know.
    """
    library = ctypes.CDLL(str(path))
    give = getattr(library, _LIST, None)
    if give is None:
        return {}
    give.restype = c_ulong
    address = c_void_p()
    if give(byref(address)) or not address.value:
        return {}
    head = ctypes.string_at(address, 2)
    own = ctypes.cast(give, c_void_p).value
    size = max((n for minor, n in _LONG_AS.items() if minor <= head[1]), default=0)
    entries = (c_void_p * size).from_address(address.value + _List.functions.offset)
    if head[0] != 1 or entries[0] != own:
        return {}
    return {name: entry for name, at in _PLACES.items() if at < size and (entry := entries[at])}
