"""How long looking for tokens takes with four slow modules at once, over the slowest of them alone.

Run it with ``python detection.py``; it exits with 1 if the difference is more than is allowed, at
the median of the rounds. It measures well on a machine that has nothing else to do.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lockwright import Config, Runner
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.simulator import environment

DELAY_MS = 300
ALLOWED_MS = 150
MODULES = (
    ("plain", "etoken", ""),
    ("etoken", "etoken", ""),
    ("jacarta-pki", "jacarta", ""),
    ("jacarta-pki", "jacarta", "jacarta@2.9"),
)
"""Personality of the device, adapter that looks at its module, version of the module."""


@dataclass(frozen=True)
class Reading:
    """A way to read "a delay of 300 ms in each module"."""

    name: str
    setting: str
    """The simulator's setting that holds the delay."""
    rounds: int


READINGS = (
    Reading("once in each module, when it is loaded", "delay.C_Initialize", 15),
    Reading("in every call of each module", "delay", 5),
)


@dataclass(frozen=True)
class Shown:
    """A device, and the adapter that looks at its module."""

    device: Simulator
    adapter: str


@dataclass(frozen=True)
class Round:
    """Milliseconds that a look took."""

    alone: tuple[float, ...]
    """At one module, for each."""
    together: float
    """At all of them."""

    @property
    def over(self) -> float:
        """What all of them took more than the slowest."""
        return self.together - max(self.alone)


def look(shown: Sequence[Shown]) -> float:
    """Look for tokens with a runner that has just been made; how many milliseconds it takes."""
    adapters: dict[str, list[str]] = {}
    for each in shown:
        adapters.setdefault(each.adapter, []).append(str(each.device.module))
    config = Config(
        audit=None,
        allow=tuple(adapters),
        adapters={name: {"modules": modules} for name, modules in adapters.items()},
    )
    with Runner(config) as runner:
        began = time.perf_counter()
        seen = runner.detect()
        took = (time.perf_counter() - began) * 1000
    if seen.problems or len(seen.tokens) != len(shown):
        raise RuntimeError(f"not every token was found: {seen}")
    return took


def measure(reading: Reading, shown: Sequence[Shown]) -> list[Round]:
    """Every round looks at each module alone, then at all of them."""
    for each in shown:
        each.device.set(reading.setting, DELAY_MS)
    rounds = [
        Round(tuple(look([each]) for each in shown), look(shown)) for _ in range(reading.rounds)
    ]
    for each in shown:
        each.device.set(reading.setting, 0)
    return rounds


def tell(reading: Reading, rounds: Sequence[Round]) -> None:
    """Print the figures of a reading."""
    figures = {
        "slowest alone": [max(each.alone) for each in rounds],
        "all four": [each.together for each in rounds],
        "difference": [each.over for each in rounds],
    }
    print(f"{DELAY_MS} ms {reading.name}; {len(rounds)} rounds")
    print(f"  {'':14}{'median':>9}{'best':>9}{'worst':>9}")
    for name, values in figures.items():
        print(f"  {name:14}{median(values):9.0f}{min(values):9.0f}{max(values):9.0f} ms")


def main() -> int:
    """Measure both readings, print a table of each, say whether the limit was kept."""
    over = []
    with tempfile.TemporaryDirectory() as folder:
        shown = [
            Shown(Simulator.create(Path(folder, str(n)), personality, module=version), adapter)
            for n, (personality, adapter, version) in enumerate(MODULES)
        ]
        os.environ |= environment(*(each.device for each in shown))
        look(shown)  # modules and Python's own files are read from the disk once
        for reading in READINGS:
            rounds = measure(reading, shown)
            tell(reading, rounds)
            over.append(median(each.over for each in rounds))
    print(
        f"the slowest is exceeded by {max(over):.0f} ms at the median; {ALLOWED_MS} ms are allowed"
    )
    return int(max(over) > ALLOWED_MS)


if __name__ == "__main__":
    sys.exit(main())
