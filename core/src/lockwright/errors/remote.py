"""Remote unblocks that cannot go on: Requests and Responses that are wrong, void or misheard."""

from __future__ import annotations

from typing import ClassVar

from lockwright.errors.base import LockwrightError
from lockwright.errors.pins import PinIncorrect
from lockwright.i18n import N_

__all__ = [
    "CheckDiffers",
    "DefaultKey",
    "KeyUnusable",
    "RemoteError",
    "RequestAnswered",
    "RequestMalformed",
    "RequestOver",
    "RequestPending",
    "RequestVoid",
    "ResponseMalformed",
    "ResponseNotTaken",
    "ResponseWrong",
    "SerialMalformed",
    "TokenWaits",
    "TooManyAnswers",
]


class ResponseWrong(PinIncorrect):
    """The token did not take the Response; the Request is void.

    Facts: those of ``PinIncorrect``; ``role`` is ``Response``, the tries are the administrator's.
    """

    code = "response-wrong"
    message = N_("The Response is wrong.")
    advice = N_("Begin again: the next Request is a new one and needs a new Response.")
    usual_cost = N_("One try of the administrator was spent, and the Request is void.")


class ResponseNotTaken(ResponseWrong):
    """The token did not accept a Response whose check shows that nothing was misheard.

    Facts: those of ``ResponseWrong``.
    """

    code = "response-not-taken"
    message = N_("This is the Response to this very Request, but the token did not accept it.")
    advice = N_(
        "Another program has made a Request since, or the bank's key is not this token's."
        " Close other programs and begin again; if it happens again, stop and tell the"
        " bank."
    )


class RemoteError(LockwrightError):
    """A Request or a Response cannot be used."""

    code = "remote"
    exit_code = 15


class RequestMalformed(RemoteError):
    """What was given as a Request is none of this model."""

    code = "request-malformed"
    message = N_("This is not a Request: {reason}.")
    advice = N_("Have it read out once more, group by group.")
    facts_named = ("reason",)


class SerialMalformed(RemoteError):
    """What was given as a serial number is none of this model's."""

    code = "serial-malformed"
    message = N_("This is not a serial number: {reason}.")
    advice = N_("Take it from the bank's own record of the client, and type it by hand.")
    facts_named = ("reason",)


class ResponseMalformed(RemoteError):
    """What was entered as a Response is none; the token was not touched."""

    code = "response-malformed"
    message = N_("This is not a Response: {reason}.")
    advice = N_(
        "Have it read out once more, group by group. The Request holds as long as the token stays"
        " inserted."
    )
    facts_named = ("reason",)


class CheckDiffers(RemoteError):
    """The check does not go with the serial number and the Request."""

    code = "check-differs"
    message = N_("The check does not match the Request and the serial number {serial}.")
    advice = N_("Have serial number and Request read out once more: one of them was misheard.")
    facts_named = ("serial",)


class RequestVoid(RemoteError):
    """The token no longer waits for a Response to this Request."""

    code = "request-void"
    message = N_("The Request is void: {reason}.")
    advice = N_("Begin again: the next Request is a new one and needs a new Response.")
    facts_named = ("reason",)


class RequestOver(RequestVoid):
    """This Request has ended on our side: it was answered, given up, or waited for too long."""

    code = "request-over"
    message = N_("This Request has ended: {reason}.")


class RequestPending(RemoteError):
    """The token waits for a Response, so nothing else may touch it."""

    code = "request-pending"
    message = N_("The token {serial} waits for the Response to its Request.")
    advice = N_("Enter the Response or give the Request up; then do this again.")
    facts_named: ClassVar[tuple[str, ...]] = ("serial",)


class TokenWaits(RequestPending):
    """The token waits for a Response in another program, so it was not asked anything.

    Facts: ``serial`` of the token that waits; ``program`` and ``pid``, who made the Request;
    ``since`` and ``until``, local times of day, when it did and when it gives it up.
    """

    code = "token-waits"
    message = N_(
        "The token {serial} waits for the Response to its Request in another program: {program},"
        " process {pid}, since {since}, until {until} at the latest."
    )
    advice = N_(
        "Finish or cancel it there; then do this again. All tokens of the same module are left"
        " alone until then. To go on all the same, which may void that Request: --void-request"
    )
    facts_named = ("serial", "program", "pid", "since", "until")


class RequestAnswered(RemoteError):
    """The Request was answered before; each is answered once."""

    code = "request-answered"
    message = N_("This Request was already answered.")
    advice = N_("Have the client make a new Request: a Response fits only once.")


class TooManyAnswers(RemoteError):
    """More Requests were answered in a day than the bank allows."""

    code = "too-many-answers"
    message = N_("Requests answered for {whom} in the last 24 hours: {number}; that is the limit.")
    advice = N_("Do not work around it: call the person responsible for security.")
    facts_named = ("number", "whom")


class KeyUnusable(RemoteError):
    """The administrator key cannot be used for a Response."""

    code = "key-unusable"
    message = N_("The administrator key cannot be used: {reason}.")
    advice = N_("Give the administrator key of this very token.")
    facts_named = ("reason",)


class DefaultKey(RemoteError):
    """The administrator key is one that everybody knows."""

    code = "default-key"
    message = N_("The administrator key is a known default key.")
    advice = N_(
        "Anyone who knows it can unblock the token; set a key of your own on it. To use it"
        " anyway: --allow-default-key"
    )
