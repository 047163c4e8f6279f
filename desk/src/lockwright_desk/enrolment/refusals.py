"""What a client is told when it does not get the certificate that it asked for.

What is wrong with a request as a message of HTTP is told by ``http.refusals``.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from lockwright.i18n import N_

from lockwright_desk.http.refusals import Forbidden, Refusal, UnknownPlace

# --- the request as a wish ----------------------------------------------------------------------


class BodyUnreadable(Refusal):
    """No PKCS #10 request in any form."""

    code = "body-unreadable"
    message = N_("The request holds no PKCS #10 request in base64.")


class CertificateUnknown(Refusal):
    """Asked about a certificate that the desk did not issue."""

    code = "certificate-unknown"
    status = HTTPStatus.NOT_FOUND
    message = N_("No such certificate was issued here.")


class SignatureWrong(Refusal):
    """The key's holder did not sign it, or signed with a broken algorithm."""

    code = "signature-wrong"
    message = N_("The signature of the request is wrong or of a kind that is not accepted.")


class KeyRefused(Refusal):
    """Too weak, or of a type that the profile does not have."""

    code = "key-refused"
    message = N_("A key of the type {found} is not accepted; accepted are: {accepted}.")
    facts_named = ("accepted", "found")


class SubjectRefused(Refusal):
    """The request asks for another name."""

    code = "subject-refused"
    message = N_("The request asks for another subject than {subject}.")
    facts_named = ("subject",)


class ExtensionRefused(Refusal):
    """The request asks for what the profile does not give."""

    code = "extension-refused"
    message = N_("The request asks for the extension {extension}, which the profile does not give.")
    facts_named = ("extension",)


# --- who asks -----------------------------------------------------------------------------------


class Unauthorized(Refusal):
    """Base: who asks is not known. A right answer names the scheme (RFC 7030, 3.2.3)."""

    code = "unauthorized"
    status = HTTPStatus.UNAUTHORIZED

    @property
    def headers(self) -> Mapping[str, str]:
        """The scheme that is expected."""
        return {"WWW-Authenticate": 'Basic realm="lockwright-desk", charset="UTF-8"'}


class CredentialsMissing(Unauthorized):
    """Neither a password nor a certificate."""

    code = "credentials-missing"
    message = N_("A login and a one-time password are needed.")


class CredentialsWrong(Unauthorized):
    """Which of the two is wrong is not told."""

    code = "credentials-wrong"
    message = N_("The login or the one-time password is wrong.")


class PasswordExpired(Forbidden):
    """Right, but too late."""

    code = "password-expired"
    message = N_("The one-time password has expired; ask for a new one.")


class PasswordRevoked(Forbidden):
    """Right, but taken back."""

    code = "password-revoked"
    message = N_("The one-time password was revoked; ask for a new one.")


class PasswordUsed(Forbidden):
    """Right, but used for another key."""

    code = "password-used"
    message = N_("The one-time password was already used for another key; ask for a new one.")


class PasswordElsewhere(Forbidden):
    """Right, but for another profile."""

    code = "password-elsewhere"
    message = N_("The one-time password is for another profile.")


class NothingToRenew(Forbidden):
    """Re-enrolment without a certificate before it."""

    code = "nothing-to-renew"
    message = N_("There is no valid certificate to renew; enrol anew.")


class CertificateOver(Forbidden):
    """Expired or revoked."""

    code = "certificate-over"
    message = N_("The client certificate has expired or was revoked.")


class RenewedAlready(Forbidden):
    """A certificate is renewed once, for one key."""

    code = "renewed-already"
    message = N_("The client certificate was already renewed for another key.")


class RequestDenied(Forbidden):
    """The bank's staff said no."""

    code = "request-denied"
    message = N_("The bank refused the request: {reason}.")
    facts_named = ("reason",)


class IssuedButRevoked(Forbidden):
    """Asked again for what was taken back since."""

    code = "issued-but-revoked"
    message = N_("The certificate that was issued for this request was revoked; ask the bank.")


# --- the server's own trouble -------------------------------------------------------------------


class CannotSign(Refusal):
    """The token with the CA's key does not answer."""

    code = "cannot-sign"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = N_("The CA cannot sign now; repeat the same request later.")

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": "60"}


# --- the place that was asked --------------------------------------------------------------------


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
