"""A certificate that nobody has proved, sent through the proxy: it must not reach the desk.

nginx inherits ``proxy_set_header`` only into a location that has none of its own, so one header
added there lets through whatever a client writes.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from lockwright.console.finding import Check, Status
from lockwright.i18n import _

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.web import places

_NO_CERTIFICATE = "forged"
"""What no proxy writes: the desk refuses a request with it, so who gets there is seen."""
_PATIENCE = 5.0
_LARGEST = 1 << 20
_EST = "/.well-known/est/simplereenroll"


def tried(settings: Settings) -> Iterator[Check]:
    """Try it at every place that knows people by their certificates."""
    header = settings.proxy.certificate_header
    if header is None or settings.signin is None:
        return
    for method, path in (("GET", places.QUEUE), ("POST", _EST)):
        yield _tried(settings, settings.signin.origin, header, method, path)


def _tried(settings: Settings, origin: str, header: str, method: str, path: str) -> Check:
    url = f"{origin}{path}"
    try:
        honest = _asked(settings, origin, method, path, {})
        forged = _asked(settings, origin, method, path, {header: _NO_CERTIFICATE})
    except (OSError, http.client.HTTPException):
        told = _("Whether the proxy lets a forged {header} through at {url} could not be tried.")
        advice = _("Run this where browsers reach that address, and its certificate is trusted.")
        return Check("proxy", Status.WARN, told.format(header=header, url=url), advice)
    if forged != honest:
        told = _("The proxy lets a forged {header} through at {url}: anybody can be anybody there.")
        advice = _(
            "Have it overwrite the header in each location. nginx inherits proxy_set_header only"
            " into a location that has none of its own: repeat all of them in each."
        )
        said = told.format(header=header, url=url)
        return Check("proxy", Status.FAIL, said, advice, DeskNotReady.exit_code)
    told = _("The proxy does not let a forged {header} through at {url}.")
    return Check("proxy", Status.OK, told.format(header=header, url=url))


def _asked(settings: Settings, origin: str, method: str, path: str, headers: dict[str, str]) -> int:
    """The status of the answer.

    Raises:
        OSError, HTTPException: there is none.
    """
    parts = urlsplit(origin)
    context = ssl.create_default_context()
    context.load_verify_locations(settings.ca.certificate)
    host, port = parts.hostname or "", parts.port or http.client.HTTPS_PORT
    connection = http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=context)
    with closing(connection):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read(_LARGEST)
        return answer.status
