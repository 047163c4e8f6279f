"""Which personalities there are, and which module shows each.

A module is a shared library compiled from the base and some personalities, as a vendor's module
shows that vendor's tokens and leaves the others alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lockwright_testkit.build import Library
from lockwright_testkit.sim.errors import SimulatorError

SOURCES = Path(__file__).parent.with_name("simulator")
_STRICT = ("-D_GNU_SOURCE", "-fvisibility=hidden", "-Wl,-Bsymbolic")
_WARNINGS = ("-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes")


def hex_serial(length: int, *, upper: bool = True) -> Callable[[], str]:
    """A maker of serial numbers of hexadecimal digits."""

    def draw() -> str:
        drawn = secrets.token_hex((length + 1) // 2)[:length]
        return drawn.upper() if upper else drawn

    return draw


@dataclass(frozen=True)
class Personality:
    """A kind of token; its C source is ``personalities/<name>.c``, dashes as underscores."""

    name: str
    """What stands in device.conf."""
    module: str
    """The module that shows it."""
    serial: Callable[[], str] = field(default=hex_serial(16))
    """Draws a serial number in the vendor's form."""

    @property
    def symbol(self) -> str:
        """The name of its ``struct personality``."""
        return self.name.replace("-", "_")


_ALL = (Personality("plain", module="plain"),)
PERSONALITIES: Mapping[str, Personality] = {each.name: each for each in _ALL}
"""Every personality by its name."""
DEFINES: Mapping[str, Sequence[str]] = {"plain": ()}
"""Every module by its name, with what it is compiled with; an older version of a vendor's module is
a module of its own."""


def personality(name: str) -> Personality:
    """The personality of a name.

    Raises:
        SimulatorError: there is none.
    """
    if name not in PERSONALITIES:
        known = ", ".join(PERSONALITIES)
        raise SimulatorError(f"there is no personality {name}; there are {known}")
    return PERSONALITIES[name]


def library(module: str) -> Library:
    """The library of a module, to be built.

    Raises:
        SimulatorError: there is no such module.
    """
    if module not in DEFINES:
        raise SimulatorError(f"there is no module {module}; there are {', '.join(DEFINES)}")
    family = [each for each in _ALL if each.module == module.partition("@")[0]]
    listed = " ".join(f"P({each.symbol})" for each in family)
    return Library(
        name=f"sim-{module}",
        sources=[
            *sorted(SOURCES.glob("*.c")),
            *(SOURCES / "personalities" / f"{each.symbol}.c" for each in family),
        ],
        headers=sorted(SOURCES.rglob("*.h")),
        flags=[
            *_STRICT,
            *_WARNINGS,
            f"-I{SOURCES}",
            f'-DSIM_MODULE="{module}"',
            f"-DSIM_PERSONALITIES={listed}",
            *DEFINES[module],
        ],
    )
