"""The caller's side of a host: start the child, call it within a deadline, tell how it failed."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Protocol

from lockwright import i18n
from lockwright.contract import hooks
from lockwright.errors import (
    LockwrightError,
    ModuleCrashed,
    ModuleHung,
    ModuleNotLoadable,
    reason_of,
)
from lockwright.host.process import ChildProcess, Ended
from lockwright.host.protocol import (
    AdapterRef,
    Answered,
    Call,
    Care,
    Failed,
    Inspect,
    Respond,
    Start,
    unpack,
)
from lockwright.host.worker import Inspection
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines
from lockwright.models.settings import Settings
from lockwright.secret import Secret

_INSPECT = N_("list the tokens")


class Host(Protocol):
    """One adapter beside one module, wherever it runs."""

    def begin_inspect(self) -> None:
        """Have the module looked at without waiting for it."""

    def inspect(self) -> Inspection:
        """What the module shows."""

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the adapter."""

    @property
    def alive(self) -> bool:
        """Whether the module is loaded and can be asked."""

    def begin_close(self) -> None:
        """Have the module unloaded without waiting for it; ``close`` waits."""

    def close(self) -> None:
        """Unload the module."""


class ChildHost:
    """An adapter and its module in a child process, started when first needed.

    Args:
        adapter: the adapter.
        module: absolute path of the module; None where a Request is answered without any.
        settings: the adapter's table of the configuration.
        deadlines: how long a call may take.
        verbose: whether what the module writes to stderr is shown.
        care: how the tries of PINs are spared; None as for every other program.
    """

    def __init__(
        self,
        adapter: AdapterRef,
        module: Path | None,
        settings: Settings,
        *,
        deadlines: Deadlines,
        verbose: bool,
        care: Care | None = None,
    ) -> None:
        self._adapter = adapter
        self._module = module
        self._settings = settings
        self._deadlines = deadlines
        self._care = care or Care()
        self._verbose = verbose
        self._subject = str(module or adapter.name)
        self._child: ChildProcess | None = None
        self._asked: float | None = None

    def begin_inspect(self) -> None:
        """Have the module looked at without waiting for it; ``inspect`` waits.

        Raises:
            ModuleNotLoadable: the system starts no process.
        """
        if self._asked is None:
            self._ask(Inspect())

    def inspect(self) -> Inspection:
        """What the module shows.

        Raises:
            ModuleError: it cannot be loaded, crashed or hung.
            AdapterBroken: the adapter failed on it.
        """
        self.begin_inspect()
        value = self._answer(self._deadlines.inspect, _INSPECT)
        if not isinstance(value, Inspection):
            raise TypeError("an inspection is answered by an Inspection")
        return value

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the adapter.

        Args:
            hook: name of the hook.
            token: the token it is about.
            arguments: its further arguments.

        Raises:
            LockwrightError: what the adapter raised, or how the module failed.
        """
        self._ask(Call(hook, token, arguments))
        declared = hooks.HOOKS[hook]
        seconds = self._deadlines.generate if declared.slow else self._deadlines.call
        return self._answer(seconds, declared.doing)

    def respond(self, asked: Respond) -> Secret:
        """Have a Request answered where no token is.

        Args:
            asked: the Request and the key.

        Raises:
            LockwrightError: what the adapter or the HSM raised, or how the module failed.
        """
        self._ask(asked)
        value = self._answer(self._deadlines.call, hooks.HOOKS["lockwright_respond"].doing)
        if not isinstance(value, Secret):
            raise TypeError("a Request is answered by a Secret")
        return value

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        return self._child is not None and self._child.alive

    def begin_close(self) -> None:
        """Have the child unload its module without waiting for it; ``close`` waits."""
        if self._child is not None and self._asked is None:
            self._child.dismiss()

    def close(self) -> None:
        """Let the child unload its module; one that is still busy is ended at once."""
        child, self._child = self._child, None
        if child is not None:
            child.close() if self._asked is None else child.kill()

    def _ask(self, request: Inspect | Call | Respond) -> None:
        if self._child is None:
            self._child = self._start()
        self._asked = time.monotonic()
        self._child.send(request)

    def _start(self) -> ChildProcess:
        settings, language = dict(self._settings), i18n.language()
        start = Start(self._adapter, self._module, settings, sys.path, language, self._care)
        try:
            return ChildProcess(start, verbose=self._verbose)
        except OSError as error:
            reason = reason_of(error)
        raise ModuleNotLoadable(module=self._subject, reason=reason)

    def _answer(self, seconds: float, action: str) -> object:
        """Wait for the answer to what was asked; a child that fails to give one is ended."""
        if self._child is None or self._asked is None:
            raise RuntimeError("nothing was asked")
        try:
            answer = self._child.receive(self._asked + seconds)
        except TimeoutError:
            self._end()
            failure: LockwrightError = ModuleHung(
                module=self._subject, seconds=f"{seconds:g}", action=action
            )
        except Ended as ended:
            self._end()
            failure = ModuleCrashed(module=self._subject, signal=ended.how, action=action)
        else:
            self._asked = None
            if isinstance(answer, Answered):
                return answer.value
            if not isinstance(answer, Failed):
                raise TypeError(f"{type(answer).__name__} is no answer")
            failure = unpack(answer)
        failure.adapter = failure.adapter or self._adapter.name
        raise failure

    def _end(self) -> None:
        child, self._child, self._asked = self._child, None, None
        if child is not None:
            child.kill()
