"""The hosts a runner keeps: one for each adapter and module, started when first needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lockwright.contract import hooks
from lockwright.contract.declaration import RequestEffect
from lockwright.errors import ModuleError, RequestPending, RequestVoid
from lockwright.host.inprocess import InProcessHost
from lockwright.host.parent import ChildHost, Host
from lockwright.host.worker import AdapterRef, Inspection
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines
from lockwright.models.settings import Settings
from lockwright.registry import Registry


class Hosts:
    """Starts, keeps and closes hosts.

    Args:
        registry: the plugins, for where an adapter's code is.
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
        self._held: dict[Path, Token] = {}

    def hold(self, token: Token, modules: Iterable[Path]) -> None:
        """Let nothing touch a token that waits for a Response, until it is released.

        A module is held as a whole: asking it for any slot may make it look at every reader.

        Args:
            token: the token, whose own module is held too.
            modules: further modules through which it can be reached.
        """
        for module in (token.identity.module.path, *modules):
            self._held[module.resolve()] = token

    def release(self, token: Token) -> None:
        """End what ``hold`` began."""
        self._held = {path: held for path, held in self._held.items() if held is not token}

    def waiting(self, module: Path) -> Token | None:
        """The token that a module is held for; None if it is free."""
        return self._held.get(module.resolve())

    def begin_inspect(self, adapter: str, module: Path) -> None:
        """Have a module looked at without waiting for it; ``inspect`` waits."""
        if module.resolve() not in self._held:
            self._host(adapter, module).begin_inspect()

    def inspect(self, adapter: str, module: Path) -> Inspection:
        """What a module shows.

        Raises:
            ModuleError: it cannot be loaded, crashed or hung.
            RequestPending: a token of it waits for a Response.
        """
        if holder := self._held.get(module.resolve()):
            raise RequestPending(serial=holder.serial)
        with self._dropped_when_dead(adapter, module):
            return self._host(adapter, module).inspect()

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the token's adapter, beside the token's module.

        Raises:
            RequestPending: the token, or another of its module, waits for a Response.
            RequestVoid: the process that held the Request open has ended.
        """
        adapter, module = str(token.adapter), token.identity.module.path
        if holder := self._held.get(module.resolve()):
            if token is not holder or hooks.HOOKS[hook].request is not RequestEffect.ENDS:
                raise RequestPending(serial=holder.serial)
            self._require_alive(adapter, module)
        with self._dropped_when_dead(adapter, module):
            return self._host(adapter, module).call(hook, token, **arguments)

    def close(self) -> None:
        """End every host; they unload their modules side by side."""
        for host in self._hosts.values():
            host.begin_close()
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

    def _require_alive(self, adapter: str, module: Path) -> None:
        """A process that held a Request is not restarted: it would know of none."""
        host = self._hosts.get((adapter, module))
        if host is not None and host.alive:
            return
        if host is not None:
            self._hosts.pop((adapter, module)).close()
        raise RequestVoid(reason=N_("the process that held the token has ended"))

    @contextmanager
    def _dropped_when_dead(self, adapter: str, module: Path) -> Iterator[None]:
        """A module that crashed or hung gets a new process for the next call."""
        try:
            yield
        except (ModuleError, KeyboardInterrupt):
            if host := self._hosts.pop((adapter, module), None):
                host.close()
            raise
