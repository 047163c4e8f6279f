"""What an answer's status says that no protocol of a CA has a meaning of its own for."""

from __future__ import annotations

from lockwright.enrol.ca.gateways import answered_instead
from lockwright.enrol.ca.http import Reply
from lockwright.enrol.ca.server_text import server_text
from lockwright.errors import CaAnswerBroken, CaError, CaFailed
from lockwright.i18n import N_, _
from lockwright.models import CaProfile

REDIRECTS = range(300, 400)
TOO_MANY = 429
TRY_AGAIN = frozenset({408, 425, TOO_MANY})
"""Statuses that refuse the moment, not the request (RFC 9110, RFC 8470, RFC 6585)."""
_FAILURES = range(500, 600)


def failure(ca: CaProfile, reply: Reply) -> CaError:
    """The error that an answer is neither yes nor no.

    Args:
        ca: the CA.
        reply: the answer.
    """
    instead = answered_instead(ca, reply)
    if instead is not None:
        return instead
    if reply.status in REDIRECTS:
        reason = N_("it points to another address, which is not followed")
        return CaAnswerBroken(ca=ca.name, reason=reason)
    text = server_text(reply.body, reply.media_type)
    if reply.status in _FAILURES or reply.status in TRY_AGAIN:
        return CaFailed(ca=ca.name, status=reply.status, reason=text)
    reason = _("status {status}, and it says: {text}").format(status=reply.status, text=_(text))
    return CaAnswerBroken(ca=ca.name, reason=reason)
