"""What a CA says in a CMP answer: a certificate, a wait, or a refusal (RFC 9810, 5.3.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lockwright.enrol.ca.cmp_der import certificate_der
from lockwright.enrol.ca.server_text import NOTHING_SAID, shown
from lockwright.enrol.supported import loaded
from lockwright.i18n import N_

_GRANTED, _WAITING = frozenset({0, 1}), 3
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
_IMPLICIT_CONFIRM = "1.3.6.1.5.5.7.4.13"
_RESPONSES = frozenset({"cp", "kup", "ip"})
_WHOLE = -1
"""``certReqId`` where a whole message waits, not one request of it."""

SOMETHING_ELSE = N_("it answers something else")


@dataclass(frozen=True, slots=True)
class Granted:
    """The CA issued a certificate."""

    certificate: bytes
    """DER."""
    others: tuple[bytes, ...]
    """Certificates that came with it, DER."""
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


def answer_in(message: Any, der: bytes) -> Answer:
    """What an answer says.

    Args:
        message: the PKIMessage, decoded.
        der: the same as it was sent.

    Raises:
        ValueError: it says nothing that was asked for; the text says why.
    """
    kind = message["body"].getName()
    body = message["body"].getComponent()
    if kind == "pkiconf":
        return Noted()
    if kind == "error":
        status = body["pKIStatusInfo"]
        waits = int(status["status"]) == _WAITING  # whatever was asked (RFC 9810, 5.3.22)
        if waits:
            return Waiting(_WHOLE, None, _text(status["statusString"]))
        return replace(_denied(status), whole=True)
    if kind == "pollRep":
        (entry,) = body
        return Waiting(int(entry["certReqId"]), int(entry["checkAfter"]), _text(entry["reason"]))
    if kind not in _RESPONSES or not len(body["response"]):
        raise ValueError(SOMETHING_ELSE)
    response = body["response"][0]
    status, request_id = int(response["status"]["status"]), int(response["certReqId"])
    if status == _WAITING:
        return Waiting(request_id, None, _text(response["status"]["statusString"]))
    if status not in _GRANTED:
        return _denied(response["status"])
    certificate = _der(response["certifiedKeyPair"]["certOrEncCert"]["certificate"], der)
    sent = (*body["caPubs"], *message["extraCerts"])
    others = tuple(_der(each, der) for each in sent)
    return Granted(certificate, others, request_id, _implicit(message["header"]))


def _der(found: Any, whole: bytes) -> bytes:
    """A certificate as it was sent; one that is no DER would come out changed, and is refused."""
    der = certificate_der(found)
    if der not in whole:
        raise ValueError(N_("a certificate in it is not DER"))
    loaded(der)
    return der


def _denied(status: Any) -> Denied:
    bits = status["failInfo"]
    failed = {at for at, bit in enumerate(bits) if bit} if bits.isValue else set()
    login = bool(failed & {_BAD_MESSAGE_CHECK, _NOT_AUTHORIZED})
    for_now = next((_FOR_NOW[bit] for bit in sorted(failed) if bit in _FOR_NOW), "")
    return Denied(_text(status["statusString"]) or NOTHING_SAID, login, for_now)


def _text(lines: Any) -> str:
    return shown("; ".join(map(str, lines))) if lines.isValue and len(lines) else ""


def _implicit(header: Any) -> bool:
    info = header["generalInfo"]
    return info.isValue and any(str(each["infoType"]) == _IMPLICIT_CONFIRM for each in info)
