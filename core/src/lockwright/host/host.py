"""What a host can do, wherever it runs."""

from __future__ import annotations

from typing import Protocol

from lockwright.host.protocol import EVERYTHING, AdapterRef, Look
from lockwright.host.worker import Inspection
from lockwright.models import Token
from lockwright.models.settings import Settings


class Host(Protocol):
    """One adapter beside one module, wherever it runs."""

    def adopt(self, adapter: AdapterRef, settings: Settings) -> None:
        """Let an adapter work beside the module, where none did."""

    def begin_inspect(self, look: Look = EVERYTHING) -> None:
        """Have the module looked at without waiting for it."""

    def inspect(self, look: Look = EVERYTHING) -> Inspection:
        """What the module shows."""

    def call(self, hook: str, token: Token, *, stays: bool = False, **arguments: object) -> object:
        """Call a hook of the adapter."""

    def leave(self) -> None:
        """Log the user out who stayed logged in."""

    @property
    def alive(self) -> bool:
        """Whether the module is loaded and can be asked."""

    def begin_close(self) -> None:
        """Have the module unloaded without waiting for it; ``close`` waits."""

    def close(self) -> None:
        """Unload the module."""
