"""Who stands between this computer and a CA's server, and answers in its place."""

from __future__ import annotations

from lockwright.enrol.ca.http import Reply
from lockwright.enrol.ca.proxies import wants_login
from lockwright.enrol.ca.server_text import HUMAN, shown
from lockwright.errors import CaGatewayFailed
from lockwright.i18n import N_
from lockwright.models import CaProfile

OF_GATEWAYS = frozenset({502, 503, 504})
"""Statuses of who cannot reach the CA, or of a CA that is away for a while."""
_NAMED_IN = ("proxy-status", "via", "server")
"""Headers with the name of who answers: RFC 9209; RFC 9110, 7.6.3 and 10.2.4."""


def answered_instead(ca: CaProfile, reply: Reply) -> CaGatewayFailed | None:
    """The error that not the CA answered, if that can be told from an answer.

    Args:
        ca: the CA.
        reply: the answer; a CA's own word is a text, a gateway's a page.
    """
    a_page = reply.media_type not in HUMAN
    named = "via" in reply.headers or "proxy-status" in reply.headers
    if not wants_login(reply.status) and not (a_page and (named or reply.status in OF_GATEWAYS)):
        return None
    told = next(filter(None, map(reply.headers.get, _NAMED_IN)), None)
    gateway = shown(told) if told else N_("it does not say its name")
    return CaGatewayFailed(ca=ca.name, gateway=gateway, status=reply.status)
