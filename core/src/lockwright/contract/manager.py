"""pluggy's manager, which looks at nothing that cannot be a hook, as most of a plugin cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

from lockwright.contract.markers import PREFIX, PROJECT

if TYPE_CHECKING:
    from types import ModuleType

    from pluggy import HookimplOpts, HookspecOpts

_PYTHONS = "__"


class Manager(pluggy.PluginManager):
    """A manager of plugins for hooks of the contract."""

    def __init__(self) -> None:
        super().__init__(PROJECT)

    def parse_hookspec_opts(
        self, module_or_class: ModuleType | type, name: str
    ) -> HookspecOpts | None:
        """What is declared of a hook; None if the name is none of a hook."""
        if not name.startswith(PREFIX):
            return None
        return super().parse_hookspec_opts(module_or_class, name)

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        """What a plugin says of its part in a hook; None where it is Python's own name."""
        if name.startswith(_PYTHONS):
            return None
        return super().parse_hookimpl_opts(plugin, name)
