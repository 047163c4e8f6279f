"""Questions to an HTTP server: each answered whole, within a deadline, of a bounded size.

No redirect is followed, nothing is decompressed, and no cookie is kept. Nothing is repeated but
what goes over a connection that was kept from a question before, and is closed.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Self, TypeVar
from urllib.parse import quote

import urllib3.exceptions as its
from urllib3.response import HTTPResponse

from lockwright.enrol.ca import proxies
from lockwright.enrol.ca.basic import Basic
from lockwright.enrol.ca.deadline import Deadline
from lockwright.enrol.ca.reasons import no_connection, wants_certificate
from lockwright.enrol.ca.tls import distrust, secure_url
from lockwright.enrol.ca.wires import Plain, Secure, Way, target, wire
from lockwright.errors import CaAnswerBroken, CaBroke, CaError, CaSilent, CaUnreachable
from lockwright.i18n import N_, language
from lockwright.models import CaProfile
from lockwright.records import dataclass

T = TypeVar("T")

LIMIT = 1024 * 1024
"""Longest answer, in bytes; a certificate with its chain takes a hundredth of it."""
_PIECE = 65536
_CLOSED = (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""What a connection fails with that the other side closed; ``RemoteDisconnected`` is one."""
_IN_A_PATH = "/%:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    """Status code."""
    media_type: str
    """Media type without parameters, lower-case; empty if none was given."""
    headers: Mapping[str, str]
    """Headers, their names in lower case."""
    body: bytes
    """The whole body."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a server is asked."""

    method: str
    """The method."""
    path: str
    """The path on the CA's host."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers beside the usual ones."""
    content: bytes | None = None
    """The body; None for none."""
    auth: Basic | None = None
    """Login and password; None for none."""


def exchange(ca: CaProfile, context: ssl.SSLContext, question: Question) -> Reply:
    """Ask a server one thing over a connection of its own.

    Args:
        ca: the CA.
        context: whom to trust.
        question: what it is asked.

    Raises:
        CaError: as ``Connection.ask`` has it.
    """
    with Connection(ca, context) as connection:
        return connection.ask(question)


