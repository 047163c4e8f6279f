"""A host without a process: the module is loaded into the caller's own."""

from __future__ import annotations

from pathlib import Path

from lockwright.host.protocol import AdapterRef, Call, Care, Look, checked, pack_call
from lockwright.host.worker import Inspection, Worker
from lockwright.models import Token
from lockwright.models.settings import Settings


class InProcessHost:
    """An adapter and its module in the caller's process, loaded when first needed.

    A module that crashes or hangs takes the caller along, and there are no deadlines.

    Args:
        adapter: the adapter.
        module: absolute path of the module.
        settings: the adapter's table of the configuration.
        care: how the tries of PINs are spared; None as for every other program.
    """

    def __init__(
        self, adapter: AdapterRef, module: Path, settings: Settings, care: Care | None = None
    ) -> None:
        self._adapter = adapter
        self._module = module
        self._settings = settings
        self._care = care or Care()
        self._worker: Worker | None = None

    def begin_inspect(self, look: Look) -> None:
        """Nothing: there is no one else to do it meanwhile."""

    def inspect(self, look: Look) -> Inspection:
        """What the module shows."""
        return self._loaded().inspect(look)

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the adapter.

        Raises:
            TypeError: an argument is not of the hook's type, as in ``ChildHost.call``.
        """
        checked(lambda: pack_call(Call(hook, token, arguments)))
        return self._loaded().call(hook, token, **arguments)

    @property
    def alive(self) -> bool:
        """Whether the module is loaded."""
        return self._worker is not None

    def begin_close(self) -> None:
        """Nothing: ``close`` unloads the module."""

    def close(self) -> None:
        """Unload the module."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _loaded(self) -> Worker:
        if self._worker is None:
            self._worker = Worker(self._adapter, self._module, self._settings, self._care)
        return self._worker
