"""A transport that is not closed before the client could read why.

A socket that is closed while its client still sends is reset, and the answer may be lost with it
(RFC 9112, section 9.6). So whatever else comes is read and dropped for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


class Reluctant(asyncio.Transport):
    """What uvicorn writes to and closes.

    Args:
        transport: the real one.
        wrote: called after something was written.
        part: called once, in place of closing the real one.
    """

    def __init__(
        self, transport: asyncio.Transport, wrote: Callable[[], None], part: Callable[[], None]
    ) -> None:
        super().__init__()
        self._transport = transport
        self._wrote = wrote
        self._part = part
        self._parting = False

    def close(self) -> None:
        """Begin to part."""
        if not self._parting:
            self._parting = True
            self._part()

    def is_closing(self) -> bool:
        """Whether parting has begun."""
        return self._parting or self._transport.is_closing()

    def write(self, data: Any) -> None:
        """Write."""
        self._transport.write(data)
        self._wrote()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the real one knows."""
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Read nothing for now; while parting, reading goes on."""
        if not self.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again."""
        if not self.is_closing():
            self._transport.resume_reading()
