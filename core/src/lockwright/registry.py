"""Which plugins there are: found as entry points, allowed before import, loaded one by one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from lockwright.adapter import StandardAdapter
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.adapter_class import Answer, answers_of
from lockwright.contract.markers import PROJECT
from lockwright.errors import (
    AdapterBroken,
    LockwrightError,
    NotSupported,
    PluginRequired,
    RuleNotPublic,
    UnknownVendor,
)
from lockwright.i18n import N_, _
from lockwright.models import Confidence, Match, ResponseRule, TokenIdentity
from lockwright.models.settings import Settings

CLIENTS = {"cmp": "lockwright.enrol.ca.cmp", "est": "lockwright.enrol.ca.est"}
"""The CA clients that come with core, by the kind of CA they speak with."""

_MISSING = N_("not installed")
_MARK_OF_AN_ADAPTER = "lockwright_match"
_MARK_OF_A_CLIENT = "lockwright_ca_enrol"


def is_file(path: Path) -> bool:
    """Whether there is a file; one that cannot be looked at, or has no name of a file, is none."""
    return os.path.isfile(path)  # noqa: PTH113  # Path.is_file raises where a folder is closed to us


class PluginStatus(StrEnum):
    """What became of a plugin."""

    LOADED = "loaded"
    """It works."""
    NOT_ALLOWED = "not-allowed"
    """It is installed but not on the allow-list, so none of its code was run."""
    BROKEN = "broken"
    """It does not import, or does not keep the contract."""
    NOT_INSTALLED = "not-installed"
    """It is on the allow-list but not installed."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An adapter, a CA client or a wrapper, as the registry found it."""

    name: str
    """Name of its entry point: an adapter's table in the configuration, a CA client's kind."""
    status: PluginStatus
    """What became of it."""
    problem: str = ""
    """Why it is not loaded; empty if it is."""
    value: str = ""
    """What the entry point names, such as ``lockwright_softhsm:adapter``."""
    distribution: str = ""
    """Distribution that brought it; empty if unknown."""
    version: str = ""
    """Version of that distribution; empty if unknown."""
    adapter: bool = False
    """Whether it is an adapter."""
    client: bool = False
    """Whether it is a CA client; what is neither wraps the operations of others."""
    hooks: tuple[str, ...] = ()
    """The hooks it implements or wraps."""
    answers: Mapping[str, Answer] = field(default_factory=dict, hash=False)
    """Of an adapter: how it answers each hook, by its name without ``lockwright_``."""


