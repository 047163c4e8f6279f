"""The settings that every adapter has: which binding, and where the module lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockwright.bindings.loader import BINDINGS
from lockwright.errors import BrokenConfiguration
from lockwright.i18n import N_, _
from lockwright.models.settings import Setting, Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """What an adapter's table of the configuration chooses."""

    binding: str
    """Name of the binding."""
    modules: tuple[Path, ...]
    """Absolute paths of the vendor's modules, the preferred one first."""


def choose(
    settings: Settings,
    *,
    modules: Sequence[Path],
    bindings: Sequence[str] = tuple(BINDINGS),
    further: Collection[str] = (),
) -> Choice:
    """Read the keys ``binding`` and ``modules`` of an adapter's table.

    Args:
        settings: the table.
        modules: where the vendor's modules lie unless the table says otherwise.
        bindings: those the adapter works with, the default one first.
        further: keys that the adapter reads itself.

    Raises:
        BrokenConfiguration: the table holds a key or a value that means nothing.
    """
    if unknown := sorted(set(settings) - {"binding", "modules", *further}):
        raise _broken(_("the adapter knows no setting {}").format(", ".join(unknown)))
    binding = settings.get("binding", bindings[0])
    if binding not in bindings:
        raise _broken(_("binding is not one of {}").format(", ".join(bindings)))
    return Choice(
        str(binding), _paths(settings["modules"]) if "modules" in settings else tuple(modules)
    )


def _paths(setting: Setting) -> tuple[Path, ...]:
    paths = tuple(map(Path, setting)) if isinstance(setting, list) else ()
    if not paths or not all(path.is_absolute() for path in paths):
        raise _broken(N_("modules is no list of absolute paths"))
    return paths


def _broken(reason: str) -> BrokenConfiguration:
    return BrokenConfiguration(file="[adapters]", reason=reason)
