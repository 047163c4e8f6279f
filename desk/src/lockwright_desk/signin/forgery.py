"""A change is made only for a page of the desk: no other site's page gets one made.

Two things are asked of each request that changes something. The browser says that a page of the
same origin sent it (``Sec-Fetch-Site``, or ``Origin`` where that is missing), and the form says
what only the session's own pages know.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from lockwright_desk.signin.refusals import FromElsewhere

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


def check_forms(expected: str, said: str | None) -> None:
    """See that a form is one of the session's own pages.

    Args:
        expected: ``Session.forms``.
        said: what the form's field or the request's header says.

    Raises:
        FromElsewhere: it is not.
    """
    if said is None or not hmac.compare_digest(expected.encode(), said.encode("utf-8", "replace")):
        raise FromElsewhere
