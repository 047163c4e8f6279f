"""Memory as a process has it that has just begun, for a module that looks at addresses.

SoftHSM (2.6.1) keeps what is on a token in the order of addresses, and hands it out so. In a
process that has just begun, what is allocated later lies higher: a listing has one order, each time
it is made. In a copy of the program there are holes that other things left, in other places at each
start.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL, c_size_t, c_void_p
from typing import cast

_SIZES = (*(1 << power for power in range(16, 11, -1)), *range(2032, 0, -16))
"""Of holes, in bytes: those of each small size are kept by themselves."""
_MOST = 100_000
"""Holes of one size that are looked for, whatever the C library does."""


def fill_holes() -> None:
    """Take every hole of the heap, for good, so that what comes now lies behind it.

    It is for glibc, which takes a hole that fits before it takes what lies behind; elsewhere
    nothing is done.
    """
    library = CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        return
    take = cast("Callable[[int], int]", library.malloc)
    library.malloc.restype, library.malloc.argtypes = c_void_p, [c_size_t]
    library.sbrk.restype, library.sbrk.argtypes = c_void_p, [c_size_t]
    behind = library.sbrk(0)
    for size in _SIZES:
        for _ in range(_MOST):
            if (take(size) or behind) >= behind:
                break
