"""Which storage a person means, and its secrets: a token's PIN, a file's password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from lockwright.cli.documents import Document
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.console.clean import clean
from lockwright.console.framework import Body, option
from lockwright.enrol.journal import Entry
from lockwright.enrol.storage import Storage
from lockwright.errors import NoEnrolment
from lockwright.i18n import N_, _
from lockwright.models import StorageKind, Token
from lockwright.operations.enrolment.token_storage import TokenStorage
from lockwright.pkcs11 import uri as uris
from lockwright.records import dataclass
from lockwright.secret import Secret


def storage_options(body: Body) -> Body:
    """``--storage`` and ``--out``."""
    out = option(
        "--out",
        type=click.Path(path_type=Path),
        metavar="FILE",
        text=N_("The PKCS#12 file to write; it must not exist yet."),
    )
    kind = option(
        "--storage",
        type=click.Choice([kind.value for kind in StorageKind]),
        text=N_("Where key and certificate go; a token if nothing is said."),
    )
    return kind(out(body))


First = Callable[[TokenStorage], object]
"""Looks at a token that is open."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A storage that a person means, not open yet."""

    kind: StorageKind
    """What kind of place it is."""
    place: str
    """Its name in the journal."""
    token: Token | None = None
    """The token that it is; None for another place."""

    @property
    def document(self) -> Document:
        """It, for a program."""
        return {"kind": self.kind.value, "place": self.place}


def new(run: Invocation, kind: str | None, out: Path | None) -> Meant:
    """The storage for a new enrolment; what cannot work is refused before anybody is asked.

    Args:
        run: the run.
        kind: value of ``--storage``; None if it was not given.
        out: value of ``--out``.

    Raises:
        EnrolmentOpen: an enrolment for it is unfinished.
        FileNotWritten, StorageUnavailable: it cannot be used.
    """
    wanted = _wanted(run, kind, out)
    if wanted is None or wanted is StorageKind.TOKEN:
        return on(token(run))
    if wanted is StorageKind.SYSTEM:
        meant = Meant(wanted, run.runner.storages.system_store().place)
        run.runner.enrolments.refuse_open(meant.place)
        return meant
    if out is None:
        raise click.UsageError(_("--storage file needs --out."), click.get_current_context())
    storage = run.runner.storages.file(out, None)
    run.runner.enrolments.refuse_open(storage.place)
    storage.ready()
    return Meant(wanted, storage.place)


def token(run: Invocation) -> Token:
    """The token for a new enrolment.

    Raises:
        EnrolmentOpen: an enrolment on it is unfinished.
    """
    connected = run.token(key_types=True)
    run.runner.enrolments.refuse_open(connected.name, connected)
    return connected


def on(connected: Token) -> Meant:
    """A token as a storage."""
    return Meant(StorageKind.TOKEN, connected.name, connected)


def unfinished(run: Invocation, kind: str | None, out: Path | None) -> tuple[Meant, Entry]:
    """The storage whose enrolment is meant, and that enrolment.

    Args:
        run: the run.
        kind: value of ``--storage``; None if it was not given.
        out: value of ``--out``.

    Raises:
        NoEnrolment: there is none.
    """
    wanted, enrolments = _wanted(run, kind, out), run.runner.enrolments
    if wanted is not StorageKind.TOKEN:
        found = [
            entry
            for entry in enrolments.unfinished()
            if wanted in {None, entry.storage} and (out is None or entry.place == _place(out))
        ]
        if wanted is not None and not found:
            raise NoEnrolment(place=_place(out) if out else wanted.value)
        if len(found) == 1 and found[0].storage is not StorageKind.TOKEN:
            return Meant(found[0].storage, found[0].place), found[0]
        if wanted is not None:
            message = _("Several enrolments are unfinished; say which with --out FILE.")
            raise click.UsageError(message, click.get_current_context())
    meant = on(run.token(key_types=True))
    return meant, enrolments.entry(meant.place, meant.token)


def chosen(run: Invocation) -> bool:
    """Whether the person named the token by more than its serial number."""
    named = run.options.token
    if named is None or not named.lower().startswith(uris.SCHEME):
        return False
    return bool(uris.parse(named).attributes.keys() - {"serial"})