class Registry:
    """Every installed plugin; the loaded ones can be asked.

    Args:
        allow: names that may be imported; None allows every installed plugin.
        found: entry points to look at instead of the installed ones.
    """

    def __init__(
        self, *, allow: Sequence[str] | None = None, found: Iterable[EntryPoint] | None = None
    ) -> None:
        self._managers: dict[str, pluggy.PluginManager] = {}
        self._wrappers: list[object] = []
        self._clients: dict[str, object] = {}
        points = sorted(
            entry_points(group=PROJECT) if found is None else found, key=lambda point: point.name
        )
        plugins = [self._load(point, points, allow) for point in points]
        missing = set(allow or ()) - {plugin.name for plugin in plugins}
        self.plugins: tuple[Plugin, ...] = (*plugins, *map(_not_installed, sorted(missing)))

    @property
    def adapters(self) -> tuple[Plugin, ...]:
        """The loaded adapters."""
        return tuple(p for p in self.plugins if p.adapter and p.status is PluginStatus.LOADED)

    @property
    def wrappers(self) -> tuple[object, ...]:
        """The loaded plugins that wrap operations."""
        return tuple(self._wrappers)

    def client(self, kind: str) -> object | None:
        """The client for a kind of CA; None if there is none. Core's own load when first used."""
        if kind in CLIENTS:
            return import_module(CLIENTS[kind])
        return self._clients.get(kind)

    def require(self, names: Sequence[str]) -> None:
        """Make sure that plugins are loaded, so that an approval step cannot go missing unseen.

        Raises:
            PluginRequired: one of them is not.
        """
        problems = {plugin.name: plugin.problem for plugin in self.plugins}
        for name in names:
            if problem := problems.get(name, _MISSING):
                raise PluginRequired(name=name, reason=problem)

    def plugin(self, name: str) -> Plugin:
        """The plugin of that name."""
        return next(plugin for plugin in self.plugins if plugin.name == name)

    def modules(self, adapter: str, settings: Settings) -> tuple[Path, ...]:
        """Where an adapter's modules are, those that exist.

        Raises:
            LockwrightError: the adapter does not like its settings, or is broken.
        """
        known: Sequence[Path] = self._ask(adapter, "lockwright_modules", settings=settings) or ()
        return tuple(path for path in known if path.is_absolute() and is_file(path))

    def match(self, adapter: str, identity: TokenIdentity) -> Match | None:
        """An adapter's claim on a token.

        Raises:
            AdapterBroken: the adapter failed on it, or claims it by what is no claim.
        """
        claim: Match | None = self._ask(adapter, "lockwright_match", identity=identity)
        if claim is None:
            return None
        for told, kind in ((claim.confidence, Confidence), (claim.reason, str)):
            if not isinstance(told, kind):
                got = f"lockwright_match: {type(told).__name__} as a {kind.__name__}"
                reason = _("it answered: {}").format(got)
                raise AdapterBroken(name=adapter, reason=reason, adapter=adapter)
        return claim

    def response_rule(self, adapter: str, model: str, settings: Settings) -> ResponseRule:
        """What a Request of a model looks like.

        Raises:
            UnknownVendor: there is no such adapter.
            RuleNotPublic: how its Response is made is not public.
            AdapterBroken: the adapter failed on it.
        """
        known = [plugin.name for plugin in self.adapters]
        if adapter not in known:
            raise UnknownVendor(vendor=adapter, known=tuple(known))
        rule: ResponseRule | None = None
        with suppress(NotSupported):
            rule = self._ask(adapter, "lockwright_response_rule", model=model, settings=settings)
        if rule is None:
            raise RuleNotPublic(model=model, adapter=adapter)
        return rule

    def _ask(self, adapter: str, hook: str, **arguments: object) -> Any:
        try:
            answer = getattr(self._managers[adapter].hook, hook)(**arguments)
        except LockwrightError:
            raise
        except Exception as error:
            raise _broken(adapter, error) from error
        if answer is not None and (misfit := hooks.HOOKS[hook].misfit(answer)):
            reason = _("it answered: {}").format(f"{hook}: {misfit}")
            raise AdapterBroken(name=adapter, reason=reason, adapter=adapter)
        return answer

    def _load(
        self, point: EntryPoint, points: Sequence[EntryPoint], allow: Sequence[str] | None
    ) -> Plugin:
        if allow is not None and point.name not in allow:
            return _record(point, PluginStatus.NOT_ALLOWED, N_("not on the allow-list"))
        if [each.name for each in points].count(point.name) > 1:
            return _record(point, PluginStatus.BROKEN, N_("another plugin has the same name"))
        try:
            return self._loaded(point)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # foreign code: anything may come
            return _record(point, PluginStatus.BROKEN, _said(error))

    def _loaded(self, point: EntryPoint) -> Plugin:
        plugin = point.load()
        manager = _manager_with(plugin)
        names = tuple(sorted(caller.name for caller in manager.get_hookcallers(plugin) or ()))
        adapter, client = _MARK_OF_AN_ADAPTER in names, _MARK_OF_A_CLIENT in names
        implements = adapter or (client and not _wraps(manager, plugin, _MARK_OF_A_CLIENT))
        if problem := _out_of_place(manager, plugin, names, implements=implements):
            return _record(point, PluginStatus.BROKEN, problem)
        if client and implements and point.name in CLIENTS:
            return _record(point, PluginStatus.BROKEN, N_("its name is that of a client of core"))
        answers = answers_of(plugin, names) if adapter else {}
        if adapter:
            self._managers[point.name] = manager
        elif implements:
            self._clients[point.name] = plugin
        else:
            self._wrappers.append(plugin)
        return replace(
            _record(point, PluginStatus.LOADED, ""),
            adapter=adapter,
            client=implements and not adapter,
            hooks=names,
            answers=answers,
        )


def _manager_with(plugin: object) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
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


def _record(point: EntryPoint, status: PluginStatus, problem: str) -> Plugin:
    distribution, version = _origin(point)
    return Plugin(
        name=point.name,
        value="".join(point.value.partition("[")[0].split()),
        distribution=distribution,
        version=version,
        status=status,
        problem=problem,
    )


def _origin(point: EntryPoint) -> tuple[str, str]:
    """Distribution and version; empty where its metadata, which anybody wrote, tells none."""
    try:
        told = (point.dist.name, point.dist.version) if point.dist else ("", "")
    except Exception:  # noqa: BLE001  # of a damaged file anything may come
        return "", ""
    name, version = told
    return name or "", version or ""


def _said(error: BaseException) -> str:
    """What foreign code raised; an error that cannot be told is its kind alone."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # foreign code, again
        return type(error).__name__


def _not_installed(name: str) -> Plugin:
    return Plugin(name, status=PluginStatus.NOT_INSTALLED, problem=_MISSING)


def _broken(adapter: str, error: Exception) -> AdapterBroken:
    return AdapterBroken(name=adapter, reason=_said(error), adapter=adapter)
