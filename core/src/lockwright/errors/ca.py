"""Certificate authorities that cannot be reached, are not to be trusted, or say no."""

from __future__ import annotations

from typing import ClassVar

from lockwright.errors.base import LockwrightError
from lockwright.i18n import N_

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


class CaError(LockwrightError):
    """The CA could not be asked, or did not give a certificate."""

    code = "ca"
    exit_code = 16
    at_first: ClassVar[str] = ""
    """What to do next where nothing was begun, if that differs: there is nothing to resume."""


class CaUnreachable(CaError):
    """No connection to the server."""

    code = "ca-unreachable"
    message = N_("The CA {ca} cannot be reached at {host}: {reason}.")
    advice = N_("Check the network and the address (ca.{ca}.url in the configuration).")
    facts_named = ("ca", "host", "reason")


class CaProxy(CaUnreachable):
    """The proxy on the way to the server gives no connection; the server was sent nothing."""

    code = "ca-proxy"
    message = N_("The proxy {proxy} gives no connection to the CA {ca}: {reason}.")
    advice = N_(
        "Show this to the bank's IT. HTTPS_PROXY in the environment names the proxy, or else the"
        " system does; NO_PROXY names what is reached without one."
    )
    facts_named = ("ca", "proxy", "reason")


class CaNotSecure(CaError):
    """The address is not one that a password may be sent to."""

    code = "ca-not-secure"
    message = N_("The address {url} of the CA {ca} is not secure: it must begin with https://.")
    advice = N_("Set ca.{ca}.url in the configuration to the https address of the CA.")
    facts_named = ("ca", "url")


class CaServerUntrusted(CaError):
    """The server's certificate does not lead to the configured trust; no password was sent."""

    code = "ca-server-untrusted"
    message = N_("The server {host} of the CA {ca} is not trusted: {reason}.")
    advice = N_(
        "Do not continue: somebody may be between you and the bank. If the trust is not set"
        " yet, the bank's IT sets ca.{ca}.trust."
    )
    facts_named = ("ca", "host", "reason")


class CaNameMismatch(CaServerUntrusted):
    """The server's certificate is for another name; no password was sent."""

    code = "ca-name-mismatch"
    message = CaServerUntrusted.message
    advice = N_(
        "Do not continue: somebody may be between you and the bank. If the address is"
        " misspelt, correct ca.{ca}.url in the configuration."
    )


class CaAddressUnclear(CaError):
    """The address names another profile than the configuration, or none that EST has."""

    code = "ca-address-unclear"
    message = N_("The address {url} of the CA {ca} cannot be used: {reason}.")
    advice = N_("Correct ca.{ca}.url in the configuration; ca.{ca}.label names the profile.")
    facts_named = ("ca", "url", "reason")


class CaGatewayFailed(CaError):
    """Something between this computer and the CA answered in the CA's place."""

    code = "ca-gateway-failed"
    message = N_(
        "Not the CA {ca} answered, but a proxy or gateway before it ({gateway}): status {status}."
    )
    advice = N_(
        "Tell whoever runs it that the CA cannot be reached through it; then continue with:"
        " lockwright enroll --resume"
    )
    at_first = N_("Tell whoever runs it that the CA cannot be reached through it.")
    facts_named = ("ca", "gateway", "status")


class CaSilent(CaError):
    """The server did not answer in time."""

    code = "ca-silent"
    message = N_("The CA {ca} did not answer within {seconds} s.")
    advice = N_("Try again later with: lockwright enroll --resume")
    at_first = N_("Try again later.")
    facts_named = ("ca", "seconds")


class CaBroke(CaError):
    """The connection ended in the middle."""

    code = "ca-broke"
    message = N_("The CA {ca} ended the connection before its answer was complete.")
    advice = N_("Try again with: lockwright enroll --resume")
    at_first = N_("Try again.")
    facts_named = ("ca",)


class CaAnswerBroken(CaError):
    """The server answered with something that is no answer."""

    code = "ca-answer-broken"
    message = N_("The CA {ca} gave an answer that cannot be used: {reason}.")
    advice = N_("Tell the CA's operator; then continue with: lockwright enroll --resume")
    at_first = N_("Tell the CA's operator.")
    facts_named = ("ca", "reason")


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
