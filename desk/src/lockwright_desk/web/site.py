"""What pages are made with: the services, the templates, and threads for what may wait."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from lockwright import i18n
from starlette.responses import HTMLResponse

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.configuration.signin import SignInSettings
from lockwright_desk.signin.sessions import Sessions
from lockwright_desk.store.database import Database
from lockwright_desk.web.drawing import Drawing
from lockwright_desk.web.events import Events
from lockwright_desk.web.static_files import StaticFiles
from lockwright_desk.web.visit import Visit

_T = TypeVar("_T")


class Site:
    """Everything that a page needs.

    Args:
        settings: the configuration.
        signin: its table ``[signin]``.
        database: the database.
        audit: what is done is recorded there.
        now: the clock.
        threads: how many threads work on requests.
    """

    def __init__(
        self,
        settings: Settings,
        signin: SignInSettings,
        database: Database,
        audit: Recorder,
        now: clock.Clock = clock.now,
        threads: int = 4,
    ) -> None:
        self.settings = settings
        self.signin = signin
        self.database = database
        self.audit = audit
        self.now = now
        self.sessions = Sessions(signin, database)
        self.static = StaticFiles()
        self.drawing = Drawing({"static": self.static.address})
        self.events = Events(self._state)
        self._threads = CapacityLimiter(threads)
        self._thread_of_looks = CapacityLimiter(1)

    async def in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        """Have something done that may wait."""
        return await to_thread.run_sync(functools.partial(work, *arguments), limiter=self._threads)

    def page(
        self, template: str, visit: Visit, *, status: int = 200, **named: object
    ) -> HTMLResponse:
        """A page for somebody who is signed in."""
        return self.drawing.page(template, status=status, visit=visit, **named)

    async def _state(self) -> object:
        return await to_thread.run_sync(_nothing, limiter=self._thread_of_looks)


def _nothing() -> Mapping[str, object]:
    return {"language": i18n.language()}
