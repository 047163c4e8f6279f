"""Who stands between this computer and a CA, and answers in its place."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from lockwright.enrol.ca.server_text import HUMAN, shown
from lockwright.errors import CaGatewayFailed, CaProxyRefused
from lockwright.i18n import N_, _
from lockwright.models import CaProfile

_PORTS = {"http": 80, "https": 443}
_WANTS_LOGIN = 407
_REASONS = {
    403: N_("it does not allow that (403)"),
    _WANTS_LOGIN: N_("it wants a login of its own (407)"),
    502: N_("it cannot reach the CA's server (502)"),
    503: N_("it cannot reach the CA's server (503)"),
    504: N_("it cannot reach the CA's server (504)"),
}
"""What a proxy means by its answer to CONNECT (RFC 9110, 9.3.6)."""
_OF_GATEWAYS = frozenset({502, 503, 504})
_NAMED_IN = ("proxy-status", "via", "server")
"""Headers with the name of who answers: RFC 9209; RFC 9110, 7.6.3 and 10.2.4."""


def proxy_of(url: SplitResult) -> str | None:
    """The proxy that an address is reached through, without its login; None for none."""
    found = getproxies()
    proxy = found.get(url.scheme) or found.get("all")
    if not proxy or proxy_bypass(url.netloc):
        return None
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        port = None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if port else host


def refused_by_proxy(
    ca: CaProfile, proxy: str, *, status: int = 0, reason: str = ""
) -> CaProxyRefused:
    """The error that a proxy does not connect.

    Args:
        ca: the CA.
        proxy: as of ``proxy_of``.
        status: what it answered; 0 if it did not.
        reason: why there is no answer.
    """
    if status:
        reason = _REASONS.get(status) or _("its status is {status}").format(status=status)
    return CaProxyRefused(ca=ca.name, proxy=proxy, reason=reason)


def answered_instead(
    ca: CaProfile, status: int, media_type: str, headers: Mapping[str, str]
) -> CaGatewayFailed | None:
    """The error that not the CA answered, if that can be told from an answer.

    Args:
        ca: the CA.
        status: status of the answer.
        media_type: its media type, lower-case; a CA's own word is a text, a gateway's a page.
        headers: its headers, names in lower case.
    """
    a_page = media_type not in HUMAN
    named = "via" in headers or "proxy-status" in headers
    if status != _WANTS_LOGIN and not (a_page and (named or status in _OF_GATEWAYS)):
        return None
    told = next(filter(None, map(headers.get, _NAMED_IN)), None)
    gateway = shown(told) if told else N_("it does not say its name")
    return CaGatewayFailed(ca=ca.name, gateway=gateway, status=status)
