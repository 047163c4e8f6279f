"""Attribute values as a module has them: raw bytes in, raw bytes out."""

from __future__ import annotations

import ctypes
import sys

from lockwright.pkcs11.session import AttributeValue

ULONG_SIZE = ctypes.sizeof(ctypes.c_ulong)


def pack(value: AttributeValue) -> bytes:
    """A template's value as PKCS#11 lays it out: ``CK_BBOOL``, ``CK_ULONG``, UTF-8 or bytes."""
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        return value.to_bytes(ULONG_SIZE, sys.byteorder)
    return value.encode() if isinstance(value, str) else value


def number(value: bytes) -> int:
    """A ``CK_ULONG`` or a ``CK_BBOOL`` as an int."""
    return int.from_bytes(value, sys.byteorder)
