"""A host without a process: the module is loaded into the caller's own."""

from __future__ import annotations

from pathlib import Path

from lockwright.contract import hooks
from lockwright.contract.stopping import Stops, has_changed
from lockwright.host.beside import Beside
from lockwright.host.protocol import EVERYTHING, AdapterRef, Call, Care, Look, checked, pack_call
from lockwright.host.watching import watch
from lockwright.host.worker import Inspection
from lockwright.models import Token
from lockwright.models.settings import Settings
from lockwright.pkcs11.work import Work, working


class InProcessHost:
    """An adapter and its module in the caller's process, loaded when first needed.

    A module that crashes or hangs takes the caller along, and there are no deadlines.

    Args:
        adapter: the adapter; None until it was seen whose the module's tokens are.
        module: absolute path of the module.
        settings: the adapter's table of the configuration.
        care: how the tries of PINs are spared; None as for every other program.
        stops: stops what is asked, before it begins and between two objects that are removed.
    """

    def __init__(
        self,
        adapter: AdapterRef | None,
        module: Path,
        settings: Settings,
        care: Care | None = None,
        stops: Stops | None = None,
    ) -> None:
        self._stops = stops or Stops()
        self._beside = Beside(adapter, module, settings, care or Care())

    def adopt(self, adapter: AdapterRef, settings: Settings) -> None:
        """Let an adapter work beside the module, where none did."""
        self._beside.adopt(adapter, settings)

    def begin_inspect(self, look: Look = EVERYTHING) -> None:
        """Nothing: there is no one else to do it meanwhile."""

    def inspect(self, look: Look = EVERYTHING) -> Inspection:
        """What the module shows."""
        self._stops.refuse()
        return self._beside.inspect(look)

    def call(self, hook: str, token: Token, *, stays: bool = False, **arguments: object) -> object:
        """Call a hook of the adapter.

        Raises:
            TypeError: an argument is not of the hook's type, as in ``ChildHost.call``.
        """
        checked(lambda: pack_call(Call(hook, token, arguments)))
        self._stops.refuse()
        seen = watch()
        unwanted = lambda: seen.stopped or self._stops.since is not None  # noqa: E731
        with working(Work(lambda _happened, progress: seen.told(progress), unwanted)):
            answer = self._beside.call(hook, token, stays=stays, **arguments)
        if hooks.HOOKS[hook].changes:
            has_changed()
        return answer

    def leave(self) -> None:
        """Log the user out who stayed logged in."""
        self._beside.leave()

    @property
    def alive(self) -> bool:
        """Whether the module is loaded."""
        return self._beside.loaded

    def begin_close(self) -> None:
        """Nothing: ``close`` unloads the module."""

    def close(self) -> None:
        """Unload the module."""
        self._beside.close()
