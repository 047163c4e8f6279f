"""What somebody is told who cannot sign in, or is not signed in any more."""

from __future__ import annotations

from http import HTTPStatus

from lockwright.i18n import N_

from lockwright_desk.http.refusals import Forbidden, Refusal


class SignInNeeded(Refusal):
    """Nobody is signed in, or the session is over."""

    code = "sign-in-needed"
    status = HTTPStatus.UNAUTHORIZED
    message = N_("Sign in first.")


class NotSignedIn(Refusal):
    """Base: what was shown does not sign anybody in."""

    code = "not-signed-in"
    status = HTTPStatus.UNAUTHORIZED
    message = N_("This does not sign anybody in.")


class CertificateMissing(NotSignedIn):
    """The browser showed no certificate."""

    code = "sign-in-certificate-missing"
    message = N_(
        "The browser showed no certificate; plug the token in, close the browser, try again."
    )


class CertificateNotKnown(NotSignedIn):
    """Of nobody, of somebody who is suspended, or taken back: which of it is not told."""

    code = "sign-in-certificate-unknown"
    message = N_("Nobody signs in with this certificate; ask the administrator.")


class CertificateNotValid(NotSignedIn):
    """It has expired, is not valid yet, or was revoked here."""

    code = "sign-in-certificate-over"
    message = N_("The certificate has expired or was revoked; ask the administrator.")


class PasskeyNotKnown(NotSignedIn):
    """Of nobody, of somebody who is suspended, or taken back: which of it is not told."""

    code = "passkey-unknown"
    message = N_("Nobody signs in with this passkey; ask the administrator.")


class PasskeyRefused(NotSignedIn):
    """What the authenticator answered is not what was asked of it."""

    code = "passkey-refused"
    message = N_("The passkey did not prove who you are; try again.")


class PasskeyCopied(NotSignedIn):
    """Its counter went back: there are two of it, or it was restored."""

    code = "passkey-copied"
    message = N_("This passkey may have been copied, and is not accepted; ask the administrator.")


class PasskeySynced(NotSignedIn):
    """It is not of one device alone, and the bank has not allowed that."""

    code = "passkey-synced"
    message = N_("This passkey is copied to other devices; use one that stays where it is.")


class PasskeyThere(Refusal):
    """The authenticator was enrolled before."""

    code = "passkey-there"
    status = HTTPStatus.CONFLICT
    message = N_("This passkey is enrolled already; sign in with it.")


class CodeWrong(NotSignedIn):
    """No such code, or one that is used, taken back or too old: which of it is not told."""

    code = "sign-in-code-wrong"
    message = N_("The sign-in code is wrong, was used or is too old; ask for a new one.")


class SignInLate(NotSignedIn):
    """Begun too long ago, in another browser, or brought to its end before."""

    code = "sign-in-late"
    message = N_("This sign-in took too long or was finished before; begin again.")


class TooManyBegun(Refusal):
    """One address has begun very many, and ended none."""

    code = "sign-in-too-many"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = N_("Too many sign-ins were begun from here; try again in a few minutes.")


class ProviderRefused(NotSignedIn):
    """The bank's own sign-in said no, or not what it must."""

    code = "oidc-refused"
    message = N_("The bank's sign-in did not say who you are; begin again.")


class SubjectNotKnown(NotSignedIn):
    """The bank knows them, the desk does not."""

    code = "oidc-subject-unknown"
    message = N_("The bank knows you, but nobody here has that name; ask the administrator.")


class ProviderAway(Refusal):
    """The bank's own sign-in does not answer."""

    code = "oidc-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = N_("The bank's sign-in does not answer; try again later, or in another way.")


class FromElsewhere(Forbidden):
    """A change that another site's page asked for, or one that is none of this session's."""

    code = "from-elsewhere"
    message = N_("This was not sent by a page of the desk; load the page again.")


class SignInUnreadable(Refusal):
    """The body is not what the page sends."""

    code = "sign-in-unreadable"
    message = N_("The request is not one that the sign-in page sends.")
