"""CMP messages over HTTP (RFC 6712, RFC 9811): one connection for all of a transaction.

A server that speaks HTTP/1.0 with keep-alive, such as OpenSSL's, keeps the transaction with the
connection.
"""

from __future__ import annotations

from typing import Self

from lockwright.enrol.ca.gateways import answered_instead
from lockwright.enrol.ca.http import Connection, Question, Reply
from lockwright.enrol.ca.server_text import server_text
from lockwright.enrol.ca.tls import secure_url, unverified, verifying
from lockwright.errors import CaAnswerBroken, CaError, CaFailed
from lockwright.i18n import _
from lockwright.models import CaProfile

_PKIXCMP = "application/pkixcmp"
_HEADERS = {"Content-Type": _PKIXCMP, "Connection": "keep-alive"}
_OK, _FAILURES = 200, range(500, 600)
PLAIN = "plain_http"
"""Setting that allows HTTP without TLS; the messages are protected, but can be read."""


class Channel:
    """A connection to a CMP server; use it as a context manager.

    Args:
        ca: the CA.

    Raises:
        CaNotSecure: its address is not https, and it is not set that http will do.
    """

    def __init__(self, ca: CaProfile) -> None:
        self._ca = ca
        schemes = ("https", "http") if ca.settings.get(PLAIN) is True else ("https",)
        url = secure_url(ca, schemes=schemes)
        path = url.path or "/"
        self._path = f"{path.rstrip('/')}/{ca.label}" if ca.label else path
        context = verifying(ca) if url.scheme == "https" else unverified()
        self._connection = Connection(ca, context, schemes=schemes)

    def connect(self) -> None:
        """Make the connection, if it is not there yet.

        Raises:
            CaError: the server cannot be reached, or is not trusted.
        """
        self._connection.connect()

    def exchange(self, message: bytes) -> bytes:
        """Send a message and wait for the answer, both DER.

        Over a kept connection that the server closed meanwhile it is sent again: its nonces make
        it the same message.

        Raises:
            CaError: the server cannot be reached, is not trusted, or does not answer.
        """
        reply = self._connection.ask(Question("POST", self._path, _HEADERS, message))
        if reply.status == _OK and reply.media_type == _PKIXCMP:
            return reply.body
        raise self._no_answer(reply)

    def _no_answer(self, reply: Reply) -> CaError:
        instead = answered_instead(self._ca, reply)
        if instead is not None:
            return instead
        text = server_text(reply.body, reply.media_type)
        if reply.status in _FAILURES:
            return CaFailed(ca=self._ca.name, status=reply.status, reason=text)
        reason = _("status {status}, and it says: {text}")
        return CaAnswerBroken(
            ca=self._ca.name, reason=reason.format(status=reply.status, text=_(text))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._connection.close()
