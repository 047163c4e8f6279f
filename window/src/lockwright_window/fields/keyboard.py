"""How the keyboard is set: Caps Lock, and whether its letters are Cyrillic. Qt tells neither."""

from __future__ import annotations

import ctypes
import sys
from typing import Protocol

from PySide6.QtGui import QGuiApplication

from lockwright_window.fields.x11_keyboard import X11Keyboard, opened

_VK_CAPITAL = 0x14
_CYRILLIC_LANGUAGES = {0x02, 0x19, 0x22, 0x23, 0x2F, 0x3F, 0x40, 0x50}
"""``winnt.h``, LANG_...: Bulgarian, Russian, Ukrainian, Belarusian, Macedonian, Kazakh, Kyrgyz and
Mongolian."""


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
    found: X11Keyboard | None = opened() if QGuiApplication.platformName() == "xcb" else None
    return found or _Unknown()


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
