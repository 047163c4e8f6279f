"""A change is made only for a page of the desk: no other site's page gets one made.

Two things are asked of each request that changes something. The browser says that a page of the
same origin sent it (``Sec-Fetch-Site``, or ``Origin`` where that is missing), and the form says
what only the session's own pages know.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from lockwright_desk.signin.refusals import FromElsewhere
from lockwright_desk.signin.sessions import Session

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""

FIELD = "forms"
"""The field of a form that says it."""
HEADER = "x-lockwright-forms"
"""The header that says it where a script sends no form."""
_OPAQUE = "null"


def check_origin(headers: Mapping[str, str], origin: str) -> None:
    """See that a page of the desk sent a request.

    A page that may not say where it comes from sends ``null`` (Fetch, 3.1); that is no other
    site's where the browser says so in the header that no page can write.

    Args:
        headers: of the request, their names in small letters.
        origin: of the desk's pages.

    Raises:
        FromElsewhere: another did, or nobody says.
    """
    site, said = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        if site != "same-origin" or said not in {None, _OPAQUE, origin}:
            raise FromElsewhere
    elif said != origin:
        raise FromElsewhere


def check_token(session: Session, headers: Mapping[str, str], form: Mapping[str, str]) -> None:
    """See that a form, or a script's request, is one of the session's own pages.

    Args:
        session: whose it has to be.
        headers: of the request, their names in small letters.
        form: the fields of the form.

    Raises:
        FromElsewhere: it is not.
    """
    said = headers.get(HEADER) or form.get(FIELD) or ""
    if not hmac.compare_digest(session.forms.encode(), said.encode("utf-8", "replace")):
        raise FromElsewhere


def check_not_from_elsewhere(headers: Mapping[str, str]) -> None:
    """See that no other site's page began what only a click in ours, or the person, begins.

    For a link that changes nothing but what the browser is about to do.

    Args:
        headers: of the request, their names in small letters.

    Raises:
        FromElsewhere: one did.
    """
    if headers.get("sec-fetch-site") not in {None, "same-origin", "none"}:
        raise FromElsewhere
