"""One exchange with an HTTPS server: whole, within a deadline, of a bounded size, or an error.

No redirect is followed, nothing is decompressed, and no cookie is kept.
"""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Generator, Mapping
from dataclasses import dataclass

import httpx

from lockwright.enrol.ca.deadline import Deadline
from lockwright.enrol.ca.proxies import proxy_of, refused_by_proxy
from lockwright.enrol.ca.tls import distrust, secure_url
from lockwright.errors import CaAnswerBroken, CaBroke, CaError, CaSilent, CaUnreachable, reason_of
from lockwright.i18n import N_, _, language
from lockwright.models import CaProfile
from lockwright.secret import Secret

LIMIT = 1024 * 1024
"""Longest answer, in bytes; a certificate with its chain takes a hundredth of it."""


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


class Basic(httpx.Auth):
    """HTTP Basic authentication (RFC 7617); the password is in no variable of a longer life.

    Args:
        login: the login.
        password: the password.
    """

    def __init__(self, login: str, password: Secret) -> None:
        self._login = login
        self._password = password

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the header into a request, of which httpx shows it as ``[secure]``."""
        pair = base64.b64encode(self._login.encode() + b":" + self._password.reveal())
        request.headers["Authorization"] = f"Basic {pair.decode()}"
        del pair
        yield request


@dataclass(frozen=True, slots=True)
class Question:
    """What a server is asked."""

    method: str
    """The method."""
    path: str
    """The path on the CA's host."""
    headers: Mapping[str, str]
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
        CaServerUntrusted: the server is not trusted; nothing was sent to it.
        CaUnreachable: there is no connection.
        CaSilent: it took too long.
        CaBroke: the connection ended in the middle.
        CaAnswerBroken: the answer is too long, or is not HTTP.
    """
    url = secure_url(ca)
    deadline = Deadline(ca.deadline)
    try:
        return _answered(ca, context, question, deadline)
    except CaError:
        raise
    # What is raised below holds none of these frames, in which the password is.
    except httpx.HTTPError as error:
        failure = _failure(ca, url.hostname or "", error)
    except OSError as error:
        failure = unreachable(ca, url.hostname or "", error)
    raise silent(ca) if deadline.over else failure


def _answered(
    ca: CaProfile, context: ssl.SSLContext, question: Question, deadline: Deadline
) -> Reply:
    with (
        deadline,
        httpx.Client(verify=context, timeout=ca.deadline, follow_redirects=False) as client,
        client.stream(
            question.method,
            secure_url(ca)._replace(path=question.path).geturl(),
            headers={**_usual_headers(), **question.headers},
            content=question.content,
            auth=question.auth,
            extensions={"trace": deadline.trace},
        ) as response,
    ):
        return _read(ca, response)


def _usual_headers() -> Mapping[str, str]:
    """Nothing compressed, and texts for the person in the language that the program speaks."""
    return {"Accept-Encoding": "identity", "Accept-Language": language()}


def _read(ca: CaProfile, response: httpx.Response) -> Reply:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LIMIT:
            raise CaAnswerBroken(ca=ca.name, reason=N_("it is too long"))
    return Reply(
        status=response.status_code,
        media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
        headers={name.lower(): value for name, value in response.headers.items()},
        body=bytes(body),
    )


def _failure(ca: CaProfile, host: str, error: httpx.HTTPError) -> CaError:
    if (untrusted := distrust(ca, host, error)) is not None:
        return untrusted
    match error:
        case httpx.TimeoutException():
            return silent(ca)
        case httpx.ConnectError() | httpx.ProxyError():
            return _not_connected(ca, host, error)
        case httpx.RemoteProtocolError() if "disconnect" not in str(error) and (
            "closed" not in str(error)
        ):
            return CaAnswerBroken(ca=ca.name, reason=N_("it is not HTTP"))
        case _:
            return CaBroke(ca=ca.name)


def _not_connected(ca: CaProfile, host: str, error: Exception) -> CaError:
    """The error that there is no connection, of the proxy where one should have made it."""
    there, proxy = unreachable(ca, host, error), proxy_of(secure_url(ca))
    if proxy is None or isinstance(_cause(error), ssl.SSLError):
        return there
    status = str(error).partition(" ")[0]  # of httpx's ProxyError, which has it nowhere else
    told = int(status) if status.isdigit() else 0
    return refused_by_proxy(ca, proxy, status=told, reason=str(there.facts["reason"]))


def silent(ca: CaProfile) -> CaSilent:
    """The error that the deadline is over."""
    return CaSilent(ca=ca.name, seconds=f"{ca.deadline:g}")


def unreachable(ca: CaProfile, host: str, error: Exception) -> CaUnreachable:
    """The error that there is no connection, with the reason."""
    return CaUnreachable(ca=ca.name, host=host, reason=_reason(_cause(error)))


def _cause(error: BaseException) -> BaseException:
    """What the system or TLS said, wherever in the causes of an error."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    return cause or error


def _reason(error: BaseException) -> str:
    """Why there is no connection; TLS and the look-up of host names number errors their own way."""
    match error:
        case ssl.SSLError():
            said = _("the TLS handshake failed ({reason})")
            return said.format(reason=error.reason or type(error).__name__)
        case socket.gaierror():
            return N_("its host name cannot be resolved")
        case OSError():
            return reason_of(error)
        case _:
            return type(error).__name__
