"""The way to a certificate authority: it cannot be reached, or is not to be trusted."""

from __future__ import annotations

from typing import ClassVar

from lockwright.errors.base import LockwrightError
from lockwright.i18n import N_

__all__ = [
    "CaAddressUnclear",
    "CaAnswerBroken",
    "CaBroke",
    "CaError",
    "CaGatewayFailed",
    "CaNameMismatch",
    "CaNotSecure",
    "CaProxy",
    "CaServerUntrusted",
    "CaSilent",
    "CaUnreachable",
]


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
