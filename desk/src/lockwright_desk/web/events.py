"""Server-sent events: the browser is told that something changed, and asks what.

Nothing of the desk's data is in an event. One watch of the database serves all browsers of a
process; each stream ends after a minute, and the browser that comes again shows its session.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from lockwright_desk.helpdesk.live import Changes
from lockwright_desk.store.database import Database

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
        database: the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: set[asyncio.Event] = set()
        self._watch: asyncio.Task[None] | None = None
        self._closed = False

    @contextmanager
    def waiting(self) -> Iterator[asyncio.Event]:
        """An event that is set after each change, until the end of the block."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.get_running_loop().create_task(self._pass_on())
        try:
            yield changed
        finally:
            self._waiting.discard(changed)

    @property
    def closed(self) -> bool:
        """Whether the server ends."""
        return self._closed

    async def stream(self) -> AsyncIterator[bytes]:
        """One browser's events, from now on."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_SECONDS
        with self.waiting() as changed:
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

    def close(self) -> None:
        """The server ends: so do the streams."""
        self._closed = True
        self._tell()
        if self._watch is not None:
            self._watch.cancel()

    async def _pass_on(self) -> None:
        """Pass changes on as long as somebody waits."""
        async with Changes(self._database) as changes:
            while self._waiting and not self._closed:
                number = changes.number
                await changes.after(number)
                self._tell()

    def _tell(self) -> None:
        for changed in self._waiting:
            changed.set()
