"""What any client may be told, whatever it asks the desk for.

Each refusal has a status of HTTP and one sentence, sent as ``text/plain`` (RFC 8951, section 5);
nothing of the server's inside is in it. Its code is in the audit trail and in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

from lockwright.errors import LockwrightError
from lockwright.i18n import N_


class Refusal(LockwrightError):
    """Base of every refusal."""

    code = "refused"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    usual_cost = ""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of HTTP that go with it."""
        return {}


# --- the request as a message of HTTP ------------------------------------------------------------


class UnknownPlace(Refusal):
    """Nothing of EST, or nothing for whoever asks."""

    code = "unknown-place"
    status = HTTPStatus.NOT_FOUND
    message = N_("There is no such profile or operation here.")


class WrongMethod(Refusal):
    """GET where POST belongs, or the reverse."""

    code = "wrong-method"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    message = N_("This operation needs another HTTP method.")


class WrongMediaType(Refusal):
    """The body is said to be something else."""

    code = "wrong-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    message = N_("The request must be of the type application/pkcs10.")


class BodyTooLarge(Refusal):
    """More than any request has."""

    code = "body-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = N_("The request is larger than {limit} bytes.")
    facts_named = ("limit",)


class BodyTooSlow(Refusal):
    """The body did not come."""

    code = "body-too-slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    message = N_("The request did not arrive in time.")


class BodyCutOff(Refusal):
    """The client went away in the middle of it."""

    code = "body-cut-off"
    message = N_("The request did not arrive as a whole.")


# --- who asks ------------------------------------------------------------------------------------


class Forbidden(Refusal):
    """Base: who asks is known and may not."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class NotOurCertificate(Forbidden):
    """A certificate that the desk did not issue for this profile."""

    code = "not-our-certificate"
    message = N_("The client certificate was not issued here for this profile.")


class CertificateDoubled(Refusal):
    """A proxy that adds its header to one that the client sent, in place of overwriting it."""

    code = "certificate-doubled"
    message = N_("The request came with more than one client certificate.")


class TooManyFailures(Refusal):
    """Guessing is slowed down."""

    code = "too-many-failures"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = N_("Too many wrong attempts; try again in {seconds} s.")
    facts_named = ("seconds",)

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.facts["seconds"])}


# --- the server's own trouble --------------------------------------------------------------------


class Busy(Refusal):
    """The database or the audit trail is busy or gone."""

    code = "busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = N_("The server is busy; repeat the same request later.")

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": "10"}


class Failed(Refusal):
    """Anything unforeseen; the log has it."""

    code = "failed"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    message = N_("The server failed; repeat the same request later.")
