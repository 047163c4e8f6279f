"""Which personalities there are, and which module shows each.

A module is a shared library compiled from the base and some personalities, as a vendor's module
shows that vendor's tokens and leaves the others alone. What other distributions bring is found by
its entry points (``installed``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from lockwright_testkit.build import Library
from lockwright_testkit.sim import installed
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


def _jacarta_reader() -> str:
    """A JaCarta as pcscd shows it on Linux (``supported_readers.txt`` of the CCID project)."""
    return f"Aladdin R.D. JaCarta ({hex_serial(10)()}) 00 00"


@dataclass(frozen=True)
class Personality:
    """A kind of token."""

    name: str
    """What stands in device.conf; its ``struct personality`` is so named, dashes as underscores."""
    module: str
    """The module that shows it, and all others of its vendor."""
    serial: Callable[[], str] = field(default=hex_serial(16))
    """Draws a serial number in the vendor's form."""
    source: Path | None = None
    """The C source; None: the kit's own."""
    reader: Callable[[], str] | None = None
    """Draws the reader's name of a device in the vendor's form; None: the simulator's."""

    @property
    def symbol(self) -> str:
        """The name of its ``struct personality``."""
        return self.name.replace("-", "_")

    @property
    def files(self) -> list[Path]:
        """Its C sources: its module's in the kit, all that begin with the module's name."""
        if self.source:
            return [self.source]
        return sorted((SOURCES / "personalities").glob(f"{self.module}*.c"))


_known: dict[str, Personality] = {}
PERSONALITIES: Mapping[str, Personality] = MappingProxyType(_known)
"""Every personality of the kit's, or that was registered or asked for, by its name."""
_defines: dict[str, Sequence[str]] = {}


def register(added: Personality) -> None:
    """Make a personality known, the kit's own or one of yours."""
    _known[added.name] = added


def register_version(module: str, *defines: str) -> None:
    """Make another version of a module known, to be chosen when a device is made.

    Args:
        module: its name, the module's and the version: ``vendor@2.9``.
        defines: what the compiler is told, such as ``-DWITHOUT_SOMETHING``.
    """
    _defines[module] = defines


register(Personality("plain", module="plain"))
register(Personality("etoken", module="etoken", serial=hex_serial(8, upper=False)))
register(Personality("etoken-idprime", module="etoken"))
register(Personality("jacarta-pki", module="jacarta", reader=_jacarta_reader))
register(Personality("jacarta-pro", module="jacarta", serial=hex_serial(8), reader=_jacarta_reader))
register(Personality("jacarta-gost2", module="jacarta", reader=_jacarta_reader))
register_version("jacarta@2.9", "-DJACARTA_WITHOUT_RESPONSE")
register_version("jacarta@plain", "-DJACARTA_WITHOUT_EXTENSION")
register_version("etoken@1.2", "-DETOKEN_EXTENSION=2")
register_version("etoken@listed", "-DETOKEN_LISTED_ONLY")
register_version("etoken@plain", "-DETOKEN_EXTENSION=-1")
_OWN_MODULES = frozenset(each.module for each in _known.values())


def personality(name: str) -> Personality:
    """The personality of a name: the kit's, one that was registered, or an installed one.

    Raises:
        SimulatorError: there is none, or it cannot be used.
    """
    if name not in _known and name in installed.names():
        made = installed.load(name)
        register(made if isinstance(made, Personality) else _beside(name, made))
    if name not in _known:
        known = ", ".join([*_known, *installed.names()])
        raise SimulatorError(f"there is no personality {name}; there are {known}")
    return _known[name]


def _register_installed() -> None:
    """A module shows all personalities of its vendor, so all must be known before it is built."""
    for name in installed.names():
        with suppress(SimulatorError):  # whoever asks for it is told
            personality(name)


def _beside(name: str, package: object) -> Personality:
    """A personality that is one C file, in the package that an entry point names."""
    folder = Path(str(getattr(package, "__file__", None) or "")).parent
    source = folder / f"{name.replace('-', '_')}.c"
    if not source.is_file():
        raise SimulatorError(f"the personality {name} has no source: {source} is not there")
    return Personality(name, module=name, source=source)


def library(module: str) -> Library:
    """The library of a module, to be built.

    Raises:
        SimulatorError: there is no such module.
    """
    base = module.partition("@")[0]
    if base not in _OWN_MODULES:
        _register_installed()
    family = [each for each in PERSONALITIES.values() if each.module == base]
    if not family or (module != base and module not in _defines):
        known = sorted({each.module for each in PERSONALITIES.values()} | set(_defines))
        raise SimulatorError(f"there is no module {module}; there are {', '.join(known)}")
    files = dict.fromkeys(file for each in family for file in each.files)
    listed = " ".join(f"P({each.symbol})" for each in family)
    return Library(
        name=f"sim-{module}",
        sources=[*sorted(SOURCES.glob("*.c")), *files],
        headers=sorted({*SOURCES.rglob("*.h"), *(h for f in files for h in f.parent.glob("*.h"))}),
        flags=[
            *_STRICT,
            *_WARNINGS,
            f'-DSIM_MODULE="{module}"',
            f"-DSIM_PERSONALITIES={listed}",
            *_defines.get(module, ()),
        ],
        folders=[SOURCES],
    )
