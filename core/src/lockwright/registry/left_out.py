"""Plugins that are installed and may not be used, and what the configuration names instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lockwright.errors import PluginsNotAllowed
from lockwright.i18n import _
from lockwright.models.plugin_pins import PluginPin
from lockwright.registry.plugin import Plugin, PluginStatus


def left_out(plugins: Iterable[Plugin], allow: Sequence[str] | None) -> PluginsNotAllowed | None:
    """What is to be said where a token of theirs would be missed; None if there are none.

    Whether a plugin is an adapter is not known before its code is run.

    Args:
        plugins: every plugin, installed or only named.
        allow: the plugins that may be imported; None for all.
    """
    installed = {p.name: p for p in plugins if p.status is not PluginStatus.NOT_INSTALLED}
    names = [name for name, p in installed.items() if p.status is PluginStatus.NOT_ALLOWED]
    if allow is None or not names:
        return None
    named = ", ".join(_named(pin, list(installed)) for pin in map(PluginPin.parse, allow))
    return PluginsNotAllowed(plugins=", ".join(names), named=named or _("no plugin"))


def _named(pin: PluginPin, there: Sequence[str]) -> str:
    if pin.name in there:
        return str(pin)
    from difflib import get_close_matches  # noqa: PLC0415  # for a mistake only

    near = get_close_matches(pin.name.lower(), there, 1)
    if near:
        return _("{name} (not installed; is {near} meant?)").format(name=pin, near=near[0])
    return _("{name} (not installed)").format(name=pin)
