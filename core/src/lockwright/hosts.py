"""The hosts a runner keeps: one for each adapter and module, started when first needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lockwright.adapter import Settings
from lockwright.deadlines import Deadlines
from lockwright.errors import ModuleError
from lockwright.host.inprocess import InProcessHost
from lockwright.host.parent import ChildHost, Host
from lockwright.host.worker import AdapterRef, Inspection
from lockwright.models import Token
from lockwright.registry import Registry


class Hosts:
    """Starts, keeps and closes hosts.

    Args:
        registry: the plugins, for where an adapter's code lies.
        settings: each adapter's table of the configuration.
        deadlines: how long a call may take.
        isolate: whether a module gets a process of its own.
        verbose: whether what modules write to stderr is shown.
    """

    def __init__(
        self,
        registry: Registry,
        settings: Mapping[str, Settings],
        deadlines: Deadlines,
        *,
        isolate: bool,
        verbose: bool,
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._deadlines = deadlines
        self._isolate = isolate
        self._verbose = verbose
        self._hosts: dict[tuple[str, Path], Host] = {}

    def begin_inspect(self, adapter: str, module: Path) -> None:
        """Have a module looked at without waiting for it; ``inspect`` waits."""
        self._host(adapter, module).begin_inspect()

    def inspect(self, adapter: str, module: Path) -> Inspection:
        """What a module shows.

        Raises:
            ModuleError: it cannot be loaded, crashed or hung.
        """
        with self._dropped_when_dead(adapter, module):
            return self._host(adapter, module).inspect()

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the token's adapter, beside the token's module."""
        adapter, module = str(token.adapter), token.identity.module.path
        with self._dropped_when_dead(adapter, module):
            return self._host(adapter, module).call(hook, token, **arguments)

    def close(self) -> None:
        """End every host."""
        while self._hosts:
            self._hosts.popitem()[1].close()

    def _host(self, adapter: str, module: Path) -> Host:
        key = adapter, module
        if key not in self._hosts:
            ref = AdapterRef(adapter, self._registry.plugin(adapter).value)
            settings = self._settings.get(adapter, {})
            self._hosts[key] = (
                ChildHost(ref, module, settings, deadlines=self._deadlines, verbose=self._verbose)
                if self._isolate
                else InProcessHost(ref, module, settings)
            )
        return self._hosts[key]

    @contextmanager
    def _dropped_when_dead(self, adapter: str, module: Path) -> Iterator[None]:
        """A module that crashed or hung gets a new process for the next call."""
        try:
            yield
        except (ModuleError, KeyboardInterrupt):
            if host := self._hosts.pop((adapter, module), None):
                host.close()
            raise
