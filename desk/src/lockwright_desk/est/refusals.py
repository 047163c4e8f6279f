"""What a client is told whose request is none of EST's as a message of HTTP."""

from __future__ import annotations

from http import HTTPStatus

from lockwright.i18n import N_

from lockwright_desk.refusals import Refusal


class UnknownPlace(Refusal):
    """Nothing of EST, or nothing for whoever asks."""

    code = "unknown-place"
    status = HTTPStatus.NOT_FOUND
    message = N_("There is no such profile or operation here.")


class UnknownLabel(UnknownPlace):
    """No such profile; what they are called is no secret."""

    code = "unknown-label"
    message = N_("There is no such profile here; there are: {profiles}.")
    facts_named = ("profiles",)


class UnknownOperation(UnknownPlace):
    """Below EST's root, and no operation."""

    code = "unknown-operation"
    message = N_("There is no such operation here; a URL ends in one of: {operations}.")
    facts_named = ("operations",)


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
