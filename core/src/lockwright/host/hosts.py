"""The hosts a runner keeps: one for each adapter and module, started when first needed."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from lockwright.contract import hooks
from lockwright.contract.declaration import RequestEffect
from lockwright.contract.stopping import Stops
from lockwright.errors import (
    LockwrightError,
    ModuleError,
    RequestPending,
    RequestVoid,
    TokenWaits,
)
from lockwright.files.real import real
from lockwright.host import elsewhere, waits_record
from lockwright.host.elsewhere import Door
from lockwright.host.host import Host
from lockwright.host.in_turn import InTurn
from lockwright.host.inprocess import InProcessHost
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import EVERYTHING, AdapterRef, Care, Look
from lockwright.host.watchers import Watchers
from lockwright.host.worker import Inspection
from lockwright.i18n import N_
from lockwright.models import Token, Waits
from lockwright.models.deadlines import Deadlines
from lockwright.models.settings import Settings
from lockwright.registry import Registry

_PATIENCE = 10.0
"""Seconds to wait for another lockwright's turn with a token, at most."""


def care_of(deadlines: Deadlines, *, use_last_try: bool = False) -> Care:
    """How a child spares tries; it gives up waiting long before it would be thought to hang."""
    patience = int(1000 * min(_PATIENCE, deadlines.call / 2))
    return Care(use_last_try, patience)


