"""CMP messages over HTTP (RFC 6712, RFC 9811): one connection for all of a transaction.

A server that speaks HTTP/1.0 with keep-alive, such as OpenSSL's, keeps the transaction with the
connection.
"""

from __future__ import annotations

from typing import Self

from lockwright.enrol.ca.http import Connection, Question
from lockwright.enrol.ca.statuses import failure
from lockwright.enrol.ca.tls import secure_url, unverified, verifying
from lockwright.models import CaProfile

_PKIXCMP = "application/pkixcmp"
_HEADERS = {"Content-Type": _PKIXCMP, "Connection": "keep-alive"}
_OK = 200
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
        raise failure(self._ca, reply)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._connection.close()
