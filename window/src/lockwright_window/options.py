"""The command line of the window: whoever rolls it out sets it, its user never sees it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from lockwright.i18n import LANGUAGES, N_, _
from lockwright.records import dataclass

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


def parsed(arguments: Sequence[str]) -> Options:
    """Read a command line; it ends the program where that is wrong, or help is wanted.

    Args:
        arguments: the command line without the program's name.
    """
    parser = argparse.ArgumentParser(prog="lockwright-window", description=_(HELP))
    parser.add_argument("--lang", choices=LANGUAGES, help=_("Language; by default the locale's."))
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("Configuration file."))
    parser.add_argument(
        "--module",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=_("PKCS#11 module to look at instead of the known ones; may be repeated."),
    )
    parser.add_argument(
        "--verbose", action="store_true", help=_("Show logs, and what modules write to stderr.")
    )
    given = parser.parse_args(arguments)
    modules = tuple(module.absolute() for module in given.module)
    return Options(given.lang, given.config, modules, given.verbose)
