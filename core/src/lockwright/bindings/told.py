"""What a module says of itself and of its tokens, out of its structures."""

from __future__ import annotations

from ctypes import Structure
from pathlib import Path

from lockwright.models.token import ModuleInfo
from lockwright.pkcs11.constants import UNAVAILABLE_INFORMATION
from lockwright.pkcs11.session import TokenInfo
from lockwright.pkcs11.structures import Version
from lockwright.pkcs11.values import ULONG_SIZE

_UNKNOWN = UNAVAILABLE_INFORMATION % (1 << 8 * ULONG_SIZE)


def module_info(path: Path, info: Structure) -> ModuleInfo:
    """A module, as its ``CK_INFO`` has it.

    Args:
        path: absolute path of the module.
        info: what ``C_GetInfo`` filled.
    """
    return ModuleInfo(
        path=path,
        manufacturer=text(info.manufacturer),
        description=text(info.description),
        version=_version(info.version),
    )


def token_info(slot: int, token: Structure) -> TokenInfo:
    """A token, as its ``CK_TOKEN_INFO`` has it.

    Args:
        slot: id of its slot.
        token: what ``C_GetTokenInfo`` filled.
    """
    return TokenInfo(
        slot=slot,
        label=text(token.label),
        manufacturer=text(token.manufacturer),
        model=text(token.model),
        serial=text(token.serial),
        flags=token.flags,
        pin_lengths=_pin_lengths(token.min_pin, token.max_pin),
        free_memory=_known(token.free_memory),
        total_memory=_known(token.total_memory),
        hardware_version=_version(token.hardware),
        firmware_version=_version(token.firmware),
    )


def text(padded: bytes) -> str:
    """A padded string; some vendors ignore UTF-8, and no two names may be taken for one."""
    return padded.decode(errors="backslashreplace").rstrip()


def _version(version: Version) -> tuple[int, int]:
    return version.major, version.minor


def _known(value: int) -> int | None:
    return None if value == _UNKNOWN else value


def _pin_lengths(shortest: int, longest: int) -> tuple[int, int] | None:
    known = _UNKNOWN not in {shortest, longest} and 0 < longest >= shortest
    return (shortest, longest) if known else None
