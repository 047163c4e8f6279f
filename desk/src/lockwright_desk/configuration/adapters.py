"""``[plugins]`` and ``[adapters]``: which adapters the desk knows tokens by, as on the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _
from lockwright.models.plugin_pins import PluginPin
from lockwright.models.settings import Settings as AdapterTable


@dataclass(frozen=True, slots=True)
class AdapterSettings:
    """The adapters of the desk; they read what is typed, and never a token."""

    allow: tuple[str, ...] | None = None
    """Plugins that may be imported; None for every installed one."""
    tables: Mapping[str, AdapterTable] = field(default_factory=dict)
    """``[adapters.NAME]``."""


def read(plugins: Table, adapters: Table) -> AdapterSettings:
    """What the file says.

    Raises:
        Wrong: something in it has no meaning.
    """
    allow = plugins.texts("allow")
    for text in allow or ():
        try:
            PluginPin.parse(text)
        except ValueError:
            told = _(
                "[plugins] {key}: {text} is neither NAME nor NAME @ DISTRIBUTION nor"
                " NAME @ DISTRIBUTION==VERSION"
            )
            raise Wrong(told.format(key="allow", text=text)) from None
    settings = AdapterSettings(
        allow,
        {name: table.settings() for name, table in adapters.tables().items()},
    )
    plugins.done()
    return settings
