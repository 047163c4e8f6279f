"""What the desk answers, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from lockwright.i18n import N_, _, language
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response, StreamingResponse

from lockwright_desk.configuration.settings import RenewalSettings
from lockwright_desk.enrolment.est.armour import armoured
from lockwright_desk.enrolment.issuing import Issued, Waiting
from lockwright_desk.enrolment.renewal import Window
from lockwright_desk.http.refusals import Refusal

PKCS10 = "application/pkcs10"
CERTIFICATES = "application/pkcs7-mime"
ATTRIBUTES = "application/csrattrs"

_PART = 64 * 1024
_WAITS = N_("The request waits for approval; repeat the same request later.")


def certificates(asked: Headers, found: Sequence[x509.Certificate], *, smime: str = "") -> Response:
    """Certificates as a CMS that holds nothing else (RFC 7030, 4.1.3)."""
    der = pkcs7.serialize_certificates(list(found), Encoding.DER)
    return _base64(asked, der, CERTIFICATES + smime)


def attributes(asked: Headers, der: bytes) -> Response:
    """The attributes that a request should have (RFC 7030, 4.5.2)."""
    return _base64(asked, der, ATTRIBUTES)


def outcome(asked: Headers, answer: Issued | Waiting) -> Response:
    """The certificate alone (RFC 7030, 4.2.3), or when to ask again."""
    if isinstance(answer, Waiting):
        headers = {"Retry-After": str(answer.seconds)}
        return _text(HTTPStatus.ACCEPTED, _(_WAITS), headers)
    certificate = x509.load_der_x509_certificate(answer.certificate)
    return certificates(asked, [certificate], smime="; smime-type=certs-only")


def renewal(window: Window, settings: RenewalSettings) -> Response:
    """A window for a renewal, and when to ask again (RFC 9773, 4.2 and 4.3)."""
    said: dict[str, object] = {
        "suggestedWindow": {"start": _moment(window.start), "end": _moment(window.end)}
    }
    if settings.url is not None:
        said["explanationURL"] = settings.url
    again = str(int(settings.ask_again.total_seconds()))
    return JSONResponse(said, headers={"Retry-After": again})


def revocation_list(der: bytes) -> Response:
    """A revocation list, in parts: each waits until the client has read those before it."""
    parts = (der[at : at + _PART] for at in range(0, len(der), _PART))
    headers = {"Content-Length": str(len(der))}
    return StreamingResponse(_each(parts), headers=headers, media_type="application/pkix-crl")


async def _each(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(0)  # the others have their turn


def refusal(error: Refusal) -> Response:
    """One sentence in plain text."""
    facts = {name: _shown(value) for name, value in error.facts.items()}
    return _text(error.status, _(error.message).format(**facts), dict(error.headers))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _base64(asked: Headers, der: bytes, media_type: str) -> Response:
    headers = {"Content-Transfer-Encoding": "base64"}
    return Response(armoured(der, asked), media_type=media_type, headers=headers)


def _text(status: HTTPStatus, text: str, headers: dict[str, str]) -> Response:
    said = {"Content-Language": language(), **headers}
    return Response(text + "\n", status, said, media_type="text/plain")
