"""The vendor's own functions and structures: one table, as jcPKCS11f.h and jcPKCS11t.h have them.

Library 2.4, extension 2.10 (2021). Every ``JC_`` structure is packed to one byte on all systems.
Structures have grown before and may grow again, so each is given more room than it takes.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_char, c_ubyte, c_ulong, c_void_p
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.vendor import Prototype, VendorFunctions

CKU_PUK = 0x80000001
CKU_SO_RESPONSE = 0x80000002
ROOM_TO_GROW = 64
"""Bytes after each structure, for fields that a newer module adds."""

_S = TypeVar("_S", bound=Structure)


class JcRv(IntEnum):
    """Return values of the vendor's."""

    PUK_INCORRECT = 0x80000015
    CANNOT_UNLOCK = 0x80000016
    PINPOLICY_HISTORY = 0x8000002B
    PINPOLICY_AGE = 0x8000002F
    PINPOLICY_REPEAT = 0x80000031
    PINPOLICY_CASE = 0x80000032
    PINPOLICY_DIGIT = 0x80000033
    PINPOLICY_SPECCHAR = 0x80000034
    PINPOLICY_VIOLATION = 0x80000035


def _bytes(*names: str) -> tuple[tuple[str, type[c_ubyte]], ...]:
    return tuple((name, c_ubyte) for name in names)


class PkiPinCounters(Structure):
    """``JC_PKI_PIN_COUNTERS``."""

    _pack_ = 1
    _fields_ = (
        ("retry_remains", c_ulong),
        ("retry_max", c_ulong),
        ("unlock_remains", c_ulong),
        ("unlock_max", c_ulong),
    )
    retry_remains: int
    retry_max: int
    unlock_remains: int
    unlock_max: int


class PkiPersonalization(Structure):
    """``JC_PKI_PERSONALIZATION_INFO``, as far as it is read; the rest lies after it."""

    _pack_ = 1
    _fields_ = (
        *_bytes("is_personalized"),
        ("max_df_size", c_ulong),
        *_bytes("user_max_attempts", "user_max_unblock", "admin_max_attempts"),
        *_bytes("admin_is_chal_resp"),
        ("user_pin_type", c_ulong),
        *_bytes("card_type", "user_min_chars", "user_max_chars", "user_min_alpha"),
        *_bytes("user_min_lower", "user_min_upper", "user_min_digits", "user_min_non_alpha"),
        *_bytes("user_history", "admin_min_chars", "admin_max_chars", "admin_min_alpha"),
        *_bytes("admin_min_lower", "admin_min_upper", "admin_min_digits", "admin_min_non_alpha"),
        ("user_valid_seconds", c_ulong),
        ("user_expires_days", c_ulong),
        *_bytes("allow_card_wipe", "bio_image_quality"),
        ("bio_purpose", c_ulong),
        *_bytes("bio_max_fingers", "x931_use", "bio_max_unblock", "user_change_after_unlock"),
        *_bytes("user_max_repeating", "user_max_sequence"),
        ("further", c_char * 256),  # 102 bytes of the header's, which we do not read
    )
    admin_is_chal_resp: int
    user_min_chars: int
    user_max_chars: int
    user_min_lower: int
    user_min_upper: int
    user_min_digits: int
    allow_card_wipe: int
    user_max_repeating: int


_SLOT = c_ulong
_LENGTH = POINTER(c_ulong)
PROTOTYPES = (
    Prototype("JC_PKI_GetComplexity", (_SLOT, c_void_p)),
    Prototype("JC_PKI_ReadPinCounters", (_SLOT, c_ulong, c_void_p)),
    Prototype("JC_PKI_UnlockUserPIN", (_SLOT,)),
    Prototype("JC_PKI_GetChallenge", (_SLOT, c_void_p, c_ulong)),
    Prototype("JC_PKI_UnlockUserPinWithResponse", (_SLOT, c_void_p, c_ulong, c_void_p, c_ulong)),
)


@cache
def functions(path: Path) -> VendorFunctions:
    """The vendor's functions of a loaded module."""
    return VendorFunctions(path, PROTOTYPES)


def call(path: Path, name: str, *args: object) -> None:
    """Call a function that must succeed.

    Raises:
        CkrError: it did not.
        NotSupported: this version of the module has no such function.
    """
    if rv := functions(path).call(name, *args):
        raise CkrError(rv, name)


def read(path: Path, kind: type[_S], name: str, *args: object) -> _S | None:
    """Have a structure filled in; None if this module, or this token, does not do that."""
    if not functions(path).has(name):
        return None
    room = ctypes.create_string_buffer(ctypes.sizeof(kind) + ROOM_TO_GROW)
    if functions(path).call(name, *args, room):
        return None
    return kind.from_buffer(room)