class Connection:
    """A connection to a CA's server, made when it is needed; use it as a context manager.

    Args:
        ca: the CA.
        context: whom to trust.
        schemes: what its address may begin with.
        vouches: looks at the server's certificate, DER, before anything is asked, and raises what
            is not to be trusted.

    Raises:
        CaNotSecure: its address begins with something else.
        CaProxy: the proxy that is set is not one that can be used.
    """

    def __init__(
        self,
        ca: CaProfile,
        context: ssl.SSLContext,
        *,
        schemes: tuple[str, ...] = ("https",),
        vouches: Callable[[bytes], None] | None = None,
    ) -> None:
        self._ca = ca
        self._vouches = vouches
        self._context = context
        self._url = secure_url(ca, schemes=schemes)
        self._proxy = proxies.proxy_for(ca, self._url)
        self._wire: Plain | Secure | None = None
        self._asked = False
        """Whether a question may have gone out."""

    def connect(self) -> None:
        """Make the connection, if it is not there yet.

        Raises:
            CaError: as ``ask`` has it.
        """
        self._bounded(self._connected)

    def ask(self, question: Question) -> Reply:
        """Ask one thing; once more if the server closed the connection that was kept for it.

        It may have read the question before, so what is asked there must bear being heard twice.

        Raises:
            CaServerUntrusted: the server is not trusted; nothing was sent to it.
            CaUnreachable: there is no connection.
            CaProxy: the proxy gives none.
            CaSilent: it took too long.
            CaBroke: the connection ended in the middle.
            CaAnswerBroken: the answer is too long, or is not HTTP.
        """
        return self._bounded(lambda deadline: self._answered(question, deadline))

    def close(self) -> None:
        """Close the connection; it is made again if it is needed."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _bounded(self, work: Callable[[Deadline], T]) -> T:
        deadline = Deadline(self._ca.deadline)
        try:
            with deadline:
                return work(deadline)
        except CaError:
            self.close()
            raise
        # What is raised below holds none of these frames, in which the password is.
        except (OSError, http.client.HTTPException, its.HTTPError) as error:
            failure = self._failure(error, late=deadline.over)
        self.close()
        raise failure

    def _connected(self, deadline: Deadline) -> Plain | Secure:
        """The connection; what is kept of it is a new deadline's."""
        if self._wire is None or self._wire.sock is None:
            self._wire = wire(self._url, self._context, Way(self._proxy, deadline))
            self._wire.timeout = deadline.left
            self._wire.connect()
            self._wire.way.at_proxy = False
            if self._vouches is not None:
                self._vouches(_shown_by(self._wire))
        else:
            self._wire.timeout = deadline.left
            deadline.watch(self._wire.sock)
        return self._wire

    def _answered(self, question: Question, deadline: Deadline) -> Reply:
        kept = self._asked and self._wire is not None and self._wire.sock is not None
        try:
            return self._sent(question, deadline)
        except _CLOSED:
            if not kept or deadline.over:
                raise
        self.close()
        return self._sent(question, deadline)

    def _sent(self, question: Question, deadline: Deadline) -> Reply:
        connection = self._connected(deadline)
        first, self._asked = not self._asked, True
        connection.request(
            question.method,
            target(self._url, quote(question.path, safe=_IN_A_PATH), self._proxy),
            question.content,
            self._headers(question),
            preload_content=False,
        )
        response = connection.getresponse()
        if first and self._forwarder is not None and proxies.wants_login(response.status):
            raise proxies.login_wanted(self._ca, self._forwarder)
        reply = _read(self._ca, response)
        if deadline.over:  # a body that only the end of the connection ends was cut off by us
            raise TimeoutError
        return reply

    @property
    def _forwarder(self) -> proxies.Proxy | None:
        """The proxy that reads what is sent and passes it on, since there is no TLS within."""
        return self._proxy if self._url.scheme == "http" else None

    def _headers(self, question: Question) -> dict[str, str]:
        """Nothing compressed, and texts for the person in the language that the program speaks."""
        headers = {
            "User-Agent": "lockwright",
            "Accept-Encoding": "identity",
            "Accept-Language": language(),
            **question.headers,
        }
        if question.auth is not None:
            headers["Authorization"] = question.auth.value()
        return headers if self._forwarder is None else {**headers, **self._forwarder.headers()}

    def _failure(self, error: Exception, *, late: bool) -> CaError:
        """What an error means by what it is, and by how far the questions had come.

        Once one went out, nothing is said that means that none did.
        """
        ca = self._ca
        at_proxy = self._wire is not None and self._wire.way.at_proxy
        if not self._asked and at_proxy and self._proxy is not None:
            return proxies.refusal(ca, self._proxy, error, late=late)
        if late or isinstance(error, TimeoutError | its.TimeoutError):
            return CaSilent(ca=ca.name, seconds=f"{ca.deadline:g}")
        if not self._asked or wants_certificate(error):
            return self._not_reached(error)
        if _is_no_http(error):
            return CaAnswerBroken(ca=ca.name, reason=N_("it is not HTTP"))
        return CaBroke(ca=ca.name)

    def _not_reached(self, error: Exception) -> CaError:
        ca, url = self._ca, self._url
        if (untrusted := distrust(ca, url.hostname or "", error)) is not None:
            return untrusted
        return CaUnreachable(ca=ca.name, host=url.netloc, reason=no_connection(error))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _shown_by(wire: Plain | Secure) -> bytes:
    """The certificate of the other end, DER; nothing if there is none."""
    shown = getattr(wire.sock, "getpeercert", None)
    return (shown(binary_form=True) or b"") if shown is not None else b""


def _is_no_http(error: Exception) -> bool:
    """Whether something was answered, but not in HTTP; an end in the middle is another matter."""
    if isinstance(error, http.client.RemoteDisconnected | http.client.IncompleteRead):
        return False
    return isinstance(error, http.client.HTTPException | its.InvalidHeader)


def _read(ca: CaProfile, response: HTTPResponse) -> Reply:
    body = bytearray()
    while piece := response.read(_PIECE, decode_content=False):
        body += piece
        if len(body) > LIMIT:
            raise CaAnswerBroken(ca=ca.name, reason=N_("it is too long"))
    return Reply(
        status=response.status,
        media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
        headers={name.lower(): response.headers[name] for name in response.headers},
        body=bytes(body),
    )
