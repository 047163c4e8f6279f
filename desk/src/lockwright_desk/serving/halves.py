"""Both halves of the desk behind one door: EST, and the help desk's pages where there are any."""

from __future__ import annotations

from typing import Any

from lockwright.i18n import _

from lockwright_desk.enrolment.desk import Desk
from lockwright_desk.enrolment.est import asgi as est
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient
from lockwright_desk.helpdesk.notices.sender import Sender, Sending
from lockwright_desk.helpdesk.over_line.strangers import Strangers
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.siem.sending import Sending as ToSiem
from lockwright_desk.signin.front import Front
from lockwright_desk.web import application as pages
from lockwright_desk.web import line_api, operator_api
from lockwright_desk.web.places import is_line, is_operators, is_page
from lockwright_desk.web.site import Site


class Halves:
    """The application of a desk.

    Args:
        desk: the desk.

    Raises:
        DeskNotReady: the help desk is configured by halves.
    """

    def __init__(self, desk: Desk) -> None:
        self._est = est.application(desk)
        self.site = site_of(desk)
        self._pages = None if self.site is None else pages.application(self.site)
        self._operators = None if self.site is None else operator_api.application(self.site)
        self._line = line_of(self.site)
        self._sending = sending_of(desk)
        if self._sending is not None:
            self._sending.begin()
        self._siem = siem_of(desk)
        if self._siem is not None:
            self._siem.begin()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if self._pages is not None and is_page(scope.get("path", "")):
            await self._pages(scope, receive, send)
        elif self._operators is not None and is_operators(scope.get("path", "")):
            await self._operators(scope, receive, send)
        elif self._line is not None and is_line(scope.get("path", "")):
            await self._line(scope, receive, send)
        else:
            await self._est(scope, receive, send)

    def end(self) -> None:
        """The server ends: nobody is kept waiting for what may change."""
        if self.site is not None:
            self.site.events.close()
        if self._sending is not None:
            self._sending.end()
        if self._siem is not None:
            self._siem.end()


def sending_of(desk: Desk) -> Sending | None:
    """What tells clients of their cases; None where there is no help desk."""
    settings = desk.settings.helpdesk
    if settings is None:
        return None
    return Sending(Sender(desk.database, desk.audit, settings, desk.now))


def siem_of(desk: Desk) -> ToSiem | None:
    """What tells the bank's collector; None where there is none."""
    settings = desk.settings
    return None if settings.siem is None else ToSiem(settings.siem, settings.audit)


def line_of(site: Site | None) -> Any:
    """What clients' windows ask; None where the line is not open."""
    if site is None or site.strangers is None:
        return None
    return line_api.application(site, site.strangers)


def site_of(desk: Desk) -> Site | None:
    """The help desk of a desk; None where none is configured.

    Raises:
        DeskNotReady: it is configured by halves.
    """
    settings = desk.settings
    if settings.helpdesk is None:
        return None
    if settings.signin is None or settings.keeper is None:
        raise DeskNotReady(reason=_("[helpdesk] needs the tables [signin] and [keeper]"))
    rules = rules_of(settings.adapters)
    keeper = KeeperClient(settings.keeper)
    parts = Parts(desk.database, desk.audit, keeper, settings.helpdesk, rules, desk.now)
    return Site(
        front=Front(settings, desk.database, desk.audit, desk.now),
        database=desk.database,
        help_desk=HelpDesk(parts),
        register=Register(desk.database, desk.audit, rules, desk.now),
        settings=settings.helpdesk,
        threads=desk.threads,
        strangers=Strangers(parts) if settings.helpdesk.line.is_open else None,
    )
