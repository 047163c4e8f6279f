"""The help desk's pages over a database of their own, and browsers that have no window."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from help_desk import EASY, RULES, Bench, Keys
from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.signin import forgery
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.web.application import application
from lockwright_desk.web.site import Site
from sign_in_desk import ORIGIN, Browser, Clock, Reply, SignInDesk
from soft_passkey import SoftPasskey

_FORM = "application/x-www-form-urlencoded"
_THREADS = 4


class PageDesk(SignInDesk):
    """One process of a desk with all of its pages.

    Args:
        folder: an empty folder.
        url: of the database.
        clock: what time it is.
        settings: ``[helpdesk]``.
        more: further lines of ``[signin]``, and tables behind it.
    """

    def __init__(
        self,
        folder: Path,
        url: str,
        clock: Clock,
        settings: HelpdeskSettings = EASY,
        more: str = "",
    ) -> None:
        super().__init__(folder, url, clock, more)
        self.bench = Bench(self.database, folder, settings, Keys(), clock())
        self.site = self._site(settings)
        self.app = application(self.site)
        self._passkeys: dict[str, SoftPasskey] = {}

    def set(self, **settings: Any) -> None:
        """Set some of ``[helpdesk]``."""
        self.bench.set(**settings)
        self.site = self._site(self.bench.settings)
        self.app = application(self.site)

    def browser(self, name: str, *roles: Role) -> PageBrowser:
        """The browser of somebody who has just signed in; added, if they are new."""
        if name not in self._passkeys:
            self._passkeys[name] = passkey = SoftPasskey(ORIGIN, "desk.bank.test")
            entered = PageBrowser(self).enrol(self.operator(name, *roles), passkey)
            assert entered.status == 200, entered.body
        browser = PageBrowser(self)
        assert browser.sign_in(self._passkeys[name]).status == 200
        browser.who = Who(name, frozenset(roles))
        return browser

    def _site(self, settings: HelpdeskSettings) -> Site:
        register = Register(self.database, self.bench.audit, RULES, self.clock)
        parts = replace(self.bench.parts(), settings=settings, clock=self.clock)
        return Site(self.front, self.database, HelpDesk(parts), register, settings, _THREADS)


class PageBrowser(Browser):
    """A browser that fills in forms."""

    who: Who

    def get(self, path: str, **headers: str) -> Reply:
        """GET."""
        return self.send("GET", path, headers={"sec-fetch-site": "same-origin", **headers})

    def submit(
        self, path: str, fields: Mapping[str, str] | None = None, *, token: str | None = None
    ) -> Reply:
        """POST a form of a page of this session, as the browser does."""
        said = {forgery.FIELD: self.forms if token is None else token, **(fields or {})}
        headers = {"content-type": _FORM, "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return self.send("POST", path, urlencode(said).encode(), headers)

    def follow(self, path: str, fields: Mapping[str, str] | None = None) -> Reply:
        """POST a form, and go where the answer leads."""
        reply = self.submit(path, fields)
        assert reply.status == 303, text_of(reply)
        return self.get(reply.headers["location"])

    @property
    def seen_somewhere(self) -> bool:
        """Whether it is still signed in."""
        return self.get("/desk/find").status == 200

    @property
    def forms(self) -> str:
        """What the forms of this session say; nothing where nobody is signed in."""
        found = re.search(
            rf'name="{forgery.FIELD}" value="(\w*)"', self.get("/desk/find").body.decode()
        )
        return found[1] if found else ""


def text_of(reply: Reply) -> str:
    """What a page says, without its tags; blanks are one."""
    body = re.sub(r"<[^>]*>", " ", reply.body.decode())
    return " ".join(html.unescape(body).split())


def field_of(reply: Reply, name: str) -> str:
    """The value of a field on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', reply.body.decode())
    assert found, text_of(reply)
    return html.unescape(found[1])