def opened(
    run: Invocation, meant: Meant, *, otp: bool, has_key: bool, first: First | None = None
) -> tuple[Secret | None, Storage]:
    """The one-time password, where it is wanted, and the storage, open.

    Args:
        run: the run.
        meant: the storage.
        otp: whether the one-time password is wanted.
        has_key: whether its key was made before; otherwise its password is chosen now.
        first: as for ``opened_token``.
    """
    if meant.token is not None:
        return opened_token(run, meant.token, otp=otp, first=first)
    storages = run.runner.storages
    chosen = Role.NEW if has_key else Role.P12
    if meant.kind is StorageKind.FILE:
        password, (keeps,) = _collected(run, None, (Role.P12,), otp=otp, chosen=chosen)
        return password, storages.file(Path(meant.place), keeps)
    own = (Role.P12, *((Role.STORE,) if storages.system_store().locked() else ()))
    password, (keeps, *opens) = _collected(run, None, own, otp=otp, chosen=chosen)
    return password, storages.system(keeps, store_password=opens[0] if opens else None)


def opened_to_undo(run: Invocation, meant: Meant) -> Storage:
    """A storage as far as it must be open to take back what was made."""
    storages = run.runner.storages
    match meant.kind:
        case StorageKind.SYSTEM if storages.system_store().locked():
            (secret,) = run.collect(None, Role.STORE)
            return storages.system(None, store_password=secret)
        case StorageKind.SYSTEM:
            return storages.system(None)
        case StorageKind.FILE:
            return storages.file(Path(meant.place), None)
        case StorageKind.TOKEN:
            return opened(run, meant, otp=False, has_key=True)[1]


def opened_token(
    run: Invocation, connected: Token, *, otp: bool, first: First | None = None
) -> tuple[Secret | None, TokenStorage]:
    """The one-time password, where it is wanted, and a token.

    Args:
        run: the run.
        connected: the token.
        otp: whether the one-time password is wanted.
        first: looks whether the token has what is meant, before a person is asked for the password:
            whoever typed it in vain would have shown it in vain.
    """
    if otp and first is not None and run.terminal.there and not run.pins.given(Role.OTP):
        storage = run.runner.storages.token(connected, *run.collect(connected, Role.USER))
        first(storage)
        (typed,) = run.collect(None, Role.OTP)
        return typed, storage
    password, (pin,) = _collected(run, connected, (Role.USER,), otp=otp)
    return password, run.runner.storages.token(connected, pin)


def told(meant: Meant, label: str) -> str:
    """Where the certificate is now, for a person."""
    place = clean(meant.place)
    match meant.kind:
        case StorageKind.TOKEN:
            text = _("The certificate is on the token {serial}, beside its new key {label}.")
            return text.format(serial=place, label=clean(label))
        case StorageKind.FILE:
            text = _("The certificate and its key are in {file}, sealed with your password.")
            return text.format(file=place)
        case StorageKind.SYSTEM:
            text = _("The certificate and its key are in the system's store {place}.")
            return text.format(place=place)


def _collected(
    run: Invocation,
    connected: Token | None,
    own: tuple[Role, ...],
    *,
    otp: bool,
    chosen: Role = Role.NEW,
) -> tuple[Secret | None, tuple[Secret, ...]]:
    """The one-time password, where it is wanted, and the storage's own secrets."""
    if not otp:
        return None, run.collect(connected, *own, chosen=chosen)
    password, *secrets = run.collect(connected, Role.OTP, *own, chosen=chosen)
    return password, tuple(secrets)


def _wanted(run: Invocation, kind: str | None, out: Path | None) -> StorageKind | None:
    """What is said of the storage; None if nothing is."""
    context = click.get_current_context()
    wanted = StorageKind(kind) if kind else None
    if out is not None and wanted not in {None, StorageKind.FILE}:
        raise click.UsageError(_("--out goes with --storage file."), context)
    if out is not None:
        wanted = StorageKind.FILE
    if run.options.token is None:
        return wanted
    if wanted not in {None, StorageKind.TOKEN}:
        raise click.UsageError(_("--token goes with --storage token."), context)
    return StorageKind.TOKEN


def _place(out: Path) -> str:
    return str(out.absolute())
