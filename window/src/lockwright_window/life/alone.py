"""One window of a person at a time: a second start brings the first one to the front.

Whoever waits presses the icon again. A second window would look at the tokens, and so make a
Request void that waits in the first one.
"""

from __future__ import annotations

import hashlib
import os
import socket
import struct
import sys
from contextlib import suppress

from lockwright.errors import BrokenConfiguration
from lockwright.files.state import state_folder
from lockwright.i18n import N_

from lockwright_window.life.options import Options

OPEN = N_("The window is open already, and was brought to the front.")
_LONGEST = 3.0
"""Seconds until a window that does not answer is left alone, and another one is opened."""
_CREDENTIALS = struct.Struct("3i")
"""``struct ucred`` of unix(7): process, user, group."""


class Another(Exception):
    """A window is open, and was brought to the front."""


def listens(given: Options) -> socket.socket | None:
    """Be the one window.

    It is an abstract socket of unix(7): nothing lies on a disk, and nothing is left by a crash.

    Args:
        given: the command line; a window on other modules is another one.

    Returns:
        Where other starts are heard, for ``heard``; None where the system has nothing like it.

    Raises:
        Another: there is one, on the same screen.
    """
    if sys.platform != "linux":
        return None
    name = _name(given)
    for _ in range(2):  # the one that was there may end meanwhile
        made = socket.socket(socket.AF_UNIX)
        try:
            made.bind(name)
            made.listen()
        except OSError:
            made.close()
        else:
            made.setblocking(False)  # noqa: FBT003  # its signature
            return made
        if _brought_to_front(name):
            raise Another
    return None


def heard(listening: socket.socket) -> bool:
    """Whether somebody has started the program again; each is answered."""
    found = False
    with suppress(OSError):
        while True:
            other, _address = listening.accept()
            with other, suppress(OSError):
                found = True
                other.sendall(b".")
    return found


def _name(given: Options) -> str:
    try:
        state = str(state_folder())
    except BrokenConfiguration:
        state = ""
    shown = [os.environ.get(each, "") for each in ("WAYLAND_DISPLAY", "DISPLAY")]
    config = "" if given.config is None else str(given.config.absolute())
    whole = [str(os.getuid()), state, *shown, config, *map(str, given.modules)]
    return f"\0lockwright-window-{hashlib.sha256(repr(whole).encode()).hexdigest()[:32]}"


def _brought_to_front(name: str) -> bool:
    """Whether the one that has the name is this account's, and answers."""
    with socket.socket(socket.AF_UNIX) as made, suppress(OSError):
        made.settimeout(_LONGEST)
        made.connect(name)
        told = made.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        return _CREDENTIALS.unpack(told)[1] == os.getuid() and made.recv(1) == b"."
    return False