class Hosts:
    """Starts, keeps and closes hosts, by the names of their adapters.

    A host without a name has no adapter, and only shows tokens; the first adapter that is asked
    about one of its module goes on with its process.

    Args:
        registry: the plugins, for where an adapter's code is.
        settings: each adapter's table of the configuration.
        deadlines: how long a call may take.
        use_last_try: spend the last try of a PIN where there is only one left.
        isolate: whether a module gets a process of its own.
        verbose: whether what modules write to stderr is shown.
        void_requests: ask a module also where a Request waits in another program.
    """

    def __init__(
        self,
        registry: Registry,
        settings: Mapping[str, Settings],
        deadlines: Deadlines,
        *,
        use_last_try: bool,
        isolate: bool,
        verbose: bool,
        void_requests: bool = False,
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._deadlines = deadlines
        self._care = care_of(deadlines, use_last_try=use_last_try)
        self._isolate = isolate
        self._verbose = verbose
        self._void_requests = void_requests
        self._doors = self._care.locks.with_name("modules")
        self._hosts: dict[tuple[str, Path], InTurn] = {}
        self._held: dict[Path, Token] = {}
        self._alone: list[tuple[Token, ExitStack]] = []
        self._watchers: weakref.WeakSet[Watchers] = weakref.WeakSet()
        self._staying: set[tuple[str, Path]] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._process = os.getpid()
        self.stops = Stops()
        """Stops what they are asked."""

    @property
    def forked(self) -> bool:
        """Whether this is a copy in a process that was forked, which the hosts are not for."""
        return os.getpid() != self._process

    def require_usable(self) -> None:
        """Say that nothing can be asked any more, before a lock is waited for.

        A lock that another thread held at a fork stays locked in the copy for ever.

        Raises:
            RuntimeError: it is closed, or another process's.
        """
        if self.forked:
            raise RuntimeError("this Runner is another process's; after a fork, make a new one")
        if self._closed:
            raise RuntimeError("this Runner is closed; make a new one")

    def hold(self, token: Token, modules: Iterable[Path], seconds: float) -> None:
        """Let nothing touch a token from its Request to its Response, until it is released.

        A module is held as a whole: asking it for any slot may make it look at every reader.
        What other threads and programs have begun is waited for. Where no lock can be had,
        whoever guards the tries (``host.tries``) says whether a Request is made.

        Args:
            token: the token, whose own module is held too.
            modules: further modules through which it can be reached.
            seconds: how long it is held at most.

        Raises:
            RequestPending: another token of them is held already.
            TokenWaits: the same, by another program.
            TokenBusy: another program asks them for longer than is waited.
        """
        self.require_usable()
        paths = {real(module) for module in (token.identity.module.path, *modules)}
        with self._lock:
            for path in paths & self._held.keys():
                raise RequestPending(serial=self._held[path].serial)
            self._held |= dict.fromkeys(paths, token)
            busy = [turn for (_, module), turn in self._hosts.items() if real(module) in paths]
        try:
            for turn in busy:
                with turn.lock:
                    turn.door.leave()
            with suppress(OSError):
                self._have_alone(token, paths, seconds)
        except BaseException:
            self.release(token)
            raise

    def release(self, token: Token) -> None:
        """End what ``hold`` began."""
        if self.forked:
            return
        with self._lock:
            ended = [held for owner, held in self._alone if owner is token]
            self._alone = [each for each in self._alone if each[0] is not token]
            for each in ended:
                each.close()
            self._held = {path: held for path, held in self._held.items() if held is not token}

    def _have_alone(self, token: Token, modules: set[Path], seconds: float) -> None:
        told, patience = waits_record.begun(token, seconds), self._care.patience / 1000
        try:
            held = elsewhere.alone(self._doors, told, modules, patience)
        except TokenWaits:
            if not self._void_requests:
                raise
            return
        with self._lock:
            self._alone.append((token, held))

    def elsewhere(self, module: Path) -> Waits | None:
        """The Request that a module waits with in another program; None if there is none."""
        if real(module) in self._held or self._void_requests:
            return None
        return elsewhere.waiting(self._doors, module)

    def waiting(self, module: Path) -> Token | None:
        """The token that a module is held for; None if it is free."""
        return self._held.get(real(module))

    def watchers(self, modules: Iterable[Path]) -> Watchers:
        """What asks modules for their slot lists alone, also while a token of them is held.

        Args:
            modules: the modules, absolute paths.
        """
        self.require_usable()
        made = Watchers(
            modules, self._deadlines, self.waiting, self.elsewhere, verbose=self._verbose
        )
        self._watchers.add(made)
        return made

    def begin_inspect(self, adapter: str, module: Path, look: Look = EVERYTHING) -> None:
        """Have a module looked at without waiting for it; ``inspect`` waits."""
        with self._turn(adapter, module) as turn:
            if real(module) not in self._held:
                with suppress(LockwrightError):  # whoever fetches it is told
                    turn.door.enter()
                    turn.begin_inspect(look)

    def inspect(self, adapter: str, module: Path, look: Look = EVERYTHING) -> Inspection:
        """What a module shows.

        Raises:
            ModuleError: it cannot be loaded, crashed or hung.
            RequestPending: a token of it waits for a Response.
            TokenWaits: the same, in another program.
        """
        with self._turn(adapter, module) as turn:
            if holder := self._held.get(real(module)):
                raise RequestPending(serial=holder.serial)
            with turn.inside():
                return turn.inspect(look)

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the token's adapter, beside the token's module.

        Raises:
            RequestPending: the token, or another of its module, waits for a Response.
            TokenWaits: the same, in another program.
            RequestVoid: the process that held the Request open has ended.
        """
        adapter, module = str(token.adapter), token.identity.module.path
        with self._turn(adapter, module) as turn:
            if holder := self._held.get(real(module)):
                effect = hooks.HOOKS[hook].request
                if token is not holder or effect is None:
                    raise RequestPending(serial=holder.serial)
                if effect is RequestEffect.ENDS and not turn.alive:
                    self._drop(turn)  # another process would know of no Request
                    raise RequestVoid(reason=N_("the process that held the token has ended"))
            stays = (adapter, module) in self._staying
            with turn.inside() if holder is None else nullcontext():
                return turn.call(hook, token, stays=stays, **arguments)

    @contextmanager
    def staying(self, token: Token) -> Iterator[None]:
        """Keep one login as the user for every call about a token, until the end of the block."""
        key = str(token.adapter), token.identity.module.path
        if key in self._staying:
            yield
            return
        self._staying.add(key)
        try:
            yield
        finally:
            self._staying.discard(key)
            if key in self._hosts:
                with suppress(LockwrightError, RuntimeError), self._turn(*key) as turn:
                    turn.leave()

    def close(self) -> None:
        """End every host; they unload their modules side by side. Nothing can be asked then."""
        if self.forked:
            self._hosts = {}
            return
        with self._lock:
            self._closed = True
            turns = list(self._hosts.values())
            self._hosts.clear()
        for each in list(self._watchers):
            each.close()
        for turn in turns:
            turn.gone = True
            turn.begin_close()
        for turn in turns:
            turn.close()
        for _token, held in self._alone:
            held.close()

    @contextmanager
    def _turn(self, adapter: str, module: Path) -> Iterator[InTurn]:
        """A host for this thread alone; one that crashed or hung is replaced for the next call."""
        while True:
            turn = self._host(adapter, module)
            with turn.lock:
                if turn.gone:
                    continue
                try:
                    yield turn
                except (ModuleError, KeyboardInterrupt):
                    self._drop(turn)
                    raise
                return

    def _host(self, adapter: str, module: Path) -> InTurn:
        self.stops.refuse()
        self.require_usable()
        key = adapter, module
        with self._lock:
            self.stops.refuse()
            self.require_usable()
            fresh = key not in self._hosts
            scout = self._hosts.pop(("", module), None) if adapter and fresh else None
            if scout is not None:
                scout.adopt(self._ref(adapter), self._settings.get(adapter, {}))
                self._hosts[key] = scout
            if key not in self._hosts:
                door = Door(self._doors, module, void_requests=self._void_requests)
                self._hosts[key] = InTurn(self._made(adapter, module), door)
            return self._hosts[key]

    def _ref(self, adapter: str) -> AdapterRef:
        return AdapterRef(adapter, self._registry.plugin(adapter).value)

    def _made(self, adapter: str, module: Path) -> Host:
        ref = self._ref(adapter) if adapter else None
        settings = self._settings.get(adapter, {})
        if not self._isolate:
            return InProcessHost(ref, module, settings, self._care, self.stops)
        return ChildHost(
            ref,
            module,
            settings,
            deadlines=self._deadlines,
            care=self._care,
            verbose=self._verbose,
            stops=self.stops,
        )

    def _drop(self, turn: InTurn) -> None:
        with self._lock:
            self._hosts = {key: each for key, each in self._hosts.items() if each is not turn}
            turn.gone = True
        turn.close()
