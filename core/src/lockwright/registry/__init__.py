"""Which plugins there are: found as entry points, allowed before import, loaded one by one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pluggy

from lockwright.contract import hooks
from lockwright.errors import (
    NOTHING,
    AdapterBroken,
    LockwrightError,
    NotSupported,
    PluginForbidden,
    PluginRequired,
    PluginsNotAllowed,
    RuleNotPublic,
    UnknownVendor,
)
from lockwright.errors.base import is_whole
from lockwright.i18n import N_, _
from lockwright.models import Confidence, Match, ResponseRule, TokenIdentity
from lockwright.models.plugin_pins import PluginPin
from lockwright.models.settings import Settings
from lockwright.registry.allowed import AllowList
from lockwright.registry.installed import installed
from lockwright.registry.left_out import left_out
from lockwright.registry.loading import CLIENTS, Misplaced, loaded
from lockwright.registry.needs import Needs, needs_of
from lockwright.registry.plugin import HeldTo, Plugin, PluginStatus, Wrapper
from lockwright.registry.point import Point

__all__ = ["CLIENTS", "HeldTo", "Plugin", "PluginStatus", "Registry", "Wrapper", "is_file"]

_MISSING = N_("not installed")
_NO_FILES: Mapping[str, str] = MappingProxyType({})


def is_file(path: Path) -> bool:
    """Whether there is a file; one that cannot be looked at, or has no name of a file, is none."""
    return os.path.isfile(path)  # noqa: PTH113  # Path.is_file raises where a folder is closed to us


class Registry:
    """Every installed plugin; the loaded ones can be asked.

    Args:
        allow: plugins that may be imported, as ``PluginPin`` reads them; None allows every
            installed one.
        files: digests of the files of distributions, by name; see ``registry.files``.
        found: entry points to look at instead of the installed ones.

    Raises:
        ValueError: an entry of ``allow`` names no plugin.
    """

    def __init__(
        self,
        *,
        allow: Sequence[str] | None = None,
        files: Mapping[str, str] = _NO_FILES,
        found: Iterable[Point] | None = None,
    ) -> None:
        self._managers: dict[str, pluggy.PluginManager] = {}
        self._wrappers: list[Wrapper] = []
        self._clients: dict[str, object] = {}
        self._points = sorted(installed() if found is None else found, key=lambda point: point.name)
        allowed = AllowList(allow, files, self._points)
        plugins = [self._load(point, allowed.judged(point)) for point in self._points]
        self.plugins: tuple[Plugin, ...] = (*plugins, *map(_not_installed, allowed.missing))
        self._allow = allow

    @property
    def adapters(self) -> tuple[Plugin, ...]:
        """The loaded adapters."""
        return tuple(p for p in self.plugins if p.adapter and p.status is PluginStatus.LOADED)

    @property
    def left_out(self) -> PluginsNotAllowed | None:
        """Plugins that are installed and not allowed, perhaps adapters; None if there are none."""
        return left_out(self.plugins, self._allow)

    @property
    def wrappers(self) -> tuple[Wrapper, ...]:
        """The loaded plugins that wrap operations."""
        return tuple(self._wrappers)

    def client(self, kind: str) -> object | None:
        """The client for a kind of CA; None if there is none. Core's own load when first used."""
        if kind in CLIENTS:
            return import_module(CLIENTS[kind])
        return self._clients.get(kind)

    def require(self, names: Sequence[str]) -> None:
        """Make sure that plugins are loaded, so that an approval step cannot go missing unseen.

        Args:
            names: the plugins, as ``PluginPin`` reads them.

        Raises:
            PluginRequired: one of them is not, or is another distribution's.
            ValueError: a name names no plugin.
        """
        found = {plugin.name: plugin for plugin in self.plugins}
        for pin in map(PluginPin.parse, names):
            plugin = found.get(pin.name) or _not_installed(pin.name)
            problem = plugin.problem
            if not problem and not pin.fits(plugin.distribution, plugin.version):
                problem = _("it is of {distribution}").format(distribution=plugin.origin or "-")
            if problem:
                forbidden = plugin.status is PluginStatus.NOT_ALLOWED
                kind = PluginForbidden if forbidden else PluginRequired
                raise kind(name=str(pin), reason=problem)

    def point(self, name: str) -> Point:
        """The entry point of the plugin of that name."""
        return next(point for point in self._points if point.name == name)

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

    def needs(self, adapter: str, settings: Settings) -> Needs:
        """What an adapter's modules need of the system beside their own file.

        Raises:
            LockwrightError: the adapter does not like its settings, or is broken.
        """
        (plugin,) = self._managers[adapter].get_plugins()
        try:
            return needs_of(plugin, settings)
        except Exception as error:
            if isinstance(error, LockwrightError) and is_whole(error):
                raise
            raise _broken(adapter, error) from error

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
                raise _answered(adapter, got)
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

    def response_models(self, adapter: str, settings: Settings) -> Sequence[str]:
        """Models whose Requests an adapter answers, as far as it names them; others may be, too.

        Raises:
            AdapterBroken: the adapter failed on one.
        """
        answered = []
        for plugin in self._managers[adapter].get_plugins():
            for model in getattr(plugin, "response_models", ()):
                with suppress(RuleNotPublic):
                    self.response_rule(adapter, model, settings)
                    answered.append(model)
        return answered

    def _ask(self, adapter: str, hook: str, **arguments: object) -> Any:
        try:
            answer = getattr(self._managers[adapter].hook, hook)(**arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if isinstance(error, LockwrightError) and is_whole(error):
                raise
            raise _broken(adapter, error) from error
        if answer is not None and (misfit := hooks.HOOKS[hook].misfit(answer)):
            raise _answered(adapter, f"{hook}: {misfit}")
        return answer

    def _load(self, point: Point, found: Plugin) -> Plugin:
        if found.status is not PluginStatus.LOADED:
            return found
        try:
            told, plugin, manager = loaded(point, found)
        except Misplaced as error:
            return replace(found, status=PluginStatus.BROKEN, problem=str(error))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # foreign code: anything may come
            return replace(found, status=PluginStatus.BROKEN, problem=_said(error))
        if told.adapter:
            self._managers[point.name] = manager
        elif told.client:
            self._clients[point.name] = plugin
        else:
            self._wrappers.append(Wrapper(point.name, plugin))
        return told


def _said(error: BaseException) -> str:
    """What foreign code raised; an error that cannot be told is its kind alone."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # foreign code, again
        return type(error).__name__


def _not_installed(name: str) -> Plugin:
    return Plugin(name, status=PluginStatus.NOT_INSTALLED, problem=_MISSING)


def _broken(adapter: str, error: BaseException) -> AdapterBroken:
    return AdapterBroken(name=adapter, reason=_said(error), adapter=adapter, cost=NOTHING)


def _answered(adapter: str, what: str) -> AdapterBroken:
    reason = _("it answered: {}").format(what)
    return AdapterBroken(name=adapter, reason=reason, adapter=adapter, cost=NOTHING)
