"""A bank with a whole help desk that answers for tokens of three vendors, in every custody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kept_keys import KeptKeys
from lockwright_testkit.sim import Simulator
from whole_desk import WholeDesk, empty_desk

_KEEPER = """
[keeper.adapters.etoken]
modules = ["{module}"]
"""


@dataclass(frozen=True)
class CallBank:
    """The bank."""

    desk: WholeDesk
    keys: KeptKeys

    @classmethod
    def made(cls, folder: Path) -> Self:
        """One with a key of every custody, and nobody in its register."""
        vendors = Simulator.create(folder / "token-of-the-bank", "etoken")
        keeper = _KEEPER.format(module=vendors.module)
        desk = empty_desk(folder, keeper=keeper)
        desk.plugged = vendors.environment  # without a token this module does not start
        keys = KeptKeys(desk.bank)
        keys.make_versions(desk.home)
        return cls(desk, keys)
