"""The keyboard of a screen: Caps Lock and the layout, as a person leaves them (libX11, XKB)."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from window_screen import Screen

_USE_CORE_KEYBOARD = 0x100
"""``XKB.h``: XkbUseCoreKbd."""


@contextmanager
def caps_lock(screen: Screen) -> Iterator[None]:
    """Have Caps Lock on in the block."""
    screen.run("xdotool", "key", "Caps_Lock")
    try:
        yield
    finally:
        screen.run("xdotool", "key", "Caps_Lock")


@contextmanager
def second_layout(screen: Screen) -> Iterator[None]:
    """Have the second layout of the screen in use in the block."""
    _lock_group(screen, 1)
    try:
        yield
    finally:
        _lock_group(screen, 0)


@contextmanager
def layouts(screen: Screen, others: str) -> Iterator[None]:
    """Have other layouts than ``us,ru`` in the block."""
    screen.run("setxkbmap", "-layout", others)
    try:
        yield
    finally:
        screen.run("setxkbmap", "-layout", "us,ru")


def _lock_group(screen: Screen, group: int) -> None:
    library = ctypes.CDLL("libX11.so.6")
    library.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(library.XOpenDisplay(screen.environment["DISPLAY"].encode()))
    library.XkbLockGroup(display, _USE_CORE_KEYBOARD, group)
    library.XCloseDisplay(display)
