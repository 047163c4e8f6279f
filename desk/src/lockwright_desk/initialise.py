"""``init``: make what is not there yet. Run again, it makes nothing twice."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.certificates import subjects
from lockwright.enrol.soft_key import new_key
from lockwright.files import durable
from lockwright.files.lock import StillHeld, locked_within
from lockwright.i18n import N_, _
from lockwright.secret import Secret

from lockwright_desk import own_files, softhsm
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.clock import Clock
from lockwright_desk.configuration.settings import (
    CaSettings,
    ServerSettings,
    Settings,
    TokenSettings,
)
from lockwright_desk.enrolment.authority import token
from lockwright_desk.enrolment.authority.authority import Authority, read_chain, self_signed
from lockwright_desk.enrolment.authority.extensions import of_server
from lockwright_desk.enrolment.authority.key import open_key, write_key
from lockwright_desk.enrolment.issuing import row_of
from lockwright_desk.enrolment.otp_key import OtpKey
from lockwright_desk.enrolment.otp_places import KeyPlace, OnToken, place_of
from lockwright_desk.errors import CaKeyUnusable, CaSubjectChanged, DeskNotReady
from lockwright_desk.store.database import Database
from lockwright_desk.store.migrate import NEWEST
from lockwright_desk.store.tables.enrolment import Certificate

_PIN_BYTES = 16
_USUAL_NAME = "CN=lockwright desk CA"
_PATIENCE = 60.0
"""Seconds; a long RSA key takes some of them."""
_DEFAULT = Path(__file__).with_name("desk.toml")


def write_configuration(file: Path, names: Sequence[str]) -> None:
    """Write a configuration to start from.

    Args:
        file: where to; its folder is made.
        names: names and addresses of the server.

    Raises:
        CaKeyUnusable: SoftHSM, which it relies on, is not installed.
        FileNotWritten: it cannot be written.
    """
    module = softhsm.installed()
    if module is None:
        raise CaKeyUnusable(reason=N_("SoftHSM is not installed"))
    quoted = ", ".join(f'"{name}"' for name in names)
    text = _DEFAULT.read_text(encoding="utf-8")
    text = text.replace("@NAMES@", quoted).replace("@MODULE@", module.as_posix())
    own_files.create(file, text.encode())


def begin(settings: Settings, now: Clock) -> Sequence[str]:
    """Make, in this order: token, CA's key and certificate, tables, passwords' key, server's own.

    Returns:
        What was made, a sentence each.

    Raises:
        DeskNotReady: another ``init`` is at work in the folder.
        LockwrightError: something cannot be made; what was made before stays.
    """
    made: list[str] = []
    with _alone(settings.file), Recorder(settings.audit).operation("desk_init") as result:
        if settings.ca.token is not None:
            made += _token(settings.ca.token)
        made += _authority(settings.ca, now)
        database = Database(settings.database)
        try:
            made += _tables(database)
            made += _otp_key(place_of(settings), database)
            made += _server(settings.server, settings.ca, database, now)
        finally:
            database.close()
        result["made"] = len(made)
    return made


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Wait for another ``init`` of the same configuration: two would make two of everything."""
    with file.open("rb") as opened, ExitStack() as held:
        try:
            held.enter_context(locked_within(opened.fileno(), _PATIENCE))
        except StillHeld:
            raise DeskNotReady(reason=_("another lockwright-desk init is at work")) from None
        yield


def _token(settings: TokenSettings) -> Sequence[str]:
    """A token in a SoftHSM of the desk's own; any other token is there already."""
    if settings.softhsm is None:
        return []
    softhsm.prepare(settings.softhsm)
    if token.has_token(settings):
        return []
    pin, so_pin = (Secret(secrets.token_hex(_PIN_BYTES)) for _each in range(2))
    with pin, so_pin:
        own_files.replace(settings.pin_file, pin.buffer)
        softhsm.add_token(settings.module, settings.label, so_pin, pin)
    return [_("A token was made; its PIN is in {file}.").format(file=settings.pin_file)]


def _authority(settings: CaSettings, now: Clock) -> Sequence[str]:
    made = []
    _keeps_its_name(settings)
    if settings.token is not None:
        if not token.has_key(settings.token):
            _must_be_new(settings)
            token.make_key(settings.token, settings.key_type)
            made.append(_("The CA's key was made on the token; it can never be read."))
    elif settings.key_file is not None and not durable.found(settings.key_file):
        _must_be_new(settings)
        write_key(settings.key_file, new_key(settings.key_type))
        made.append(_("The CA's key is in {file}.").format(file=settings.key_file))
    if not durable.found(settings.certificate):
        opened = open_key(settings)
        try:
            signed = self_signed(
                settings.subject or _USUAL_NAME, opened.key, settings.validity, now()
            )
        finally:
            opened.close()
        own_files.create(settings.certificate, signed.public_bytes(Encoding.PEM))
        made.append(_("The CA's certificate is in {file}.").format(file=settings.certificate))
    return made


def _keeps_its_name(settings: CaSettings) -> None:
    """A root whose name was changed in the configuration alone is still the one that it was.

    One that another CA certifies was named there.
    """
    if settings.subject is None or not durable.found(settings.certificate):
        return
    found = read_chain(settings)[0]
    if found.subject == found.issuer and found.subject != subjects.parse(settings.subject):
        named, file = found.subject.rfc4514_string(), str(settings.certificate)
        raise CaSubjectChanged(wanted=settings.subject, found=named, file=file)


def _must_be_new(settings: CaSettings) -> None:
    """A certificate whose key is gone is not replaced without a word."""
    if settings.certificate.exists():
        raise CaKeyUnusable(
            reason=_("there is its certificate {file}, but not the key").format(
                file=settings.certificate
            )
        )


def _tables(database: Database) -> Sequence[str]:
    """The tables; only that earlier ones were changed is worth a word."""
    before = database.make()
    if before in {None, NEWEST}:
        return []
    told = _("The tables were brought from the version {old} to {new}.")
    return [told.format(old=before, new=NEWEST)]


def _otp_key(place: KeyPlace, database: Database) -> Sequence[str]:
    if not OtpKey.begin(place, database):
        return []
    told = _("The key of the one-time passwords is in {file}; back it up.")
    if isinstance(place, OnToken):
        told = _("The key of the one-time passwords is on the token: {file}")
    return [told.format(file=place.named)]


def _server(
    server: ServerSettings, ca: CaSettings, database: Database, now: Clock
) -> Sequence[str]:
    """The certificate of the server, by the CA itself, where none was put there."""
    if server.certificate is None or server.key is None or durable.found(server.certificate):
        return []
    authority = Authority.open(ca)
    try:
        key = new_key("ec:p256")
        name = subjects.parse("CN=lockwright-desk")
        given = of_server(server.names)
        certificate = authority.issue(name, key.public_key(), given, ca.validity, now())
    finally:
        authority.close()
    with database.writing() as session:
        session.add(Certificate(**row_of(certificate, now(), login=None, profile=None)))
    durable.remove(server.key)  # left by an init that was ended in between
    write_key(server.key, key)
    own_files.create(server.certificate, certificate.public_bytes(Encoding.PEM))
    return [_("The server's certificate is in {file}.").format(file=server.certificate)]
