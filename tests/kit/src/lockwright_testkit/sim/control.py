"""Talk to the simulator's library about a folder, without PKCS#11."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path

from lockwright_testkit.sim.errors import SimulatorError

_ROOM = 256 * 1024


@cache
def _loaded(library: Path) -> ctypes.CDLL:
    return ctypes.CDLL(str(library))


def prepare(library: Path, folder: Path) -> None:
    """Make the tokens and the state of a folder that holds device.conf.

    Raises:
        SimulatorError: as the library words it.
    """
    _ask(library, "lockwright_sim_prepare", folder)


def command(library: Path, folder: Path, *commands: str) -> None:
    """Change a device: all of the commands or none.

    Raises:
        SimulatorError: as the library words it.
    """
    text = "\n".join(commands).encode()
    _ask(library, "lockwright_sim_do", folder, ctypes.c_char_p(text))


def show(library: Path, folder: Path) -> dict[str, str]:
    """Everything a device is set to, and how often its functions were called.

    Raises:
        SimulatorError: as the library words it.
    """
    lines = _ask(library, "lockwright_sim_show", folder).splitlines()
    return dict(line.split(" = ", 1) for line in lines)


def _ask(library: Path, name: str, folder: Path, *more: ctypes.c_char_p) -> str:
    room = ctypes.create_string_buffer(_ROOM)
    function = getattr(_loaded(library), name)
    where = ctypes.c_char_p(os.fsencode(folder))
    if function(where, *more, room, ctypes.c_size_t(_ROOM)):
        raise SimulatorError(room.value.decode(errors="replace"))
    return room.value.decode(errors="replace")
