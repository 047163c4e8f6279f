"""The proxy over which a CA is reached, as the environment or the system names it."""

from __future__ import annotations

import re
from http.client import HTTPException
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from lockwright.enrol.ca.basic import Basic
from lockwright.enrol.ca.reasons import no_connection
from lockwright.errors import CaProxy
from lockwright.i18n import N_, _
from lockwright.models import CaProfile
from lockwright.records import dataclass
from lockwright.secret import Secret

_PORTS = {"http": 80, "https": 443}
_UNREADABLE = N_("its address cannot be read")
_NOT_HTTP = N_("it does not speak HTTP")
_LATE = N_("it did not answer in time")
_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
"""What ``http.client`` says of a CONNECT that was answered with another status than 200."""
_NO_LOGIN, _FORBIDDEN, _NO_GATEWAY = 407, (403, 405), (500, 502, 503, 504)
_WRONG_LOGIN = 401
"""What tinyproxy answers to a wrong password, and to none 407."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, its login apart from its address."""

    scheme: str
    """How it is spoken with: ``http`` or ``https``."""
    host: str
    """Its host."""
    port: int
    """Its port."""
    login: Basic | None = None
    """Who we are to it; None for nobody."""

    @property
    def name(self) -> str:
        """Its address for people; a password is never in it."""
        return _place(self.host, self.port)

    def headers(self) -> dict[str, str]:
        """What is told to it alone."""
        return {} if self.login is None else {"Proxy-Authorization": self.login.value()}


def proxy_for(ca: CaProfile, url: SplitResult) -> Proxy | None:
    """The proxy for an address; None for none.

    ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name it, in lower case too, and
    where none is set the settings of Windows or macOS do (Python's ``urllib.request``).

    Args:
        ca: the CA.
        url: where it is.

    Raises:
        CaProxy: what names the proxy is no address, or one of another kind, such as SOCKS.
    """
    host = url.hostname or ""
    known = getproxies()
    named = known.get(url.scheme) or known.get("all")
    if not named or proxy_bypass(host if ":" in host else f"{host}:{port_of(url)}"):
        return None
    return _read(ca, named if "://" in named else f"http://{named}")


def port_of(url: SplitResult) -> int:
    """The port of an address, or the usual one."""
    return url.port or _PORTS[url.scheme]


def refusal(ca: CaProfile, proxy: Proxy, error: Exception, *, late: bool) -> CaProxy:
    """The error that a proxy gave no connection.

    Args:
        ca: the CA.
        proxy: the proxy.
        error: what was met.
        late: whether the time is over.
    """
    return CaProxy(ca=ca.name, proxy=proxy.name, reason=_reason(error, late=late))


def wants_login(status: int) -> bool:
    """Whether an answer is a proxy's, which no CA gives (RFC 9110, 15.5.8)."""
    return status == _NO_LOGIN


def login_wanted(ca: CaProfile, proxy: Proxy) -> CaProxy:
    """The error that a proxy did not pass a question on, for want of a login that it knows."""
    return CaProxy(ca=ca.name, proxy=proxy.name, reason=_meaning(_NO_LOGIN))


def _read(ca: CaProfile, named: str) -> Proxy:
    try:
        url = urlsplit(named)
        port = url.port
    except ValueError:
        url, port = urlsplit(""), None
    shown = _place(url.hostname, port) if url.hostname else "?"
    if not url.hostname:
        raise CaProxy(ca=ca.name, proxy=shown, reason=_UNREADABLE)
    if url.scheme not in _PORTS:
        reason = _('it is named as "{kind}", and only http and https are spoken with')
        raise CaProxy(ca=ca.name, proxy=shown, reason=reason.format(kind=url.scheme))
    login = None
    if url.username is not None:
        login = Basic(unquote(url.username), Secret(unquote(url.password or "")))
    return Proxy(url.scheme, url.hostname, port or _PORTS[url.scheme], login)


def _place(host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _reason(error: Exception, *, late: bool) -> str:
    if late or isinstance(error, TimeoutError):
        return _LATE
    if (status := _status(error)) is not None:
        return _meaning(status)
    if isinstance(error, HTTPException) and not isinstance(error, OSError):
        return _NOT_HTTP
    return no_connection(error)


def _status(error: Exception) -> int | None:
    said = _REFUSED.match(str(error))
    return int(said[1]) if said else None


def _meaning(status: int) -> str:
    if status in {_NO_LOGIN, _WRONG_LOGIN}:
        return N_("it wants a login and a password that it knows")
    if status in _FORBIDDEN:
        return _("it does not allow that address or port (status {status})").format(status=status)
    if status in _NO_GATEWAY:
        return _("it cannot reach that address (status {status})").format(status=status)
    return _("it answered with the status {status}").format(status=status)
