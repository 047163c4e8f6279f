"""True and False, kept alive. PySide6 6.12.0 takes a reference of True away at each ``emit``.

``Signal.emit`` hands out True without counting that. Python 3.12 and later do not count references
of True; 3.11 does, and ends the program ("deallocating True or False") when some hundred signals
were sent. So it is given more references than signals can ever be sent.
"""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << (8 * ctypes.sizeof(ctypes.c_ssize_t) - 4)


def keep() -> None:
    """Give both so many references that none is ever missed; once in a process is enough."""
    if sys.version_info >= (3, 12):
        return
    for each in (True, False):
        # ``object.h`` of CPython: ob_refcnt comes first.
        count = ctypes.c_ssize_t.from_address(id(each))
        count.value = max(count.value, _MANY)
