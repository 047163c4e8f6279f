"""The ticket system asked, over TLS: one GET, no redirect, a short answer."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import urllib3
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_ticket.errors import TicketRefused, TicketServiceAway
from lockwright_ticket.settings import Service

_LONGEST = 64 * 1024
_OTHERS = 0o077
_UNKNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def look_up(service: Service, ticket: str, about: Mapping[str, str]) -> None:
    """See that a ticket is known, and says what is expected of it.

    Args:
        service: who is asked.
        ticket: the number, of the right form.
        about: what stands for a name in what is expected.

    Raises:
        TicketRefused: it is unknown, or says something else.
        TicketServiceAway: there is no answer that could be understood.
    """
    try:
        status, answer = _asked(service, ticket)
    except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
        raise _away(service, ticket, _reason(error)) from error
    if status in _UNKNOWN:
        raise TicketRefused(ticket=ticket, reason=_("the ticket system does not know it"))
    if status != HTTPStatus.OK:
        raise _away(service, ticket, _("it answers {status}").format(status=status))
    if not isinstance(answer, dict):
        raise _away(service, ticket, _("its answer is no JSON object"))
    for name, wanted in service.expect.items():
        meant = wanted.format_map(about)
        if str(answer.get(name)) != meant:
            said = _("its {field} is {value}, not {wanted}")
            told = said.format(field=name, value=json.dumps(answer.get(name)), wanted=meant)
            raise TicketRefused(ticket=ticket, reason=told)


def _asked(service: Service, ticket: str) -> tuple[int, object]:
    context = ssl.create_default_context(cafile=service.ca)
    with urllib3.PoolManager(ssl_context=context) as pool:
        answer = pool.request(
            "GET",
            service.url.replace("{ticket}", quote(ticket, safe="")),
            headers={"Accept": "application/json", **_authorization(service)},
            timeout=urllib3.Timeout(total=service.seconds),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        body = answer.read(_LONGEST, decode_content=False)
    return answer.status, json.loads(body) if answer.status == HTTPStatus.OK else None


def _authorization(service: Service) -> Mapping[str, str]:
    if service.authorization is None:
        return {}
    if service.authorization.stat().st_mode & _OTHERS:
        told = _("others may read {file}: chmod 600 {file}")
        raise ValueError(told.format(file=service.authorization))
    return {"Authorization": service.authorization.read_text("utf-8").strip()}


def _away(service: Service, ticket: str, reason: str) -> TicketServiceAway:
    where = urlsplit(service.url).netloc
    return TicketServiceAway(ticket=ticket, service=where, reason=reason)


def _reason(error: Exception) -> str:
    """Why there is no answer, in our words; a library's own are for its makers."""
    seen: BaseException | None = error
    while seen is not None:
        match seen:
            case ssl.SSLCertVerificationError():
                return _("its certificate is not trusted")
            case ssl.SSLError():
                return _("no TLS connection could be made")
            case urllib3.exceptions.NewConnectionError():  # to urllib3 a kind of time-out
                pass
            case TimeoutError() | urllib3.exceptions.TimeoutError():
                return _("it did not answer in time")
            case json.JSONDecodeError() | UnicodeDecodeError():
                return _("its answer is no JSON object")
            case OSError():
                return reason_of(seen)
            case ValueError() if not isinstance(seen, urllib3.exceptions.HTTPError):
                return str(seen)
        seen = getattr(seen, "reason", None) or seen.__cause__ or seen.__context__
        seen = seen if isinstance(seen, BaseException) else None
    return _("no connection could be made")
