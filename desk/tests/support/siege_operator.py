"""Operators at the pages of a help desk, who go on at the other server where one breaks off."""

from __future__ import annotations

import http.client
import random
import re
import secrets
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from help_desk import response_of
from lockwright.spoken import request_check, spell, spell_response
from siege_desk import AGENT, ORIGIN, Replica, SignedIn

_FORM = "application/x-www-form-urlencoded"
_STEPS = ("verify", "request", "words", "grounds", "answer", "outcome")
_BUSY, _SEE_OTHER, _OK = 503, 303, 200
_PATIENCE = 15.0
_GIVEN_UP = 120.0
"""Seconds after which a server that does not come back is a failure of the siege."""


class Broken(Exception):
    """The server broke off, or has no database: whether it was done is not known."""


@dataclass
class Seen:
    """What operators saw, all together."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """How long pages took, by kind."""
    cases: dict[str, str] = field(default_factory=dict)
    """Responses by case, as they were read."""
    requests: dict[str, bytes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    """What must not be."""
    broken: int = 0
    refused: list[str] = field(default_factory=list)
    """What was not done, and why."""
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Operator:
    """An operator with a browser.

    Args:
        who: the session.
        replicas: the servers.
        context: for TLS.
        seen: what is noted.
        think: seconds between two steps, on average.
    """

    who: SignedIn
    replicas: Sequence[Replica]
    context: ssl.SSLContext
    seen: Seen
    think: float = 0.0
    at: int = 0
    """Which server."""
    _line: http.client.HTTPSConnection | None = None

    def call(self, token: int, serial: str, request: bytes | None = None) -> None:
        """A whole call, from the queue to the end of the case."""
        try:
            self.ask("page", "GET", "/desk/queue")
        except Broken:
            self._elsewhere()
        case = self.prepared(token, serial, request or secrets.token_bytes(8))
        self.go_on(case, serial, until="outcome")

    def prepared(self, token: int, serial: str, request: bytes) -> str:
        """A case that is ready to be answered."""
        case = self._opened(token)
        with self.seen.lock:
            self.seen.requests[case] = request
        self.go_on(case, serial, until="grounds")
        return case

    def go_on(self, case: str, serial: str, until: str) -> None:
        """Do one step after the other; behind one that broke off the case says which is next."""
        begun = time.monotonic()
        while time.monotonic() < begun + _GIVEN_UP:
            try:
                page = self.ask("page", "GET", f"/desk/cases/{case}")[1]
                step = self._next(case, page)
                if step is None or _STEPS.index(step) > _STEPS.index(until):
                    return
                self._rest()
                self._do(case, serial, step, page)
            except Broken:
                self._elsewhere()
        self._note(f"case {case} of {self.who.name} did not come to its end")

    def answer(self, case: str, serial: str) -> bool:
        """Ask for the Response, once; whether it was given."""
        page = self.ask("page", "GET", f"/desk/cases/{case}")[1]
        return self._do(case, serial, "answer", page)

    def ask(
        self, kind: str, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """One request: status, page, and where the answer leads.

        Raises:
            Broken: there is no answer.
        """
        headers = {
            "Cookie": self.who.cookie,
            "User-Agent": AGENT,
            "Origin": ORIGIN,
            "Sec-Fetch-Site": "same-origin",
        }
        body = None
        if form is not None:
            body = urlencode({"forms": self.who.forms, **form})
            headers["Content-Type"] = _FORM
        begun = time.monotonic()
        try:
            if self._line is None:
                port = self.replicas[self.at].port
                self._line = http.client.HTTPSConnection(
                    "localhost", port, timeout=_PATIENCE, context=self.context
                )
            self._line.request(method, path, body, headers)
            reply = self._line.getresponse()
            page = reply.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise Broken from error
        took = time.monotonic() - begun
        if reply.status == _BUSY:
            raise Broken
        with self.seen.lock:
            self.seen.seconds[kind].append(took)
        return reply.status, page, reply.headers.get("Location", "")

    def _opened(self, token: int) -> str:
        begun = time.monotonic()
        while time.monotonic() < begun + _GIVEN_UP:
            try:
                status, page, place = self.ask("step", "POST", f"/desk/tokens/{token}/cases", {})
                if status == _SEE_OTHER:
                    return place.rpartition("/")[2]
                self._note(f"no case was opened: {status} {page[:200]}")
                break
            except Broken:
                self._elsewhere()
        raise RuntimeError("no case was opened")

    def _next(self, case: str, page: str) -> str | None:
        """The last step that the page offers: those before it can be done again."""
        there = set(re.findall(rf'action="/desk/cases/{case}/([a-z]+)"', page))
        there.discard("answer" if case in self.seen.cases else "outcome")
        return next((step for step in reversed(_STEPS) if step in there), None)

    def _do(self, case: str, serial: str, step: str, page: str) -> bool:
        request = self.seen.requests[case]
        forms = {
            "verify": {"means": "call-back"},
            "request": {"request": spell(request)},
            "words": {"words": request_check(serial, request).words("ru")},
            "grounds": {"reason": "забыл PIN", "ticket": "INC-1"},
            "answer": {},
            "outcome": {"outcome": "worked"},
        }
        revision = re.search(r'name="revision" value="(\d+)"', page)
        assert revision, page[:500]
        kind = "answer" if step == "answer" else "step"
        form = {"revision": revision[1], **forms[step]}
        status, shown, _place = self.ask(kind, "POST", f"/desk/cases/{case}/{step}", form)
        if step == "answer":
            return self._read(case, serial, status, shown)
        if status not in {_OK, _SEE_OTHER}:
            self._refused(case, step, status, shown)
        return status in {_OK, _SEE_OTHER}

    def _read(self, case: str, serial: str, status: int, page: str) -> bool:
        """Read the Response, and see that it is the right one."""
        found = " ".join(re.findall(r'<span class="digits">([0-9A-F]+)</span>', page))
        if status != _OK or not found:
            self._refused(case, "answer", status, page)
            return False
        request = self.seen.requests[case]
        if found != spell_response(serial, request, response_of(serial, request).reveal()):
            self._note(f"case {case} has a wrong Response")
        with self.seen.lock:
            self.seen.cases[case] = found
        return True

    def _refused(self, case: str, step: str, status: int, page: str) -> None:
        told = " ".join(re.sub(r"<[^>]*>", " ", page).split())
        with self.seen.lock:
            self.seen.refused.append(f"{step} of {case}: {status} {told[:1500]}")

    def go_to(self, replica: int) -> None:
        """Use that server from now on, without thinking."""
        if self._line is not None:
            self._line.close()
        self.at, self.think, self._line = replica, 0.0, None

    def _elsewhere(self) -> None:
        """Go to the other server, after a moment."""
        with self.seen.lock:
            self.seen.broken += 1
        think = self.think
        self.go_to((self.at + 1) % len(self.replicas))
        self.think = think
        time.sleep(0.3)

    def _rest(self) -> None:
        if self.think:
            time.sleep(random.uniform(0.5, 1.5) * self.think)  # noqa: S311  # no secret

    def _note(self, text: str) -> None:
        with self.seen.lock:
            self.seen.wrong.append(text)
