"""Open the vendor's module: not one that is too old, and with requests as short as it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from weakref import WeakKeyDictionary

from lockwright.adapter import Choice
from lockwright.bindings import load
from lockwright.errors import BrokenConfiguration, ModuleTooOld
from lockwright.i18n import _
from lockwright.pkcs11.session import Module

from lockwright_etoken import tokens

BINDING = "pykcs11"
OLDEST = "5.1"
"""The vendor's driver that banks ask for at least."""
AT_ONCE = 4
"""Attributes in one request, at most: several versions of libeToken crash on long requests (PyKCS11
issues 56 and 75); from what length on is not known."""
USED, LEFT = "used", "left"

SETTINGS: Mapping[str, type] = MappingProxyType({"min_version": str, "unlock_count": str})
"""The adapter's own settings."""
_opened: WeakKeyDictionary[Module, Options] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Options:
    """What the adapter's own settings say."""

    oldest: tuple[int, int]
    """The oldest version of the module that is good enough."""
    unlock_count: str | None
    """What ETCKA_UNLOCK_COUNT counts: ``USED``, ``LEFT``, or None for unknown."""


def options(choice: Choice) -> Options:
    """Read the adapter's own settings.

    Raises:
        BrokenConfiguration: one of them means nothing.
    """
    counted = choice.own.get("unlock_count")
    if counted not in {None, USED, LEFT}:
        raise _broken(_("unlock_count is not one of {}").format(f"{USED}, {LEFT}"))
    oldest = _version(str(choice.own.get("min_version", OLDEST)))
    return Options(oldest, str(counted) if counted else None)


def open_module(path: Path, choice: Choice) -> Module:
    """Load a module.

    Args:
        path: absolute path of the module.
        choice: what the adapter's table of the configuration says.

    Raises:
        ModuleNotLoadable: it is not a PKCS#11 module of this system.
        ModuleTooOld: it is the vendor's, and too old.
    """
    chosen = options(choice)
    module = load(BINDING, path, at_once=AT_ONCE)
    info = module.info()
    if tokens.is_etoken_driver(info) and info.version < chosen.oldest:
        module.close()
        raise ModuleTooOld(
            module=str(path), found=_dotted(info.version), needed=_dotted(chosen.oldest)
        )
    _opened[module] = chosen
    return module


def options_of(module: Module) -> Options:
    """The options that a module was opened with."""
    return _opened[module]


def _version(text: str) -> tuple[int, int]:
    major, dot, minor = text.partition(".")
    if not (dot and major.isascii() and major.isdigit() and minor.isascii() and minor.isdigit()):
        raise _broken(_('min_version is not a version such as "{}"').format(OLDEST))
    return int(major), int(minor)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def _broken(reason: str) -> BrokenConfiguration:
    return BrokenConfiguration(file="[adapters.etoken]", reason=reason)
