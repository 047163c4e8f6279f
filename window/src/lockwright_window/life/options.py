"""The command line of the window: whoever rolls it out sets it, its user never sees it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from lockwright.i18n import LANGUAGES, N_, _
from lockwright.records import dataclass

from lockwright_window.pieces.colours import SCHEMES, SYSTEM

HELP = N_("New PINs, cleaning and certificates of crypto tokens, in a window.")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line gave."""

    lang: str | None = None
    """``en``, ``ru``, or None for the locale's."""
    config: Path | None = None
    """The configuration file; None for the usual one."""
    modules: tuple[Path, ...] = ()
    """PKCS#11 modules to look at instead of the adapters' known ones, absolute paths."""
    verbose: bool = False
    """Whether modules may write to stderr."""
    colours: str = SYSTEM
    """``system``, or a name of ``colours.SCHEMES``."""


def parser() -> argparse.ArgumentParser:
    """What reads a command line, its words in the language in use."""
    made = argparse.ArgumentParser(prog="lockwright-window", description=_(HELP))
    made.add_argument("--lang", choices=LANGUAGES, help=_("Language; by default the locale's."))
    made.add_argument("--config", type=Path, metavar="FILE", help=_("Configuration file."))
    made.add_argument(
        "--module",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=_("PKCS#11 module to look at instead of the known ones; may be repeated."),
    )
    made.add_argument(
        "--verbose", action="store_true", help=_("Show logs, and what modules write to stderr.")
    )
    made.add_argument(
        "--colours",
        choices=(SYSTEM, *SCHEMES),
        default=SYSTEM,
        help=_("Colours; by default as the system wishes."),
    )
    return made


def parsed(arguments: Sequence[str]) -> Options:
    """Read a command line; it ends the program where that is wrong, or help is wanted.

    Args:
        arguments: the command line without the program's name.
    """
    given = parser().parse_args(arguments)
    modules = tuple(module.absolute() for module in given.module)
    return Options(given.lang, given.config, modules, given.verbose, given.colours)
