"""What somebody does to a token from outside: pulls it out, puts another one beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.simulator import VARIABLE

Hand = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Each is None where it cannot be done; what only it shows is told as not tested then."""

    pull: Hand | None = None
    """Pulls the token out."""
    put_back: Hand | None = None
    """Puts it back."""
    protect: Hand | None = None
    """Makes it write-protected."""
    pad: Callable[[str], None] | None = None
    """Gives it a PIN pad, at which that user PIN is typed whenever it asks for one."""
    blank: Hand | None = None
    """Makes it blank, as it comes from the maker: nothing on it, no PIN of anybody, no SO PIN."""
    twin: Hand | None = None
    """Puts another token beside it with the same strings and PINs, before its module is opened."""

    @classmethod
    def simulated(cls, device: Simulator, slot: int) -> Self:
        """Those of a simulated device.

        Args:
            device: the device.
            slot: which of its slots has the token.
        """

        def pad(user_pin: str) -> None:
            device.set("pad.user.pin", user_pin, slot=slot)
            device.set("pad", value=True, slot=slot)

        return cls(
            pull=device.unplug,
            put_back=device.plug,
            protect=lambda: device.set("write.protected", value=True, slot=slot),
            pad=pad,
            blank=lambda: device.set("initialized", value=False, slot=slot),
            twin=lambda: _copy(device),
        )


def _copy(device: Simulator) -> None:
    """Show a copy of a device beside it, while the variable stands that shows the device."""
    copy = device.folder.with_name(f"{device.folder.name}-twin")
    shutil.copytree(device.folder, copy)
    os.environ[VARIABLE] = os.pathsep.join((os.environ[VARIABLE], str(copy)))
