"""The bank's desk at its address, and nobody else there: by its CA, by its key, or by both."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Callable

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
    DeskUntrusted,
    LineError,
)
from lockwright.i18n import N_
from lockwright.models import CaProfile

JSON = "application/json"
SECONDS = 12.0
"""How long a question may take that the desk answers at once."""
_NAME = "desk"


class Pinned:
    """Asks the desk; each question has a connection of its own.

    Args:
        settings: where it is, and how it is known.
        shows: has a context show a certificate of ours; None for none.

    Raises:
        DeskAddressUnfit: its address cannot be used.
        CertificateUnreadable: a file with its CA cannot be read.
    """

    def __init__(
        self, settings: DeskSettings, shows: Callable[[ssl.SSLContext], None] | None = None
    ) -> None:
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
        if shows is not None:
            shows(self._context)

    def ask(self, question: Question, seconds: float = SECONDS) -> Reply:
        """Ask one thing.

        Args:
            question: the question; its path is below the desk's address.
            seconds: how long it may take.

        Raises:
            DeskAway, DeskUntrusted: it is not answered.
        """
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

    def broken(self) -> DeskAway:
        """What is told of an answer that says not what it must."""
        return DeskAway(host=self.host, reason=N_("what it answers cannot be read"))

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
                return self.broken()
            case _:
                return DeskAway(host=self.host, reason=N_("the connection broke off"))
