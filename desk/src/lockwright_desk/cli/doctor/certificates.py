"""The CA, the server's certificate, and the key of one-time passwords."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from lockwright.console.finding import Check, Status
from lockwright.i18n import _

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.enrolment.otp_key import OtpKey
from lockwright_desk.enrolment.otp_places import place_of
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.serving.server import tls
from lockwright_desk.store.database import Database

_SOON = timedelta(days=30)


def authority(settings: Settings, now: datetime) -> Iterator[Check]:
    """The CA's certificate is good, and its key is there and belongs to it.

    Raises:
        LockwrightError: it does not.
    """
    opened = Authority.open(settings.ca)
    opened.close()
    yield Check("ca", Status.OK, _("The CA's key can be used; it is that of its certificate."))
    advice = _("Plan its successor; clients must trust that one before this one ends.")
    yield _ends("ca", _("The CA's certificate"), opened.certificate, now, advice)


def server(settings: Settings, now: datetime) -> Iterator[Check]:
    """What TLS shows: it can be used, is not over, and has the names by which the desk is called.

    Raises:
        DeskNotReady: TLS cannot use it.
    """
    file = settings.server.certificate
    if tls(settings) is None or file is None:
        said = _("TLS ends at the proxy; the desk has no certificate of its own.")
        yield Check("certificate", Status.OK, said)
        return
    try:
        shown = x509.load_pem_x509_certificates(file.read_bytes())[0]
        has = _names(shown)
    except (OSError, ValueError, IndexError):
        raise DeskNotReady(reason=_("{file} holds no certificate").format(file=file)) from None
    advice = _("Remove the file, and have lockwright-desk init make a new one; or put yours there.")
    yield _ends("certificate", _("The server's certificate"), shown, now, advice)
    wanted = {*settings.server.names, *([settings.signin.name] if settings.signin else ())}
    if missing := sorted(name for name in wanted if not _is_in(name.lower(), has)):
        told = _("The server's certificate does not have the name {names}.")
        yield Check(
            "certificate",
            Status.FAIL,
            told.format(names=", ".join(missing)),
            _("Browsers and clients refuse it under that name. Add it to [server] names. ")
            + advice,
            DeskNotReady.exit_code,
        )
    else:
        told = _("The server's certificate has every name of the configuration.")
        yield Check("certificate", Status.OK, told)


def passwords(settings: Settings, database: Database) -> Iterator[Check]:
    """The key of one-time passwords is there, and is the one that the database knows.

    Raises:
        LockwrightError: it is not.
    """
    OtpKey.open(place_of(settings), database)
    said = _("The key of the one-time passwords is the one that the database knows.")
    yield Check("passwords", Status.OK, said)


def _ends(area: str, what: str, certificate: x509.Certificate, now: datetime, advice: str) -> Check:
    end = certificate.not_valid_after_utc
    facts = {"what": what, "date": f"{end:%Y-%m-%d}"}
    if now > end:
        told = _("{what} ended on {date}.").format_map(facts)
        return Check(area, Status.FAIL, told, advice, DeskNotReady.exit_code)
    if now + _SOON > end:
        return Check(area, Status.WARN, _("{what} ends soon, on {date}.").format_map(facts), advice)
    return Check(area, Status.OK, _("{what} is valid until {date}.").format_map(facts))


def _names(certificate: x509.Certificate) -> set[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {
        *(name.lower() for name in found.get_values_for_type(x509.DNSName)),
        *map(str, found.get_values_for_type(x509.IPAddress)),
    }


def _is_in(name: str, has: set[str]) -> bool:
    """As RFC 9525 compares: a star stands for the first label alone."""
    try:
        return str(ip_address(name)) in has
    except ValueError:
        return name in has or f"*.{name.partition('.')[2]}" in has
