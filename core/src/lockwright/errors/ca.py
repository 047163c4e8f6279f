"""What a certificate authority says that is no certificate, and what it cost."""

from __future__ import annotations

from typing import ClassVar

from lockwright.errors.ca_way import CaError
from lockwright.i18n import N_

__all__ = [
    "CERTIFICATE_KEPT",
    "GO_ON",
    "IN_PLACE",
    "KEY_KEPT",
    "KEY_WAITS",
    "MAYBE_ISSUED",
    "OLD_STAYS",
    "ORDER_STAYS",
    "CaConflict",
    "CaFailed",
    "CaForgot",
    "CaLoginRefused",
    "CaLoginScheme",
    "CaNotConfirmed",
    "CaRefused",
    "CaRenewalRefused",
    "CaTooMany",
    "CaUnknown",
    "CaWantsBinding",
    "LoginUnfit",
]

KEY_WAITS = N_(
    "The new key pair is kept; nothing else was changed. Whether the CA issued a certificate is"
    " not known."
)
"""The cost of an exchange that broke after the request was sent."""
KEY_KEPT = N_("The new key pair is kept; nothing else was changed.")
"""The cost of a request that was not sent, or not taken."""
MAYBE_ISSUED = N_(
    "The new key pair is kept, since the order went out before and the CA may have issued a"
    " certificate. Continue with: lockwright enroll --resume, or undo it: lockwright enroll"
    " --abandon"
)
"""The cost of a no that is not the answer to the very first sending."""
CERTIFICATE_KEPT = N_(
    "The certificate that the CA issued is kept in the journal, and its key pair is kept, too."
    " Once the cause is gone, continue with: lockwright enroll --resume, or undo it: lockwright"
    " enroll --abandon"
)
"""The cost of a certificate that is not accepted, or not in its place, yet."""
GO_ON = N_(
    "What was begun is in the journal: continue with lockwright enroll --resume, or undo it"
    " with lockwright enroll --abandon."
)
"""The cost of whatever ends an enrolment early, wherever it is."""
ORDER_STAYS = N_(
    "The order stays with the CA, and the new key pair is kept: continue with lockwright enroll"
    " --resume, or undo it with lockwright enroll --abandon."
)
"""The cost of a wait for the CA that a person ends."""
OLD_STAYS = N_(
    "The new certificate is in its place and works; what is left of the old container can be"
    " removed with: lockwright delete"
)
"""The cost of an old container that the token does not remove."""
IN_PLACE = N_("The new certificate is in its place, and a signature proved that it works.")
"""The cost of what ends an enrolment after all of it is done."""


class CaLoginRefused(CaError):
    """Login and one-time password were not accepted: wrong, expired or used."""

    code = "ca-login-refused"
    message = N_(
        "The CA {ca} did not accept the login and the one-time password. It says: {reason}."
    )
    advice = N_("Enter them once more as you were given them, or ask for a new one-time password.")
    facts_named = ("ca", "reason")


class CaLoginScheme(CaLoginRefused):
    """The server takes a login in ways alone that are not spoken here, such as Digest."""

    code = "ca-login-scheme"
    message = N_(
        "The CA {ca} takes a login by {schemes} only, and lockwright gives it by Basic; whether the"
        " one-time password is right was not checked."
    )
    advice = N_(
        "Have the CA's operator allow HTTP Basic over TLS (RFC 7030, 3.2.3), or ask for a CA that"
        " does."
    )
    facts_named = ("ca", "schemes")


class CaWantsBinding(CaError):
    """The CA wants requests bound to their TLS connection."""

    code = "ca-wants-binding"
    message = N_(
        "The CA {ca} wants each request bound to its TLS connection (challengePassword with"
        " tls-unique), which lockwright does not do: TLS 1.3 has no such value, and a request is"
        " sent again over other connections after a wait or an interruption."
    )
    advice = N_(
        "The token has no part in it. Have the CA's operator switch this demand off (RFC 7030,"
        " 3.5); the request's own signature proves the possession of its key."
    )
    facts_named = ("ca",)


class CaRefused(CaError):
    """The CA refused the request."""

    code = "ca-refused"
    message = N_("The CA {ca} refused the request. It says: {reason}.")
    advice = N_("Give this message to {contact}.")
    facts_named: ClassVar[tuple[str, ...]] = ("ca", "reason", "contact")


class CaRenewalRefused(CaRefused):
    """The CA refused a renewal with a status that stands for a certificate that was not shown."""

    code = "ca-renewal-refused"
    message = N_(
        "The CA {ca} refused the renewal (403). It says: {reason}. It may take one only over a TLS"
        " connection that is opened with the old certificate; the key of a token cannot do that"
        " here."
    )
    advice = N_(
        'If the CA takes a renewal as a first order, too, ca.{ca}.renewal = "simpleenroll" in the'
        " configuration sends it so; otherwise enrol anew: lockwright enroll --ca {ca}. The"
        " one-time password may be used up."
    )
    facts_named = ("ca", "reason")


class CaTooMany(CaError):
    """The server takes no more attempts for a while, be the password right or wrong."""

    code = "ca-too-many"
    message = N_("The CA {ca} takes no more attempts for now. It says: {reason}.")
    advice = N_("Wait as long as it says; then continue with: lockwright enroll --resume")
    at_first = N_("Wait as long as it says, and try again.")
    facts_named = ("ca", "reason")


class CaFailed(CaError):
    """The server has trouble of its own."""

    code = "ca-failed"
    message = N_("The CA {ca} failed ({status}). It says: {reason}.")
    advice = N_("Try again later with: lockwright enroll --resume")
    at_first = N_("Try again later.")
    facts_named = ("ca", "status", "reason")


class CaForgot(CaError):
    """The CA knows an order that it kept waiting no more; the same order is sent again."""

    code = "ca-forgot"
    message = N_("The CA {ca} does not know the order any more. It says: {reason}.")
    advice = N_("Try again with: lockwright enroll --resume")
    facts_named = ("ca", "reason")


class CaConflict(CaError):
    """What the CA dictates does not go with the bank's profile or with what was asked for."""

    code = "ca-conflict"
    message = N_("The CA {ca} asks for the {what} {wanted}, but {asked} was set.")
    advice = N_(
        "Give what the CA asks for (--subject, --key-type), or have the configuration (ca.{ca})"
        " brought into line with the CA's own profile."
    )
    facts_named = ("ca", "what", "wanted", "asked")


class LoginUnfit(CaError):
    """A login that HTTP Basic cannot carry (RFC 7617, 2); nothing was sent.

    It is not shown, since it may be a login with its password behind a colon.
    """

    code = "login-unfit"
    message = N_("This login cannot be given to the CA {ca}: {reason}.")
    advice = N_("Enter the login alone, as the bank gave it, without the one-time password.")
    facts_named = ("ca", "reason")


class CaUnknown(CaError):
    """No CA of that name is configured, or no client speaks with its kind."""

    code = "ca-unknown"
    message = N_("The CA {ca} cannot be used: {reason}.")
    advice = N_("Name one that the configuration has; each is a table [ca.NAME].")
    facts_named = ("ca", "reason")


class CaNotConfirmed(CaError):
    """The CA's own certificate was not confirmed by a person."""

    code = "ca-not-confirmed"
    message = N_(
        "The certificate of the CA {ca} is not confirmed; its fingerprint is {fingerprint}."
    )
    advice = N_(
        "Ask the bank for the fingerprint through another channel than this computer, and compare."
    )
    facts_named = ("ca", "fingerprint")
