"""The help desk for an operator's program, as docs/reference/operator-api.json has it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Self, TypeVar

from lockwright.config.desk import DeskSettings
from lockwright.enrol.ca.http import Question, Reply
from lockwright.errors import (
    DeskAddressUnfit,
    DeskUntrusted,
    HelpDeskAway,
    HelpDeskError,
    HelpDeskRefused,
    HelpDeskUnset,
    HelpDeskUntrusted,
    LineError,
)
from lockwright.i18n import N_
from lockwright.line.case import (
    Case,
    CaseAnswer,
    Said,
    TokenFound,
    answer_in,
    case_in,
    notes_in,
    part_of,
    tokens_in,
)
from lockwright.line.pinned import JSON, SECONDS, Pinned
from lockwright.secret import Secret

ROOT = "/operator/v1"
_ANSWER_SECONDS = 60.0
"""How long an answer may take, for which the desk waits for keeper and HSM."""
_LAST_SECONDS = 4.0
"""How long signing out may take."""
_TEXT = 1000
_T = TypeVar("_T")


class Operating:
    """An operator at the help desk; signed in as long as the block lasts.

    Each step of a case names it as it was seen. ::

        with Operating(config.desk, password) as desk:
            [token] = desk.tokens("6976")
            case = desk.verify(desk.open(token), "call-back")

    Args:
        settings: where it is, and what to sign in with.
        password: called where the private key is encrypted.

    Raises:
        HelpDeskUnset: there is nothing to sign in with, or its address cannot be used.
        CertificateUnreadable: a file with its CA cannot be read.
    """

    def __init__(self, settings: DeskSettings | None, password: Callable[[], Secret]) -> None:
        if settings is None:
            raise HelpDeskUnset(reason=N_("none is set"))
        certificate, key = settings.certificate, settings.key
        if certificate is None:
            raise HelpDeskUnset(reason=N_("[desk] certificate is missing, to sign in with"))

        def show(context: ssl.SSLContext) -> None:
            try:
                context.load_cert_chain(certificate, key, lambda: password().reveal())
            except (OSError, ValueError):  # ssl.SSLError is one
                reason = N_("the certificate to sign in with, or its key, cannot be read")
                raise HelpDeskUnset(reason=reason) from None

        try:
            self._desk = Pinned(settings, show)
        except LineError as error:
            raise self._told(error) from None
        self._session: Secret | None = None

    def tokens(self, serial: str) -> tuple[TokenFound, ...]:
        """Tokens by the serial number, or its last digits.

        Raises:
            HelpDeskError: it is not answered; so it is with each of these.
        """
        return self._read(tokens_in, self._ask("POST", "/tokens", {"serial": serial}))

    def open(self, token: TokenFound) -> Case:
        """Open a case: somebody called about a token."""
        return self._read(case_in, self._ask("POST", "/cases", {"token": token.id}, 201))

    def see(self, number: str, *, by_itself: bool = False) -> Case:
        """A case as it is now.

        Args:
            number: its number, with what sets its digits apart or without.
            by_itself: whether the program asks, and not the person: that keeps nobody signed in.
        """
        digits = "".join(char for char in number if char.isascii() and char.isdigit())
        headers = {"X-By-Itself": "yes"} if by_itself else {}
        return self._read(case_in, self._ask("GET", f"/cases/{digits or '0'}", headers=headers))

    def verify(self, case: Case, means: str) -> Case:
        """Record that the caller is the client, and by what that was seen."""
        return self._step(case, "verify", {"means": means})

    def take(self, case: Case, request: str) -> tuple[Case, tuple[str, ...]]:
        """Note the Request as it was heard; the case, and what was read otherwise than typed."""
        said = self._of_case(case, "request", {"request": request})
        return self._read(lambda said: (case_in(part_of(said, "case")), notes_in(said)), said)

    def hear(self, case: Case, heard: str | None) -> Case:
        """Compare the words as the client said them; None where those shown are confirmed."""
        return self._step(case, "words", {"heard": heard})

    def explain(self, case: Case, reason: str, ticket: str) -> Case:
        """Note why; then the case is ready, or waits for a second person."""
        return self._step(case, "grounds", {"reason": reason, "ticket": ticket})

    def answer(self, case: Case) -> tuple[Case, CaseAnswer]:
        """The Response, which is the caller's to wipe; also once more, if it got lost."""
        said = self._of_case(case, "answer", {}, _ANSWER_SECONDS)
        return self._read(
            lambda said: (case_in(part_of(said, "case")), answer_in(part_of(said, "response"))),
            said,
        )

    def close(self, case: Case, outcome: str) -> Case:
        """Close it: ``worked``, ``failed`` or ``call-off``."""
        return self._step(case, "outcome", {"outcome": outcome})

    def __enter__(self) -> Self:
        said = self._ask("POST", "/session", {}, HTTPStatus.CREATED)
        value = said.get("session")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise self._told(self._desk.broken())
        self._session = Secret(value)
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._session is not None:
            with suppress(HelpDeskError), self._session:
                self._ask("DELETE", "/session", None, HTTPStatus.NO_CONTENT, seconds=_LAST_SECONDS)
            self._session = None

    def _step(self, case: Case, name: str, said: Mapping[str, object]) -> Case:
        return self._read(case_in, self._of_case(case, name, said))

    def _of_case(
        self, case: Case, name: str, said: Mapping[str, object], seconds: float = SECONDS
    ) -> Said:
        facts = {"revision": case.revision, **said}
        return self._ask("POST", f"/cases/{case.number}/{name}", facts, seconds=seconds)

    def _ask(  # a question has so many parts
        self,
        method: str,
        path: str,
        said: Mapping[str, object] | None = None,
        wanted: int = HTTPStatus.OK,
        *,
        seconds: float = SECONDS,
        headers: Mapping[str, str] | None = None,
    ) -> Said:
        sent = dict(headers or {})
        if self._session is not None:
            sent["Authorization"] = f"Bearer {self._session.reveal_text()}"
        content = None
        if said is not None:
            sent["Content-Type"], content = JSON, json.dumps(said).encode()
        try:
            reply = self._desk.ask(Question(method, f"{ROOT}{path}", sent, content), seconds)
        except LineError as error:
            failure = self._told(error)
        else:
            return self._said(reply, wanted)
        raise failure

    def _said(self, reply: Reply, wanted: int) -> Said:
        """What a reply says.

        Raises:
            HelpDeskRefused: the desk says no.
            HelpDeskAway: no help desk answers there.
        """
        said: object = {}
        with suppress(ValueError, RecursionError):
            said = json.loads(reply.body) if reply.media_type == JSON else {}
        found = said if isinstance(said, dict) else {}
        if reply.status == wanted:
            return found
        code, message, advice = (found.get(name) for name in ("code", "message", "advice"))
        if isinstance(code, str) and isinstance(message, str):
            told = f"{message} {advice}" if isinstance(advice, str) else message
            raise HelpDeskRefused(reason=told.strip()[:_TEXT], desk_code=code[:_TEXT])
        reason = N_("it is in trouble, or no help desk answers there")
        raise HelpDeskAway(host=self._desk.host, reason=reason)

    def _read(self, read: Callable[[Said], _T], said: Said) -> _T:
        try:
            return read(said)
        except ValueError:
            raise self._told(self._desk.broken()) from None

    @staticmethod
    def _told(error: LineError) -> HelpDeskError:
        """The same for whoever answers: nobody is to read a Request out."""
        host, reason = error.facts.get("host", ""), error.facts.get("reason", "")
        match error:
            case DeskUntrusted():
                return HelpDeskUntrusted(host=host, reason=reason)
            case DeskAddressUnfit():
                return HelpDeskUnset(reason=reason)
            case _:
                return HelpDeskAway(host=host, reason=reason)
