"""Keeps Python alive below PySide6: signals that are emitted take away references of ``True``.

PySide6 6.12 gives out ``True``, ``False`` and ``None`` as what lives for ever, as they do from
Python 3.12 on (PEP 683). In 3.11 they are counted, and after some hundreds of signals the
interpreter ends itself ("bool_dealloc: deallocating True or False", "none_dealloc").
``findings/pyside-python311-counts.sh`` counts them.
"""

from __future__ import annotations

import ctypes
import sys

_FOR_EVER = 1 << 40
"""References that nobody uses up."""
_SINCE = (3, 12)
_LIVE = (True, False, None)


def keep_true() -> None:
    """Let them live for ever, where they do not by themselves; call it before Qt is used."""
    if sys.implementation.name == "cpython" and sys.version_info < _SINCE:
        # The count is the first field of every object (``object.h``, PyObject.ob_refcnt).
        for each in _LIVE:
            ctypes.c_ssize_t.from_address(id(each)).value += _FOR_EVER
