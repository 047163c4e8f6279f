"""What anyone sees: strings, flags, key sizes, memory. No PIN is used."""

from __future__ import annotations

from ctypes import byref, c_ulong
from typing import Any

from lockwright.pkcs11.constants import CKF
from lockwright.pkcs11.structures import MechanismFields

from lockwright_testkit.acceptance.probes.asked import OK, Asked, slots_in_all, text

UNAVAILABLE = c_ulong(-1).value
_PAIRS = {"rsa": 0x0, "ec": 0x1040}
"""CKM_RSA_PKCS_KEY_PAIR_GEN and CKM_EC_KEY_PAIR_GEN."""
_WRITE_PROTECTED, _LOGIN_REQUIRED, _PAD, _INITIALIZED = 0x2, 0x4, 0x100, 0x400


def look(token: Asked) -> dict[str, str]:
    """Ask for what is told to everyone."""
    info, slot = token.module.token_info(token.slot), token.module.slot_info(token.slot)
    library = token.module.info()
    flags = int(info.flags)
    seen = {
        "library.manufacturer": text(library.manufacturer),
        "library.description": text(library.description),
        "library.version": _version(library.version),
        "library.cryptoki": _version(library.cryptoki),
        "reader": text(slot.description),
        "slots.empty": str(slots_in_all(token.module) - len(token.present)),
        "slot.first": str(token.slot),
        "label": text(info.label),
        "serial": text(info.serial),
        "manufacturer": text(info.manufacturer),
        "model": text(info.model),
        "hardware": _version(info.hardware),
        "firmware": _version(info.firmware),
        "initialized": _switch(flags & _INITIALIZED),
        "write.protected": _switch(flags & _WRITE_PROTECTED),
        "login.required": _switch(flags & _LOGIN_REQUIRED),
        "pad": _switch(flags & _PAD),
        "user.change": _switch(flags & CKF.USER_PIN_TO_BE_CHANGED),
        "so.change": _switch(flags & CKF.SO_PIN_TO_BE_CHANGED),
        "info.pin.min": str(info.min_pin),
        "info.pin.max": str(info.max_pin),
        "memory.unavailable": _switch(info.total_memory == UNAVAILABLE),
    }
    if info.total_memory != UNAVAILABLE:
        seen["memory"] = str(info.total_memory)
    for name, mechanism in _PAIRS.items():
        seen |= _sizes(token, name, mechanism)
    return seen


def _sizes(token: Asked, name: str, mechanism: int) -> dict[str, str]:
    told: Any = MechanismFields()
    if token.module.call("C_GetMechanismInfo", token.slot, mechanism, byref(told)) != OK:
        return {}
    return {f"{name}.min": str(told.least), f"{name}.max": str(told.most)}


def _version(pair: Any) -> str:
    major, minor = bytes(pair)
    return f"{major}.{minor}"


def _switch(flag: int) -> str:
    return "yes" if flag else "no"
