"""``[signin]``: where the help desk's pages are, and how long somebody stays signed in there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _

from lockwright_desk.configuration.values import within

_HTTPS_PORT = 443
_LAST_HOUR = 24
_THIS_COMPUTER = {"127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """``[signin.oidc]``: the bank's own sign-in."""

    issuer: str
    """URL by which the provider calls itself, exactly."""
    client_id: str
    """What the provider calls the desk."""
    secret_file: Path | None
    """File with the secret of that client; None for a client that has none."""
    ca: Path | None
    """PEM, the CAs that the provider's server is trusted by; None for the system's."""


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """``[signin]``: who may come in, by what, and for how long."""

    origin: str
    """Scheme, name and port of the pages, as browsers write it (RFC 6454, 6.2)."""
    name: str
    """The name in it, to which passkeys belong (WebAuthn's relying party ID)."""
    client_ca: Path | None
    """PEM, CAs beside the desk's own whose client certificates TLS accepts."""
    idle: timedelta
    """How long nothing may be done before one has to sign in again."""
    longest: timedelta
    """How long one stays signed in at most."""
    code_lasts: timedelta
    """How long a sign-in code can be used."""
    synced_passkeys: bool
    """Whether a passkey may be one that its maker copies to the person's other devices."""
    oidc: OidcSettings | None
    """None where the bank has no sign-in of its own."""


def read(table: Table, folder: Path) -> SignInSettings | None:
    """``[signin]``.

    Args:
        table: the table.
        folder: what relative paths are relative to.

    Returns:
        The settings; None if there is no such table.

    Raises:
        Wrong: something in it has no meaning.
    """
    if not table.names:
        return None
    given, client_ca = table.text("origin"), table.text("client_ca")
    idle = within(table, "idle_minutes", 15, 1, _LAST_HOUR * 60)
    longest = within(table, "hours", 10, 1, _LAST_HOUR)
    code_lasts = within(table, "code_hours", 24, 1, 7 * _LAST_HOUR)
    synced = table.flag("synced_passkeys", default=False)
    oidc = _oidc(table.table("oidc"), folder)
    table.done()
    if given is None:
        raise Wrong(_("[signin] origin is missing, such as https://desk.bank.example"))
    origin, name = _origin(given)
    return SignInSettings(
        origin=origin,
        name=name,
        client_ca=folder / client_ca if client_ca else None,
        idle=timedelta(minutes=idle),
        longest=timedelta(hours=longest),
        code_lasts=timedelta(hours=code_lasts),
        synced_passkeys=synced,
        oidc=oidc,
    )


def _origin(given: str) -> tuple[str, str]:
    """An origin as browsers write it, and the name in it.

    A passkey belongs to a name: an address is no relying party ID (WebAuthn 2, 5.1.2).
    """
    try:
        parts = urlsplit(given)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        raise Wrong(_not_an_origin(given)) from None
    rest = parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme != "https" or not name or rest:
        raise Wrong(_not_an_origin(given))
    if _is_address(name):
        said = _("[signin] origin: {given} holds an address; a passkey needs a name")
        raise Wrong(said.format(given=given))
    try:
        name = name.rstrip(".").encode("idna").decode()
    except UnicodeError:
        raise Wrong(_not_an_origin(given)) from None
    shown = "" if port in {None, _HTTPS_PORT} else f":{port}"
    return f"https://{name}{shown}", name


def _not_an_origin(given: str) -> str:
    said = _("[signin] origin: {given} is not like https://desk.bank.example or with :8443 behind")
    return said.format(given=given)


def _is_address(name: str) -> bool:
    """Whether browsers read it as an address: what ends in a number is one to them."""
    try:
        ip_address(name)
    except ValueError:
        last = name.rstrip(".").rpartition(".")[2].lower()
        return last.isdecimal() or last.startswith("0x")
    return True


def _oidc(table: Table, folder: Path) -> OidcSettings | None:
    if not table.names:
        return None
    issuer, client = table.text("issuer"), table.text("client_id")
    secret, ca = table.text("secret_file"), table.text("ca")
    table.done()
    if issuer is None or client is None:
        raise Wrong(_("[signin.oidc] needs issuer and client_id"))
    if not is_safe_address(issuer):
        said = _("[signin.oidc] issuer: {given} is not an address that begins with https://")
        raise Wrong(said.format(given=issuer))
    return OidcSettings(
        issuer=issuer,
        client_id=client,
        secret_file=folder / secret if secret else None,
        ca=folder / ca if ca else None,
    )


def is_safe_address(address: str) -> bool:
    """Whether nobody on the way can read what is sent there: TLS, or this computer itself."""
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return False
    return bool(name) and (
        parts.scheme == "https" or (parts.scheme == "http" and name in _THIS_COMPUTER)
    )
