"""What is said on the line: JSON over the one HTTP client, to nobody but the bank's own desk."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from cryptography import x509

from lockwright.config.desk import DeskSettings
from lockwright.enrol.ca.http import Connection, Question, Reply
from lockwright.enrol.ca.tls import secure_url, unverified, verifying
from lockwright.enrol.trust import der, read_anchors, spki
from lockwright.errors import (
    CaAddressUnclear,
    CaAnswerBroken,
    CaError,
    CaNotSecure,
    CaServerUntrusted,
    CaSilent,
    CaUnreachable,
    DeskAddressUnfit,
    DeskAway,
    DeskEnded,
    DeskRefused,
    DeskUntrusted,
    LineError,
)
from lockwright.i18n import N_
from lockwright.models import CaProfile
from lockwright.records import dataclass
from lockwright.secret import Secret

REQUESTS = "/line/v1/requests"
REQUEST = "/line/v1/request"
RECEIVED = "/line/v1/request/received"
JSON = "application/json"
SECONDS = 12.0
"""How long a question may take that the desk answers at once."""
POLL_SECONDS = 25
"""How long the desk may keep a question until there is something new (RFC 7240, 4.3)."""
_TEXT = 200
_NAME = "desk"


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
        self.host = ""
        anchors = tuple(map(der, read_anchors(settings.ca, for_chains=False)))
        self._pins = settings.pins
        self._profile = CaProfile(
            name=_NAME, kind="line", url=settings.url, server_anchors=anchors, deadline=SECONDS
        )
        try:
            url = secure_url(self._profile)
        except CaError as error:
            raise self._told(error) from None
        self.host, self._path = url.netloc, url.path.rstrip("/")
        self._context = verifying(self._profile) if anchors else unverified()

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
        ca = CaProfile(
            name=_NAME,
            kind="line",
            url=self._profile.url,
            server_anchors=self._profile.server_anchors,
            deadline=seconds,
        )
        path = Question(
            question.method,
            f"{self._path}{question.path}",
            {"Accept": JSON, **question.headers},
            question.content,
        )
        try:
            with Connection(ca, self._context, vouches=self._vouch) as connection:
                return connection.ask(path)
        except CaError as error:
            failure = self._told(error)
        raise failure

    def _vouch(self, certificate: bytes) -> None:
        """The certificate's key is one of those that IT has set, where it has set any."""
        if not self._pins:
            return
        key = spki(x509.load_der_x509_certificate(certificate))
        mark = f"sha256:{hashlib.sha256(key).hexdigest()}"
        if not any(hmac.compare_digest(mark, each) for each in self._pins):
            reason = N_("its key is not the one that is set for it")
            raise CaServerUntrusted(ca=_NAME, host=self.host, reason=reason)

    def _told(self, error: CaError) -> LineError:
        """The same of the desk."""
        reason = error.facts.get("reason", "")
        match error:
            case CaServerUntrusted():
                return DeskUntrusted(host=self.host, reason=reason)
            case CaNotSecure():
                return DeskAddressUnfit(reason=N_("its address must begin with https://"))
            case CaAddressUnclear():
                return DeskAddressUnfit(reason=reason)
            case CaUnreachable():
                return DeskAway(host=self.host, reason=reason)
            case CaSilent():
                return DeskAway(host=self.host, reason=N_("it does not answer in time"))
            case CaAnswerBroken():
                return self._broken()
            case _:
                return DeskAway(host=self.host, reason=N_("the connection broke off"))

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
        return DeskAway(host=self.host, reason=N_("what it answers cannot be read"))


def _by(secret: Secret) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret.reveal_text()}"}
