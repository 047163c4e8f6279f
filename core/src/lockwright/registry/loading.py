"""One plugin imported, and held to the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

import pluggy

from lockwright.adapter import StandardAdapter
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.adapter_class import answers_of
from lockwright.contract.manager import Manager
from lockwright.i18n import N_, _
from lockwright.registry.plugin import Plugin, PluginStatus
from lockwright.registry.point import Point

CLIENTS = {"cmp": "lockwright.enrol.ca.cmp", "est": "lockwright.enrol.ca.est"}
"""The CA clients that come with core, by the kind of CA they speak with."""

_MARK_OF_AN_ADAPTER = "lockwright_match"
_MARK_OF_A_CLIENT = "lockwright_ca_enrol"


class Misplaced(Exception):
    """A plugin does not keep the contract; the text says how."""


def loaded(point: Point, found: Plugin) -> tuple[Plugin, object, pluggy.PluginManager]:
    """Import a plugin.

    Args:
        point: its entry point.
        found: what is known of it.

    Returns:
        What is known of it now, its code, and a manager that has it alone.

    Raises:
        Misplaced: it does not keep the contract.
        BaseException: whatever its code raises.
    """
    plugin = point.load()
    manager = _manager_with(plugin)
    names = tuple(sorted(caller.name for caller in manager.get_hookcallers(plugin) or ()))
    adapter, client = _MARK_OF_AN_ADAPTER in names, _MARK_OF_A_CLIENT in names
    implements = adapter or (client and not _wraps(manager, plugin, _MARK_OF_A_CLIENT))
    if problem := _out_of_place(manager, plugin, names, implements=implements):
        raise Misplaced(problem)
    if client and implements and point.name in CLIENTS:
        raise Misplaced(N_("its name is that of a client of core"))
    told = replace(
        found,
        status=PluginStatus.LOADED,
        adapter=adapter,
        client=implements and not adapter,
        hooks=names,
        answers=answers_of(plugin, names) if adapter else {},
    )
    return told, plugin, manager


def _manager_with(plugin: object) -> pluggy.PluginManager:
    manager = Manager()
    manager.add_hookspecs(hooks)
    manager.add_hookspecs(ca_hooks)
    if isinstance(plugin, type):
        raise TypeError(f"it names the class {plugin.__name__}, and not an instance of it")
    manager.register(plugin)
    manager.check_pending()
    return manager


def _out_of_place(
    manager: pluggy.PluginManager, plugin: object, hooks: Sequence[str], *, implements: bool
) -> str:
    """Who implements wraps nothing and the reverse, so that each call has one end."""
    if not hooks and (meant := _instances_in(plugin)):
        return f"implements no hook; the entry point may mean {meant}"
    if not hooks:
        return N_("it implements no hook")
    for hook in hooks:
        if _wraps(manager, plugin, hook) is implements:
            said = _("{hook}: adapters and CA clients implement hooks, any other plugin wraps them")
            return said.format(hook=hook)
    if _MARK_OF_AN_ADAPTER in hooks and _MARK_OF_A_CLIENT in hooks:
        return N_("it is an adapter and a CA client; make it two plugins")
    return ""


def _instances_in(plugin: object) -> str:
    """Adapters that are in a module, as an entry point names them; empty if there is none."""
    if not isinstance(plugin, ModuleType):
        return ""
    found = (name for name, each in vars(plugin).items() if isinstance(each, StandardAdapter))
    return ", ".join(f"{plugin.__name__}:{name}" for name in found)


def _wraps(manager: pluggy.PluginManager, plugin: object, hook: str) -> bool:
    options = manager.parse_hookimpl_opts(plugin, hook)
    return options is not None and bool(options["wrapper"])
