"""A connection of urllib3's, made the way of a CA's address: direct, through a proxy, with TLS.

urllib3 speaks HTTP and TLS, and with proxies. What it lacks is here: names that are looked up
within a deadline, and interim answers that are passed over. Its pools, which repeat, redirect and
keep cookies, are not used.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from urllib.parse import SplitResult

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.exceptions import SystemTimeWarning
from urllib3.util import Url

from lockwright.enrol.ca.deadline import Deadline
from lockwright.enrol.ca.dialling import dial, not_a_name
from lockwright.enrol.ca.proxies import Proxy, port_of

# A clock that is wrong is told by the certificates, in words of ours.
urllib3.disable_warnings(SystemTimeWarning)

_SWITCHED = 101


class Answer(http.client.HTTPResponse):
    """The final answer; ``http.client`` takes an interim one (RFC 9110, 15.2) for it, but 100."""

    def begin(self) -> None:
        """Read status and headers."""
        super().begin()
        while self.status < http.client.OK and self.status != _SWITCHED:
            self.headers = self.msg = None  # type: ignore[assignment]  # as before the first one
            super().begin()


class Way:
    """How far a connection has come.

    Args:
        proxy: the proxy; None for none.
        deadline: ends everything.
    """

    def __init__(self, proxy: Proxy | None, deadline: Deadline) -> None:
        self.proxy = proxy
        self.deadline = deadline
        self.at_proxy = proxy is not None
        """Whether only the proxy was met so far."""


class _Dialled(HTTPConnection):
    """What is the same with and without TLS."""

    response_class = Answer
    way: Way

    def _new_conn(self) -> socket.socket:
        """The TCP connection; urllib3 would wait for ever for a name."""
        return dial(self.host, self.port, self.way.deadline)


class Plain(_Dialled):
    """HTTP without TLS, to a server or to a proxy that passes it on."""


class Secure(_Dialled, HTTPSConnection):
    """HTTPS, to a server, through a proxy, or to a proxy."""

    def _tunnel(self) -> None:
        """CONNECT (RFC 9110, 9.3.6); what fails after it is the server's part."""
        super()._tunnel()
        if self.way.deadline.over:  # what was cut off in its headers passes for whole
            raise TimeoutError
        self.way.at_proxy = False


def wire(url: SplitResult, context: ssl.SSLContext, way: Way) -> Plain | Secure:
    """A connection that is yet to be made.

    Args:
        url: where to.
        context: whom to trust there.
        way: how; it is told what becomes of it.

    Raises:
        OSError: what it names is no host name.
    """
    proxy, secure = way.proxy, url.scheme == "https"
    host, port = _ascii(url.hostname or ""), port_of(url)
    made: Plain | Secure
    if proxy is None:
        made = Secure(host, port, ssl_context=context) if secure else Plain(host, port)
    elif secure or proxy.scheme == "https":
        made = _to_proxy(proxy, context)
    else:
        made = Plain(proxy.host, proxy.port)
    if proxy is not None and secure:
        made.set_tunnel(host, port, proxy.headers(), scheme=proxy.scheme)
    made.way = way
    return made


def target(url: SplitResult, path: str, proxy: Proxy | None) -> str:
    """What stands in the first line of a request (RFC 9112, 3.2): all of it for a proxy to read."""
    if proxy is None or url.scheme == "https":
        return path
    host = _ascii(url.hostname or "")
    return f"http://{f'[{host}]' if ':' in host else host}:{port_of(url)}{path}"


def _to_proxy(proxy: Proxy, context: ssl.SSLContext) -> Secure:
    """TLS through a proxy, or to it; it is trusted if the system trusts it."""
    config = None
    if proxy.scheme == "https":
        config = ProxyConfig(
            ssl.create_default_context(),
            use_forwarding_for_https=False,
            assert_hostname=None,
            assert_fingerprint=None,
        )
    return Secure(
        proxy.host,
        proxy.port,
        ssl_context=context,
        proxy=Url(proxy.scheme, None, proxy.host, proxy.port),
        proxy_config=config,
    )


def _ascii(host: str) -> str:
    """A host name as it is looked up and certified.

    Raises:
        OSError: it is none; to a proxy, too, which looks it up, it could not be said.
    """
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        raise not_a_name() from None
