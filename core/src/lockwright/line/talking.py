"""What is said on the line: JSON over the one HTTP client, to nobody but the bank's own desk."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from lockwright.config.desk import DeskSettings
from lockwright.enrol.ca.http import Question, Reply
from lockwright.errors import DeskAway, DeskEnded, DeskRefused
from lockwright.i18n import N_
from lockwright.line.pinned import JSON, SECONDS, Pinned
from lockwright.records import dataclass
from lockwright.secret import Secret

REQUESTS = "/line/v1/requests"
REQUEST = "/line/v1/request"
RECEIVED = "/line/v1/request/received"
POLL_SECONDS = 25
"""How long the desk may keep a question until there is something new (RFC 7240, 4.3)."""
_TEXT = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A Request that the desk has."""

    number: str
    """Number on the line, digits."""
    secret: Secret
    """By which alone the answer is asked for."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How a Request on the line stands."""

    state: str
    """``waiting``, ``taken``, ``answered`` or ``ended``."""
    by: str = ""
    """Who answered."""
    sealed: bytes = b""
    """The sealed Response; empty until there is one."""
    why: str = ""
    """Why it ended: ``closed``, ``over``, ``received`` or ``called-off``."""


class Talk:
    """Speaks with the desk; each question has a connection of its own.

    Args:
        settings: where it is, and how it is known.

    Raises:
        DeskAddressUnfit: its address cannot be used.
        CertificateUnreadable: a file with its CA cannot be read.
    """

    def __init__(self, settings: DeskSettings) -> None:
        self._desk = Pinned(settings)
        self.host = self._desk.host

    def open(self, facts: Mapping[str, object]) -> Opened:
        """Send a Request.

        Args:
            facts: as the API has them.

        Raises:
            DeskAway, DeskUntrusted, DeskRefused, DeskAddressUnfit: it is not there.
        """
        content = json.dumps(facts).encode()
        question = Question("POST", REQUESTS, {"Content-Type": JSON}, content)
        said = self._said(self._ask(question), HTTPStatus.CREATED)
        number, secret = said.get("number"), said.get("secret")
        if not isinstance(number, str) or not isinstance(secret, str) or not number.isdecimal():
            raise self._broken()
        return Opened(number, Secret(secret))

    def look(self, secret: Secret, known: str) -> Heard | None:
        """How it stands, once that is another than what is known; None if it is the same still.

        Args:
            secret: of this Request.
            known: the state that is known.

        Raises:
            DeskAway, DeskUntrusted, DeskRefused, DeskEnded: it does not say.
        """
        headers = {"If-None-Match": f'"{known}"', "Prefer": f"wait={POLL_SECONDS}"}
        reply = self._ask(
            Question("GET", REQUEST, {**headers, **_by(secret)}), SECONDS + POLL_SECONDS
        )
        if reply.status == HTTPStatus.NOT_MODIFIED:
            return None
        said = self._said(reply, HTTPStatus.OK)
        try:
            return Heard(
                state=str(said["state"]),
                by=str(said.get("by") or ""),
                sealed=base64.b64decode(str(said.get("sealed") or ""), validate=True),
                why=str(said.get("why") or ""),
            )
        except (KeyError, ValueError):
            raise self._broken() from None

    def received(self, secret: Secret) -> None:
        """Say that the Response is here, so that the desk keeps it no longer.

        Raises:
            LineError: it could not be said.
        """
        self._said(self._ask(Question("POST", RECEIVED, _by(secret), b"")), HTTPStatus.NO_CONTENT)

    def call_off(self, secret: Secret, seconds: float) -> None:
        """Say that nobody waits any more.

        Args:
            secret: of this Request.
            seconds: how long it may take to say so.

        Raises:
            LineError: it could not be said.
        """
        self._said(self._ask(Question("DELETE", REQUEST, _by(secret)), seconds), 204)

    def _ask(self, question: Question, seconds: float = SECONDS) -> Reply:
        return self._desk.ask(question, seconds)

    def _said(self, reply: Reply, wanted: int) -> Mapping[str, object]:
        """What a reply says.

        Raises:
            DeskEnded: the desk knows nothing of this Request.
            DeskRefused: it has another reason.
            DeskAway: it is in trouble, or no desk answers there.
        """
        said: object = {}
        with suppress(ValueError):
            said = json.loads(reply.body) if reply.media_type == JSON else {}
        if not isinstance(said, dict):
            said = {}
        if reply.status == wanted:
            return said
        if reply.status == HTTPStatus.NOT_FOUND and said.get("code") == "line-unknown":
            raise DeskEnded(reason=N_("it does not know it any more"))
        if said.get("code") and reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise DeskRefused(reason=str(said.get("message"))[:_TEXT].rstrip("."))
        raise DeskAway(host=self.host, reason=N_("it is in trouble, or no help desk answers there"))

    def _broken(self) -> DeskAway:
        return self._desk.broken()


def _by(secret: Secret) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret.reveal_text()}"}
