"""A host that several threads share: each asks in turn, and none is given another's answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from lockwright.errors import LockwrightError
from lockwright.host.elsewhere import Door
from lockwright.host.host import Host
from lockwright.host.protocol import EVERYTHING, AdapterRef, Look
from lockwright.host.worker import Inspection
from lockwright.models import Token
from lockwright.models.settings import Settings


class InTurn:
    """A host and whose turn it is; all but ``close`` is for the thread that holds ``lock``.

    Args:
        host: the host.
        door: the way to its module, which other programs may use, too.
    """

    def __init__(self, host: Host, door: Door) -> None:
        self.lock = threading.RLock()
        self.gone = False
        """Whether another host has taken its place, so that nobody may ask it any more."""
        self.door = door
        self._host = host
        self._looking: Look | None = None
        self._looked: Inspection | LockwrightError | None = None
        self._adopted: tuple[AdapterRef, Settings] | None = None

    def adopt(self, adapter: AdapterRef, settings: Settings) -> None:
        """Let an adapter work beside the module from the next question on, where none did."""
        self._adopted = adapter, settings

    @property
    def alive(self) -> bool:
        """Whether the module is loaded and can be asked."""
        return self._host.alive

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Ask the module in the block, unless a Request waits there in another program.

        Raises:
            TokenWaits, TokenBusy: see ``Door.enter``.
        """
        self.door.enter()
        try:
            yield
        finally:
            self.door.leave()

    def begin_inspect(self, look: Look = EVERYTHING) -> None:
        """Have the module looked at; a look that was begun and given up says nothing any more."""
        if self._looking is not None:
            with suppress(LockwrightError):
                self.inspect(self._looking)
        self._adopt()
        self._host.begin_inspect(look)
        self._looking = look

    def inspect(self, look: Look = EVERYTHING) -> Inspection:
        """What the module shows, or showed when a call of another thread came between."""
        looked, self._looked, self._looking = self._looked, None, None
        if isinstance(looked, LockwrightError):
            raise looked
        return looked or self._host.inspect(look)

    def leave(self) -> None:
        """Log the user out who stayed logged in."""
        if self.alive:
            self._host.leave()

    def call(self, hook: str, token: Token, *, stays: bool, **arguments: object) -> object:
        """Call a hook; the answer to a look that was begun is waited for and kept before."""
        if self._looking is not None:
            try:
                self._looked = self.inspect(self._looking)
            except LockwrightError as error:
                self._looked = error
        self._adopt()
        return self._host.call(hook, token, stays=stays, **arguments)

    def _adopt(self) -> None:
        adopted, self._adopted = self._adopted, None
        if adopted is not None:
            self._host.adopt(*adopted)

    def begin_close(self) -> None:
        """Have the module unloaded without waiting for it, unless it is busy."""
        self._host.begin_close()

    def close(self) -> None:
        """Unload the module; one that is busy with another thread's call is ended."""
        self._host.close()
        self.door.leave()
