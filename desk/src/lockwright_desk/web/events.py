"""Server-sent events: the browser is told that something changed, and asks what.

Nothing of the desk's data is in an event. One look a second at the database serves all browsers
of a process; each stream ends after a minute, and the browser that comes again shows its session.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from lockwright_desk.errors import DatabaseAway

SECONDS = 1.0
"""Between two looks."""
BEAT_SECONDS = 10.0
"""Between two comments on a stream where nothing happens; a browser that is gone is noticed."""
LONGEST_SECONDS = 60.0
"""How long a stream lasts."""
_AGAIN = b"retry: 1000\n\n"
_CHANGED = b"event: changed\ndata:\n\n"
_BEAT = b": here\n\n"


class Events:
    """Tells browsers of changes.

    Args:
        look: tells how things are now; another value is a change.
    """

    def __init__(self, look: Callable[[], Awaitable[object]]) -> None:
        self._look = look
        self._seen: object = None
        self._waiting: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    async def stream(self) -> AsyncIterator[bytes]:
        """One browser's events, from now on."""
        loop = asyncio.get_running_loop()
        changed, until = asyncio.Event(), loop.time() + LONGEST_SECONDS
        self._waiting.add(changed)
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._keep_looking())
        try:
            yield _AGAIN
            while not self._closed and loop.time() < until:
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        await changed.wait()
                except TimeoutError:
                    yield _BEAT
                else:
                    changed.clear()
                    yield _CHANGED
        finally:
            self._waiting.discard(changed)

    def close(self) -> None:
        """The server ends: so do the streams."""
        self._closed = True
        self._tell()

    async def _keep_looking(self) -> None:
        while self._waiting and not self._closed:
            await self._look_once()
            await asyncio.sleep(SECONDS)

    async def _look_once(self) -> None:
        try:
            now = await self._look()
        except DatabaseAway:
            return
        if now != self._seen:
            self._seen = now
            self._tell()

    def _tell(self) -> None:
        for changed in self._waiting:
            changed.set()
