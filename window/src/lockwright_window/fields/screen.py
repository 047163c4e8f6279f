"""Keeping a window out of screenshots and of what is shared of a screen, where a system can."""

from __future__ import annotations

import ctypes
import sys

from PySide6.QtWidgets import QWidget

_WDA_NONE, _WDA_EXCLUDEFROMCAPTURE = 0x0, 0x11
"""``winuser.h``: SetWindowDisplayAffinity; the second one since Windows 10 2004."""


def hidden_from_captures(window: QWidget, *, hidden: bool) -> None:
    """Have the system leave a window out of every picture of the screen, or not any more.

    On Windows alone, and never run there by us. X11 has no way to forbid it, nor has Qt 6.12; under
    Wayland no program takes a picture that the desktop does not ask its user about.

    Args:
        window: the window.
        hidden: whether.
    """
    if sys.platform == "win32":
        wanted = _WDA_EXCLUDEFROMCAPTURE if hidden else _WDA_NONE
        ctypes.windll.user32.SetWindowDisplayAffinity(ctypes.c_void_p(int(window.winId())), wanted)
