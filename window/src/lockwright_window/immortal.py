"""Keeps Python alive below PySide6: each signal that is emitted takes away a reference of ``True``.

PySide6 6.12 gives out ``True`` as what lives for ever, as it does from Python 3.12 on (PEP 683).
In 3.11 it is counted, and after some hundreds of signals the interpreter ends itself
("bool_dealloc: deallocating True or False").
"""

from __future__ import annotations

import ctypes
import sys

_FOR_EVER = 1 << 40
"""References that nobody uses up."""
_SINCE = (3, 12)
_TRUE = True


def keep_true() -> None:
    """Let ``True`` live for ever, where it does not by itself; call it before Qt is used."""
    if sys.implementation.name == "cpython" and sys.version_info < _SINCE:
        # The count is the first field of every object (``object.h``, PyObject.ob_refcnt).
        ctypes.c_ssize_t.from_address(id(_TRUE)).value += _FOR_EVER
