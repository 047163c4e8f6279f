"""What a CA says in a CMP answer: a certificate, a wait, or a refusal (RFC 9810, 5.3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lockwright.certificates.asn1 import Broken
from lockwright.enrol.ca.cmp_reading import (
    ERROR,
    IMPLICIT_CONFIRM,
    PKI_CONF,
    POLL_REP,
    RESPONSES,
    Message,
    Status,
    error_in,
    polls_in,
    responses_in,
)
from lockwright.enrol.ca.server_text import NOTHING_SAID, shown
from lockwright.i18n import N_
from lockwright.records import dataclass

_GRANTED, _WAITING, _UPDATED = frozenset({0, 1}), 3, 6
_WARNED = frozenset({4, 5, _UPDATED})
"""revocationWarning, revocationNotification, keyUpdateWarning: about a certificate that there is,
and that may come along."""
_BAD_MESSAGE_CHECK, _NOT_AUTHORIZED = 1, 23
_FOR_NOW = {
    3: "badTime",
    14: "timeNotAvailable",
    21: "transactionIdInUse",
    24: "systemUnavail",
    25: "systemFailure",
    26: "duplicateCertReq",
}
"""PKIFailureInfo (RFC 9810, appendix F) that refuses the moment, or says that it issued before."""
_UPDATED_BEFORE = "keyUpdateWarning"
_WHOLE = -1
"""``certReqId`` where a whole message waits, not one request of it."""

SOMETHING_ELSE = N_("it answers something else")


@dataclass(frozen=True, slots=True)
class Granted:
    """The CA issued a certificate."""

    certificate: bytes
    """As it stands in the message, of whatever kind."""
    others: tuple[bytes, ...]
    """Certificates that came with it, likewise."""
    request_id: int
    """``certReqId``, to confirm it by."""
    confirmed: bool
    """Whether the CA wants no confirmation."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The CA has not decided yet."""

    request_id: int
    """``certReqId``, to ask by."""
    seconds: int | None
    """When to ask again; None where the answer does not say."""
    text: str
    """What the CA says to a person; may be empty."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The CA refused."""

    text: str
    """What the CA says to a person."""
    login: bool
    """Whether it refused who asked, not what was asked for."""
    for_now: str = ""
    """The failure, where it says nothing of the order itself; empty for any other."""
    whole: bool = False
    """Whether the whole message is refused (``error``), not the order in it."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The CA took note of a confirmation."""


Answer = Granted | Waiting | Denied | Noted


def answer_in(message: Message) -> Answer:
    """What an answer says.

    Raises:
        ValueError: it says nothing that was asked for; the text says why.
    """
    try:
        return _answer(message)
    except Broken:
        raise ValueError(SOMETHING_ELSE) from None


def _answer(message: Message) -> Answer:
    if message.kind == PKI_CONF:
        return Noted()
    if message.kind == ERROR:
        status = error_in(message.body)
        if status.number == _WAITING:  # whatever was asked (RFC 9810, 5.3.22)
            return Waiting(_WHOLE, None, _text(status.lines))
        return replace(_denied(status), whole=True)
    if message.kind == POLL_REP:
        request_id, seconds, lines = polls_in(message.body)[0]
        return Waiting(request_id, seconds, _text(lines))
    if message.kind not in RESPONSES:
        raise Broken
    (response, *_none_was_asked_for), published = responses_in(message.body)
    status = response.status
    if status.number == _WAITING:
        return Waiting(response.request_id, None, _text(status.lines))
    issued = response.certificate
    if status.number not in _GRANTED and (status.number not in _WARNED or issued is None):
        return _denied(status)
    if issued is None:
        raise Broken
    others = (*published, *message.extra)
    confirmed = IMPLICIT_CONFIRM in message.info
    return Granted(issued, others, response.request_id, confirmed)


def _denied(status: Status) -> Denied:
    login = bool(status.failures & {_BAD_MESSAGE_CHECK, _NOT_AUTHORIZED})
    usual = _UPDATED_BEFORE if status.number == _UPDATED else ""
    for_now = next((_FOR_NOW[bit] for bit in sorted(status.failures) if bit in _FOR_NOW), usual)
    return Denied(_text(status.lines) or NOTHING_SAID, login, for_now)


def _text(lines: Sequence[str]) -> str:
    return shown("; ".join(lines)) if lines else ""
