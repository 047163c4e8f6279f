"""The answer to ``/csrattrs`` as servers give it.

The page is advice (RFC 7030, 4.5): the order itself shows what a CA takes. So nothing of it that
cannot be read stops an order, and a person is told. Read are a trailing NUL (libest 3.2 sends one),
any media type, statuses that say there is no such page, and whatever else is no base64.
"""

from __future__ import annotations

import base64
import binascii
import re

from lockwright.enrol.ca.csrattrs import Wishes, wishes_in
from lockwright.enrol.ca.gateways import OF_GATEWAYS
from lockwright.enrol.ca.http import Reply
from lockwright.enrol.ca.statuses import TRY_AGAIN
from lockwright.i18n import N_, _

_OK = 200
_NO_WISHES = frozenset({204, 404})
"""What a server without wishes answers (RFC 7030, 4.5.2)."""
_NOT_NOW = TRY_AGAIN | OF_GATEWAYS
"""Statuses that speak of the moment, not of the page: the order would meet the same."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]*(?:=\s*){0,2}")


def is_of_the_page(status: int) -> bool:
    """Whether a status says something about this page alone, and not about the whole server."""
    return status not in _NOT_NOW


def read(reply: Reply) -> tuple[Wishes, str]:
    """What is wished, and why some of it could not be read; empty if all could.

    Args:
        reply: the answer, with whatever status.
    """
    if reply.status in _NO_WISHES:
        return Wishes(), ""
    if reply.status != _OK:
        return Wishes(), _("the status is {status}").format(status=reply.status)
    encoded = _BASE64.match(reply.body)
    kept = encoded[0] if encoded else b""
    rest = reply.body[len(kept) :]
    if rest and not kept.strip():
        return Wishes(), N_("it is not base64")
    try:
        found = wishes_in(base64.b64decode(b"".join(kept.split()), validate=True))
    except binascii.Error:
        return Wishes(), N_("it is not base64")
    except ValueError as error:
        return Wishes(), str(error)
    if rest:
        return found, N_("something follows that is not base64")
    return found, "" if found.whole else N_("some of its attributes cannot be read")
