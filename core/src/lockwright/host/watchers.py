"""Processes beside those that work with tokens, which ask modules for their slot lists alone.

A module keeps what it knows of a token in its process. So whoever only wants to know what came and
went asks in another one, in which no token was ever opened: a Request that waits for its Response
in the first is not touched.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from lockwright.contract.stopping import Stops
from lockwright.errors import ModuleError
from lockwright.host.parent import ChildHost
from lockwright.models import Waits
from lockwright.models.deadlines import Deadlines

_PAUSE = 30.0
"""Seconds until a module that failed is asked again."""


class Watchers:
    """One process for each module, started when it is first asked.

    Args:
        modules: the modules, absolute paths.
        deadlines: how long a module may take; ``inspect`` counts.
        verbose: whether what they write to stderr is shown.
        busy: whether a module is not to be started now.
        elsewhere: the Request that a module waits with in another program, if one does.
    """

    def __init__(
        self,
        modules: Iterable[Path],
        deadlines: Deadlines,
        busy: Callable[[Path], object],
        elsewhere: Callable[[Path], Waits | None],
        *,
        verbose: bool,
    ) -> None:
        self._stops = Stops()
        self._busy = busy
        self._elsewhere = elsewhere
        self._hosts = {
            module: ChildHost(
                None, module, {}, deadlines=deadlines, verbose=verbose, stops=self._stops
            )
            for module in modules
        }
        self._rests: dict[Path, float] = {}
        """Modules that failed, and until when they are left alone."""
        self._lock = threading.Lock()
        self._closed = False

    def look(self) -> Mapping[Path, frozenset[int] | ModuleError]:
        """Ids of the slots that have a token, as each module tells them; or how it failed.

        A module that failed a while ago, or may not be started now, is missing.

        Raises:
            RuntimeError: they are closed.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("these arrivals are closed; begin anew")
            asked = {each: host for each, host in self._hosts.items() if self._can_ask(each, host)}
            for host in asked.values():
                host.begin_slots()
            return {module: self._slots(module, host) for module, host in asked.items()}

    def waits(self) -> dict[Path, Waits]:
        """The Requests that other programs hold open, by the modules; no module is asked."""
        found = {module: self._elsewhere(module) for module in self._hosts}
        return {module: waits for module, waits in found.items() if waits is not None}

    def close(self) -> None:
        """End them all; a look that goes on in another thread ends, too."""
        self._closed = True
        self._stops.stop(for_good=True)
        for host in self._hosts.values():
            host.begin_close()
        for host in self._hosts.values():
            host.close()

    def _can_ask(self, module: Path, host: ChildHost) -> bool:
        """Loading a module may make it look at every reader, which asking it does not."""
        if time.monotonic() < self._rests.get(module, 0.0):
            return False
        return host.alive or not (self._busy(module) or self._elsewhere(module))

    def _slots(self, module: Path, host: ChildHost) -> frozenset[int] | ModuleError:
        try:
            return host.slots()
        except ModuleError as error:
            self._rests[module] = time.monotonic() + _PAUSE
            return error
