"""The keyboard as an X server has it, over a connection of our own to it (libX11, XKB)."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_long, c_ubyte, c_uint, c_ulong, c_ushort, c_void_p
from functools import cache

_LIBRARY = "libX11.so.6"
_LOCK_MASK = 0x2
"""``X.h``: LockMask."""
_USE_CORE_KEYBOARD = 0x100
"""``XKB.h``: XkbUseCoreKbd."""
_MAPPING_NOTIFY = 34
"""``X.h``: the keyboard has other letters now."""
_EVENT_LONGS = 24
"""``Xlib.h``: the size of an XEvent."""
_LETTERS = range(38, 47)
"""Keycodes of the middle row, from A to L, as every X server on a PC has them."""
_CYRILLIC = (range(0x6A1, 0x700), range(0x1000400, 0x1000530))
"""``keysymdef.h``: Cyrillic letters, and those that are named by Unicode."""


class _State(ctypes.Structure):
    """``XkbStateRec`` of ``extensions/XKBstr.h``."""

    _fields_ = (
        ("group", c_ubyte),
        ("locked_group", c_ubyte),
        ("base_group", c_ushort),
        ("latched_group", c_ushort),
        ("mods", c_ubyte),
        ("base_mods", c_ubyte),
        ("latched_mods", c_ubyte),
        ("locked_mods", c_ubyte),
        ("rest", c_ubyte * 16),
    )


class X11Keyboard:
    """The keyboard; what it is asked goes to the server and back, a fraction of a millisecond.

    Args:
        library: libX11.
        display: an open connection.
    """

    def __init__(self, library: ctypes.CDLL, display: int) -> None:
        self._library = library
        self._display = c_void_p(display)

    def caps_lock(self) -> bool | None:
        """Whether Caps Lock is on."""
        return bool(self._state().locked_mods & _LOCK_MASK)

    def types_cyrillic(self) -> bool | None:
        """Whether letters come out as Cyrillic ones."""
        self._hear_of_changes()
        group = self._state().group
        return any(self._is_cyrillic(each, group) for each in _LETTERS)

    def _state(self) -> _State:
        state = _State()
        self._library.XkbGetState(self._display, _USE_CORE_KEYBOARD, ctypes.byref(state))
        return state

    def _is_cyrillic(self, key: int, group: int) -> bool:
        symbol = self._library.XkbKeycodeToKeysym(self._display, key, group, 0)
        return any(symbol in letters for letters in _CYRILLIC)

    def _hear_of_changes(self) -> None:
        """The library keeps the letters of the keys until it is handed the event of a change."""
        event = (c_long * _EVENT_LONGS)()
        while self._library.XPending(self._display):
            self._library.XNextEvent(self._display, event)
            if ctypes.cast(event, POINTER(c_int))[0] == _MAPPING_NOTIFY:
                self._library.XRefreshKeyboardMapping(event)


@cache
def opened() -> X11Keyboard | None:
    """The keyboard of the server that ``DISPLAY`` names; None where it cannot be asked."""
    try:
        library = ctypes.CDLL(_LIBRARY)
        library.XOpenDisplay.argtypes, library.XOpenDisplay.restype = [c_char_p], c_void_p
        library.XPending.argtypes = [c_void_p]
        library.XNextEvent.argtypes = [c_void_p, c_void_p]
        library.XRefreshKeyboardMapping.argtypes = [c_void_p]
        library.XkbGetState.argtypes = [c_void_p, c_uint, c_void_p]
        library.XkbKeycodeToKeysym.argtypes = [c_void_p, c_uint, c_int, c_int]
        library.XkbKeycodeToKeysym.restype = c_ulong
    except (OSError, AttributeError):  # there is none, or it has no XKB
        return None
    display = library.XOpenDisplay(None)
    return None if not display else X11Keyboard(library, display)
