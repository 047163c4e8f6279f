"""What a part of ``make bench`` measures with: the builds, tokens, rounds."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench_build import Build
from bench_figures import Figure, Target
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.sim import Simulator

Found = Iterator[Figure | Target]
Measure = Callable[["Bench"], Found]


@dataclass
class Bench:
    """One run of one part."""

    folder: Path
    """An empty folder."""
    now: Build
    """This build."""
    before: Build | None
    """An earlier one."""
    short: bool
    """Whether this is only a look."""
    _filled: dict[int, Simulator] = field(default_factory=dict)
    _copies: int = 0

    @property
    def builds(self) -> Sequence[Build]:
        """What is measured in turn, the earlier first."""
        return [self.before, self.now] if self.before else [self.now]

    def rounds(self, usual: int) -> int:
        """How often something is measured."""
        return 1 if self.short else usual

    def filled(self, objects: int, *, delay: int = 0) -> Simulator:
        """A token with so many objects: containers of three, and certificates alone.

        Args:
            objects: how many.
            delay: milliseconds that each call takes.
        """
        if objects not in self._filled:
            device = Simulator.create(self.folder / f"token-{objects}", settings=SOFTHSM)
            os.environ |= device.environment
            containers, alone = divmod(objects, PARTS)
            fill(device.module, containers, alone=alone)
            self._filled[objects] = device
        device = self._filled[objects]
        device.set("delay", delay)
        return device

    def copied(self, objects: int) -> Simulator:
        """A copy of such a token, which may be changed."""
        device = self.filled(objects)
        self._copies += 1
        place = self.folder / f"copy-{self._copies}"
        shutil.copytree(device.folder, place)
        return Simulator(place)

    def new_folder(self, name: str) -> Path:
        """A folder in the folder."""
        made = self.folder / name
        made.mkdir()
        return made


def tell(words: str) -> None:
    """Tell whoever waits what is measured now."""
    print(f"  {words}", file=sys.stderr, flush=True)
