"""The settings that every adapter has: which binding, and where the module is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from types import MappingProxyType

from lockwright.bindings.loader import BINDINGS
from lockwright.errors import BrokenConfiguration
from lockwright.i18n import N_, _
from lockwright.models.settings import Setting, Settings
from lockwright.records import dataclass

_NONE: Mapping[str, type] = MappingProxyType({})
_TYPES = {
    str: N_("text"),
    int: N_("whole number"),
    bool: N_("true or false"),
    list: N_("list of texts"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What an adapter's table of the configuration chooses."""

    binding: str
    """Name of the binding."""
    modules: tuple[Path, ...]
    """Absolute paths of the vendor's modules, the preferred one first."""
    own: Settings = field(default_factory=dict, hash=False)
    """The adapter's own settings, as far as the table has them."""


def choose(
    settings: Settings,
    *,
    modules: Sequence[Path],
    bindings: Sequence[str] = tuple(BINDINGS),
    own: Mapping[str, type] = _NONE,
) -> Choice:
    """Read an adapter's table of the configuration.

    Args:
        settings: the table.
        modules: where the vendor's modules are unless the table says otherwise.
        bindings: those the adapter works with, the default one first.
        own: the adapter's own settings, each with its type.

    Raises:
        BrokenConfiguration: the table holds a key or a value that means nothing.
    """
    if unknown := sorted(set(settings) - {"binding", "modules", *own}):
        raise _broken(_("the adapter knows no setting {}").format(", ".join(unknown)))
    for name in own.keys() & settings.keys():
        value = settings[name]
        texts = all(isinstance(each, str) for each in value) if isinstance(value, list) else True
        if type(value) is not own[name] or not texts:
            raise _broken(_("{} is no {}").format(name, _(_TYPES[own[name]])))
    binding = settings.get("binding", bindings[0])
    if binding not in bindings:
        raise _broken(_("binding is not one of {}").format(", ".join(bindings)))
    return Choice(
        str(binding),
        _paths(settings["modules"]) if "modules" in settings else tuple(modules),
        _Own({name: settings[name] for name in own if name in settings}, own),
    )


class _Own(dict[str, Setting]):
    """An adapter's own settings; one that it needs and the table has not is told as that.

    Args:
        found: those that the table has.
        known: all that the adapter knows.
    """

    def __init__(self, found: Settings, known: Iterable[str]) -> None:
        super().__init__(found)
        self._known = frozenset(known)

    def __missing__(self, name: str) -> Setting:
        if name not in self._known:
            raise KeyError(name)
        raise _broken(_("the adapter needs the setting {}").format(name))


def check_settings(own: Mapping[str, type]) -> None:
    """Refuse settings of a type that a table of the configuration cannot hold.

    Args:
        own: an adapter's own settings, each with its type.

    Raises:
        TypeError: it is none of ``str``, ``int``, ``bool`` and ``list``, a list of texts.
    """
    for name, kind in own.items():
        if kind not in _TYPES:
            known = ", ".join(each.__name__ for each in _TYPES)
            raise TypeError(f"the setting {name} is of the type {kind}, not one of {known}")


def _paths(setting: Setting) -> tuple[Path, ...]:
    paths = tuple(map(Path, setting)) if isinstance(setting, list) else ()
    if not paths or not all(path.is_absolute() for path in paths):
        raise _broken(N_("modules is not a list of absolute paths"))
    return paths


def _broken(reason: str) -> BrokenConfiguration:
    return BrokenConfiguration(file="[adapters]", reason=reason)
