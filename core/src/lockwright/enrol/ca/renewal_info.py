"""Renewal information as RFC 9773 has it: where it is asked for, and what an answer says.

Where it stands on an EST server is the bank's to say: the draft for EST
(draft-ietf-lamps-est-renewal-info) is not settled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lockwright.enrol.ca.http import Question, Reply
from lockwright.enrol.ca.retry_after import wait_in
from lockwright.enrol.heard import LATEST, UNTOLD
from lockwright.enrol.issuer import identifier
from lockwright.errors import CaAnswerBroken
from lockwright.i18n import N_
from lockwright.models import CaProfile, RenewalInfo

SETTING = "renewal_info"
"""Key of ``[ca.NAME]``: where the server has it."""
NOTHING_TOLD = frozenset({204, 401, 403, 404, 405, 410, 501})
"""Statuses of a server that says nothing of a certificate, at least not to everybody."""
_SOONEST = timedelta(minutes=1)
"""What is made of a Retry-After that is less (RFC 9773, 4.3.2)."""

_LONGEST = 64 * 1024
_LONGEST_URL = 2000
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def question(ca: CaProfile, certificate: bytes, path: Callable[[str], str]) -> Question | None:
    """What to ask the server of a CA; None where it is not to be asked.

    Args:
        ca: the CA.
        certificate: DER.
        path: the path of an operation of the CA.
    """
    place, name = ca.settings.get(SETTING), identifier(certificate)
    if not isinstance(place, str) or name is None:
        return None
    root = place if place.startswith("/") else path(place)
    return Question("GET", f"{root}/{name}", {"Accept": "application/json"})


def told(ca: CaProfile, reply: Reply) -> RenewalInfo:
    """What an answer says (RFC 9773, 4.2).

    Raises:
        CaAnswerBroken: it cannot be read, or says nothing that can be meant.
    """
    try:
        start, end, url = _read(reply.body)
    except ValueError as error:
        reason = str(error)
    else:
        wait = wait_in(reply.headers, UNTOLD, shortest=_SOONEST, longest=LATEST)
        return RenewalInfo(start, end, datetime.now(UTC) + wait, url)
    raise CaAnswerBroken(ca=ca.name, reason=reason)


def _read(body: bytes) -> tuple[datetime, datetime, str]:
    if len(body) > _LONGEST:
        raise ValueError(N_("it is too long"))
    try:
        answer = json.loads(body)
        window = answer["suggestedWindow"]
        start, end = _moment(window["start"]), _moment(window["end"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise ValueError(N_("it holds no window for the renewal that can be read")) from None
    if end <= start:
        raise ValueError(N_("its window for the renewal ends before it begins"))
    return start, end, _url(answer.get("explanationURL"))


def _moment(text: object) -> datetime:
    """A time of RFC 3339, UTC."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


def _url(given: object) -> str:
    """A page that a person can be sent to; what else is there is not shown."""
    if not isinstance(given, str) or len(given) > _LONGEST_URL or not given.isprintable():
        return ""
    with suppress(ValueError):
        url = urlsplit(given)
        if url.scheme in {"https", "http"} and url.hostname and not url.username:
            return given
    return ""
