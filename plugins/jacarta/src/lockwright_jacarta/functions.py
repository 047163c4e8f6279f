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
    PUK_INVALID = 0x80000026
    PUK_LEN_RANGE = 0x80000027
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


class PjPinCounters(Structure):
    """``JC_PJ_PIN_COUNTERS``."""

    _pack_ = 1
    _fields_ = (("max_tries", c_ulong), ("tries", c_ulong))
    max_tries: int
    tries: int


class PjCapabilities(Structure):
    """``JC_PJ_CAPABILITIES``."""

    _pack_ = 1
    _fields_ = (*_bytes("is_fips", "rsa2048", "has_so"), ("pin_age", c_ulong))
    has_so: int


class PjPinPolicy(Structure):
    """``JC_PJ_PINPOLICY``; the last four are 0 permitted, 1 forbidden, 2 mandatory."""

    _pack_ = 1
    _fields_ = tuple(
        (name, c_ulong)
        for name in (
            "min_age",
            "max_age",
            "warning",
            "min_len",
            "history",
            "max_repeat",
            "complexity",
            "upper",
            "lower",
            "numerals",
            "special",
        )
    )
    min_len: int
    max_repeat: int
    upper: int
    lower: int
    numerals: int
    special: int


class Kt2PinState(Structure):
    """``JC_KT2_PIN_STATE``: errors that were made, not tries that are left."""

    _pack_ = 1
    _fields_ = (*_bytes("exists"), ("max_errors", c_ulong), ("errors", c_ulong))
    exists: int
    max_errors: int
    errors: int


class Kt2PinPolicy(Structure):
    """``JC_KT2_PIN_POLICY``."""

    _pack_ = 1
    _fields_ = (
        *_bytes("use_upper", "use_lower", "use_digits", "use_special", "must_be_changed"),
        ("min_length_addition", c_ulong),
    )
    use_upper: int
    use_lower: int
    use_digits: int
    use_special: int
    min_length_addition: int


class Kt2ExtendedInfo(Structure):
    """``JC_KT2_EXTENDED_INFO``."""

    _pack_ = 1
    _fields_ = (
        *_bytes("major", "minor", "release"),
        ("unlock_count", c_ulong),
        ("personalization", c_char * 64),
        ("checksum", c_char * 32),
        ("user_pin", Kt2PinState),
        ("sign_pin", Kt2PinState),
        ("puk", Kt2PinState),
        *_bytes("so_by_secure_messaging", "user_puk_enabled"),
        ("user_policy", Kt2PinPolicy),
        ("sign_policy", Kt2PinPolicy),
        ("secure_messaging", c_ulong),
    )
    user_pin: Kt2PinState
    puk: Kt2PinState
    user_policy: Kt2PinPolicy


_SLOT = c_ulong
_LENGTH = POINTER(c_ulong)
PROTOTYPES = (
    Prototype("JC_PKI_GetComplexity", (_SLOT, c_void_p)),
    Prototype("JC_PKI_ReadPinCounters", (_SLOT, c_ulong, c_void_p)),
    Prototype("JC_PKI_UnlockUserPIN", (_SLOT,)),
    Prototype("JC_PKI_WipeCard", (_SLOT,)),
    Prototype("JC_PKI_GetChallenge", (_SLOT, c_void_p, c_ulong)),
    Prototype("JC_PKI_UnlockUserPinWithResponse", (_SLOT, c_void_p, c_ulong, c_void_p, c_ulong)),
    Prototype("JC_PJ_GetPinCounters", (_SLOT, c_ulong, c_void_p)),
    Prototype("JC_PJ_GetCapabilities", (_SLOT, c_void_p)),
    Prototype("JC_PJ_GetUserPinPolicy", (_SLOT, c_void_p)),
    Prototype("JC_PJ_SetUserPinPolicy", (_SLOT, c_void_p)),
    Prototype("JC_PJ_UnlockInit", (_SLOT, c_void_p, _LENGTH)),
    Prototype("JC_PJ_Unlock", (_SLOT, c_void_p, c_ulong, c_void_p, c_ulong, c_ubyte)),
    Prototype("JC_KT2_ReadExtInfo", (_SLOT, c_void_p)),
    Prototype("JC_KT2_CreateUnlockChallenge", (_SLOT, c_void_p, _LENGTH)),
    Prototype("JC_KT2_UnlockWithResponse", (_SLOT, c_void_p, c_ulong)),
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
