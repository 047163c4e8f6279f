"""What commands about operators are given, read and checked before anything is changed."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_desk.cli.program import Run
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.configuration.signin import SignInSettings
from lockwright_desk.errors import CredentialUnusable, NoSignIn
from lockwright_desk.signin import credentials
from lockwright_desk.signin.new_credentials import NewCredential
from lockwright_desk.signin.roles import Who
from lockwright_desk.web import places

_PEM = b"-----BEGIN"


def settings(configured: Settings) -> SignInSettings:
    """``[signin]``.

    Raises:
        NoSignIn: there is no such table.
    """
    if configured.signin is None:
        raise NoSignIn
    return configured.signin


def page(configured: Settings) -> str:
    """Where somebody enrols a passkey."""
    return f"{settings(configured).origin}{places.ENROL}"


def issuer(configured: SignInSettings) -> str:
    """The bank's own sign-in.

    Raises:
        CredentialUnusable: there is none.
    """
    if configured.oidc is None:
        raise CredentialUnusable(reason=_("the configuration has no table [signin.oidc]"))
    return configured.oidc.issuer


def certificate(file: Path) -> x509.Certificate:
    """A certificate in a file.

    Raises:
        CredentialUnusable: there is none.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CredentialUnusable(reason=f"{file}: {_(reason_of(error))}") from None
    try:
        if _PEM in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except (ValueError, x509.InvalidVersion):
        reason = _("{file} holds no certificate").format(file=file)
        raise CredentialUnusable(reason=reason) from None


def add(run: Run, who: Who, operator: str, new: NewCredential) -> None:
    """Have an operator sign in with something more.

    Args:
        run: the run.
        who: who runs it.
        operator: the operator's account.
        new: what they sign in with from now on.

    Raises:
        NotAllowed: who runs it may not.
        UnknownOperator: there is nobody of that name.
        CredentialThere: somebody signs in with it already, or did.
    """
    with run.audit.operation(
        "desk_credential_add",
        operator=who.name,
        account=operator,
        kind=new.kind.value,
        name=new.name,
    ) as result:
        result["credential"] = credentials.add(run.database, who, operator, new, run.now())
