"""Deletions and certificates that cannot be carried out."""

from __future__ import annotations

from lockwright.errors.base import LockwrightError
from lockwright.i18n import N_

__all__ = [
    "BrokenRequest",
    "CertificateAlreadyStored",
    "CertificateError",
    "CertificateExpired",
    "CertificateForAnotherKey",
    "CertificateUnfit",
    "CertificateUnreadable",
    "CertificateUnsupported",
    "CertificateUntrusted",
    "KeyAlreadyThere",
    "NoTrust",
    "PartialError",
    "PartlyDeleted",
    "PlanError",
    "PlanStale",
    "PolicyNotKept",
    "PolicyStale",
]

_TRUST_IT = N_(
    "Set the CA's certificates as trust in the configuration, [ca.NAME] trust or else"
    " [trust] anchors; by hand, give them with --trust."
)


class PlanError(LockwrightError):
    """A plan cannot be applied."""

    code = "plan"
    exit_code = 7


class PlanStale(PlanError):
    """The token's content is no longer what the plan was made for."""

    code = "plan-stale"
    message = N_("The content of the token {serial} changed after the plan was made.")
    advice = N_("Make the plan again and read it again before you confirm it.")
    facts_named = ("serial",)


class PolicyStale(PlanError):
    """The token's PIN rules are no longer what the plan was made for."""

    code = "policy-stale"
    message = N_("The PIN rules of the token {serial} changed after the plan was made.")
    advice = N_("Make the plan again and read it again before you confirm it.")
    facts_named = ("serial",)


class PartialError(LockwrightError):
    """Something was done, and something was not."""

    code = "partial"
    exit_code = 8


class PartlyDeleted(PartialError):
    """Some of the planned objects are gone and some are left."""

    code = "partly-deleted"
    message = N_("Not everything could be deleted. Gone: {gone}. Left: {left}.")
    advice = N_("What is gone cannot be brought back; see what is left with: lockwright list")
    usual_cost = ""
    facts_named = ("gone", "left")


class PolicyNotKept(PartialError):
    """The token accepted the rules, but reports others."""

    code = "policy-not-kept"
    message = N_(
        "The token {serial} accepted the PIN rules, but reports others than these: {rules}."
    )
    advice = N_("See which rules hold now with: lockwright policy show --token {serial}")
    usual_cost = N_("What is on the token, and its PINs, are as they were.")
    facts_named = ("serial", "rules")


class CertificateError(LockwrightError):
    """A certificate is not accepted."""

    code = "certificate"
    exit_code = 9


class BrokenRequest(CertificateError):
    """No request can be made for what was asked."""

    code = "request-broken"
    message = N_("No request can be made for the subject {subject}: {reason}.")
    advice = N_("Correct that; a subject is written as in: CN=Anna Petrova,O=Bank,C=RU")
    facts_named = ("subject", "reason")


class CertificateUnreadable(CertificateError):
    """A file holds no certificate that can be read."""

    code = "certificate-unreadable"
    message = N_("{file} holds no readable X.509 certificate: {reason}.")
    advice = N_("Give the certificate as the CA issued it, PEM or DER.")
    facts_named = ("file", "reason")


class CertificateUnsupported(CertificateError):
    """A certificate or a CA has a key, a signature or a version that cannot be checked."""

    code = "certificate-unsupported"
    message = N_("The certificate {subject} cannot be used: {reason}.")
    advice = N_(
        "Use certificates of version 3, with keys and signatures of RSA or of P-256 to P-521."
    )
    facts_named = ("subject", "reason")


class CertificateForAnotherKey(CertificateError):
    """The certificate belongs to no key that is there."""

    code = "certificate-for-another-key"
    message = N_("The certificate {subject} belongs to none of the keys there ({serial}).")
    advice = N_("Check that this is where the request was made.")
    facts_named = ("subject", "serial")


class KeyAlreadyThere(CertificateError):
    """The token has this key already."""

    code = "key-already-there"
    message = N_("The key of the certificate {subject} is on the token {serial} already.")
    advice = N_(
        "See it with: lockwright list --login. Without a certificate it may be left of an import"
        " that was cut short: then delete it, and import again."
    )
    facts_named = ("subject", "serial")


class CertificateUntrusted(CertificateError):
    """The certificate does not lead to the configured trust."""

    code = "certificate-untrusted"
    message = N_("The certificate {subject} is not trusted: {reason}.")
    advice = _TRUST_IT
    facts_named = ("subject", "reason")


class CertificateUnfit(CertificateError):
    """The certificate may not be used for what its key is for."""

    code = "certificate-unfit"
    message = N_("The certificate {subject} cannot be used here: {reason}.")
    advice = N_("Ask the CA for a certificate that allows its holder to sign.")
    facts_named = ("subject", "reason")


class CertificateExpired(CertificateError):
    """The certificate is not valid now."""

    code = "certificate-expired"
    message = N_("The certificate {subject} is valid from {not_before} to {not_after}, not now.")
    advice = N_(
        "Check this computer's clock; if it is right, wait until the certificate is valid, or ask"
        " the CA for a new one."
    )
    facts_named = ("subject", "not_before", "not_after")


class NoTrust(CertificateError):
    """Nothing says which CA to trust."""

    code = "no-trust"
    message = N_("No CA is trusted, so no certificate can be accepted.")
    advice = _TRUST_IT


class CertificateAlreadyStored(CertificateError):
    """The very certificate is already on the token."""

    code = "certificate-already-stored"
    message = N_("The certificate {subject} is already on the token {serial}.")
    advice = N_("Nothing is left to do; see it with: lockwright list")
    facts_named = ("subject", "serial")
