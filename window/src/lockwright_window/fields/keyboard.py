"""How the keyboard is set: Caps Lock, and whether its letters are Cyrillic ones. Qt tells neither."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from typing import Protocol

from PySide6.QtGui import QGuiApplication

_LOCK_MASK = 0x2
"""``X.h``: LockMask."""
_USE_CORE_KEYBOARD = 0x100
"""``XKB.h``: XkbUseCoreKbd."""
_KEYSYMS = range(0x6A1, 0x700)
"""Cyrillic letters (``keysymdef.h``)."""
_UNICODE = range(0x01000400, 0x01000530)
"""The same, as keysyms that are made of Unicode."""
_LETTERS = range(24, 62)
"""Keycodes of the letters on a keyboard of X11 (evdev and before)."""
_VK_CAPITAL = 0x14
_CYRILLIC_LANGUAGES = {0x02, 0x19, 0x22, 0x23, 0x2F, 0x3F, 0x40, 0x50}
"""``winnt.h``, LANG_…: Bulgarian, Russian, Ukrainian, Belarusian, Macedonian, Kazakh, Kyrgyz, Mongolian."""


class Keyboard(Protocol):
    """How the keyboard is set now; None where the system does not say."""

    def caps_lock(self) -> bool | None:
        """Whether Caps Lock is on."""

    def types_cyrillic(self) -> bool | None:
        """Whether letters come out as Cyrillic ones."""


def keyboard() -> Keyboard:
    """The keyboard of the system that this program shows itself on."""
    if sys.platform == "win32":
        return _Windows()
    if QGuiApplication.platformName() == "xcb" and (found := _x11()) is not None:
        return found
    return _Unknown()


class _Unknown:
    def caps_lock(self) -> bool | None:
        return None

    def types_cyrillic(self) -> bool | None:
        return None


class _Windows:
    """Not run by us."""

    def caps_lock(self) -> bool | None:
        return bool(ctypes.windll.user32.GetKeyState(_VK_CAPITAL) & 1)  # type: ignore[attr-defined]

    def types_cyrillic(self) -> bool | None:
        layout: int = ctypes.windll.user32.GetKeyboardLayout(0)  # type: ignore[attr-defined]
        return layout & 0x3FF in _CYRILLIC_LANGUAGES
