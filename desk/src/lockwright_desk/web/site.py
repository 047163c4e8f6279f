"""What pages are made with: the services, the templates, and threads for what may wait."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from lockwright.errors import LockwrightError
from starlette.responses import HTMLResponse

from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.helpdesk.over_line.strangers import Strangers
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.signin.front import Front
from lockwright_desk.store.database import Database
from lockwright_desk.web.drawing import Drawing
from lockwright_desk.web.events import Events
from lockwright_desk.web.static_files import StaticFiles
from lockwright_desk.web.visit import Visit

_T = TypeVar("_T")


class Site:
    """Everything that a page needs.

    Args:
        front: who somebody is.
        database: the database.
        help_desk: the cases.
        register: the clients and their tokens.
        settings: what the bank wants of a case.
        threads: how many threads work on requests.
        strangers: takes Requests over the line; None where it is not open.
    """

    def __init__(  # each is a service of its own
        self,
        front: Front,
        database: Database,
        help_desk: HelpDesk,
        register: Register,
        settings: HelpdeskSettings,
        threads: int,
        strangers: Strangers | None = None,
    ) -> None:
        self.front = front
        self.database = database
        self.help_desk = help_desk
        self.register = register
        self.settings = settings
        self.strangers = strangers
        self.audit = register.audit
        self.static = StaticFiles()
        known = {"static": self.static.address, "has_oidc": front.settings.oidc is not None}
        self.drawing = Drawing(known, settings.hours.zone)
        self.events = Events(database)
        self._threads = CapacityLimiter(threads)

    @property
    def configuration(self) -> Settings:
        """The whole configuration."""
        return self.front.configuration

    async def in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        """Have something done that may wait."""
        return await to_thread.run_sync(functools.partial(work, *arguments), limiter=self._threads)

    def page(
        self, template: str, visit: Visit, *, status: int = 200, **named: object
    ) -> HTMLResponse:
        """A page for somebody who is signed in."""
        return self.drawing.page(template, status=status, visit=visit, **named)

    def request_length(self, adapter: str, model: str) -> int | None:
        """How many bytes a Request of a model has; None where nobody says."""
        try:
            return self.register.rules(adapter, model).request_length
        except LockwrightError:
            return None
