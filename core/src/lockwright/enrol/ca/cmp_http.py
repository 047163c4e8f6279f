"""CMP messages over HTTP (RFC 6712, RFC 9811): one connection for all of a transaction.

httpx is not used here: a server that speaks HTTP/1.0 with keep-alive, such as OpenSSL's, keeps
the transaction with the connection, and httpx opens a new one for each message then.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from typing import Self, TypeVar

from lockwright.enrol.ca.deadline import Deadline
from lockwright.enrol.ca.http import LIMIT, silent, unreachable
from lockwright.enrol.ca.proxies import answered_instead
from lockwright.enrol.ca.server_text import server_text
from lockwright.enrol.ca.tls import distrust, secure_url, verifying
from lockwright.errors import CaAnswerBroken, CaBroke, CaError, CaFailed
from lockwright.i18n import N_, _
from lockwright.models import CaProfile

T = TypeVar("T")

_PKIXCMP = "application/pkixcmp"
_OK, _FAILURES = 200, range(500, 600)
_CLOSED = (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""What a connection fails with that the other side closed; ``RemoteDisconnected`` is one."""
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
        plain = ca.settings.get(PLAIN) is True
        url = secure_url(ca, schemes=("https", "http") if plain else ("https",))
        self._host = url.hostname or ""
        path = url.path or "/"
        self._asked = False
        """Whether a message may have gone out."""
        self._path = f"{path.rstrip('/')}/{ca.label}" if ca.label else path
        self._connection = (
            http.client.HTTPSConnection(
                self._host, url.port, timeout=ca.deadline, context=verifying(ca)
            )
            if url.scheme == "https"
            else http.client.HTTPConnection(self._host, url.port, timeout=ca.deadline)
        )

    def connect(self) -> None:
        """Make the connection, if it is not there yet.

        Raises:
            CaError: the server cannot be reached, or is not trusted.
        """
        self._bounded(self._connect)

    def exchange(self, message: bytes) -> bytes:
        """Send a message and wait for the answer, both DER.

        Raises:
            CaError: the server cannot be reached, is not trusted, or does not answer.
        """
        return self._bounded(lambda deadline: self._exchange(message, deadline))

    def _bounded(self, work: Callable[[Deadline], T]) -> T:
        deadline = Deadline(self._ca.deadline)
        try:
            with deadline:
                return work(deadline)
        except CaError:
            raise
        except TimeoutError:
            failure: CaError = silent(self._ca)
        except (OSError, http.client.HTTPException) as error:
            failure = self._failure(error)
        raise silent(self._ca) if deadline.over else failure

    def _connect(self, deadline: Deadline) -> None:
        if self._connection.sock is None:
            self._connection.connect()
        deadline.watch(self._connection.sock)

    def _exchange(self, message: bytes, deadline: Deadline) -> bytes:
        response = self._response(message, deadline)
        body = response.read(LIMIT + 1)
        if len(body) > LIMIT:
            raise CaAnswerBroken(ca=self._ca.name, reason=N_("it is too long"))
        if response.length:
            raise CaBroke(ca=self._ca.name)
        kind = response.headers.get_content_type() if "content-type" in response.headers else ""
        if response.status == _OK and kind == _PKIXCMP:
            return body
        headers = {name.lower(): value for name, value in response.headers.items()}
        instead = answered_instead(self._ca, response.status, kind, headers)
        if instead is not None:
            raise instead
        text = server_text(body, kind)
        if response.status in _FAILURES:
            raise CaFailed(ca=self._ca.name, status=response.status, reason=text)
        reason = _("status {status}, and it says: {text}")
        raise CaAnswerBroken(
            ca=self._ca.name, reason=reason.format(status=response.status, text=_(text))
        )

    def _response(self, message: bytes, deadline: Deadline) -> http.client.HTTPResponse:
        """The answer; over a new connection, if the server closed the one that was kept."""
        kept = self._connection.sock is not None
        try:
            return self._sent(message, deadline)
        except _CLOSED:
            if not kept:
                raise
        self._connection.close()
        return self._sent(message, deadline)

    def _sent(self, message: bytes, deadline: Deadline) -> http.client.HTTPResponse:
        self._connect(deadline)
        headers = {"Content-Type": _PKIXCMP, "Connection": "keep-alive"}
        self._asked = True
        self._connection.request("POST", self._path, body=message, headers=headers)
        return self._connection.getresponse()

    def _failure(self, error: Exception) -> CaError:
        if (untrusted := distrust(self._ca, self._host, error)) is not None:
            return untrusted
        if self._asked or isinstance(error, http.client.HTTPException):
            return CaBroke(ca=self._ca.name)
        return unreachable(self._ca, self._host, error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._connection.close()
