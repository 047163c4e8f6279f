"""Taking a list of keys in: each is wrapped by the HSM; only the process that reads it sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from lockwright.errors import (
    DefaultKey,
    KeyUnusable,
    LockwrightError,
    ModuleError,
    NotSupported,
    PinError,
    SerialMalformed,
    UnknownVendor,
)
from lockwright.i18n import N_, _
from lockwright.keys.response import KeyInHand, PasswordInHand
from lockwright.keys.source import given_key
from lockwright.models import KeyForm
from lockwright.pkcs11.constants import CKM
from lockwright.secret import Secret
from lockwright.spoken import read_serial

from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody import hsm_keys, templates
from lockwright_desk.helpdesk.custody.adapters import Adapters
from lockwright_desk.helpdesk.custody.apart import Tell, apart
from lockwright_desk.helpdesk.custody.errors import HsmError, PasswordNotKept
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.key_lists import KeyRow, rows
from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.helpdesk.custody.schemes import WRAPPED_RFC3394, WRAPPED_RFC5649, boxed
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.token_keys import of_version, seal
from lockwright_desk.store.tables.register import Custody

_SCHEMES = {CKM.AES_KEY_WRAP: WRAPPED_RFC3394, CKM.AES_KEY_WRAP_PAD: WRAPPED_RFC5649}
_LONG = 24
_OF_THE_HSM = (HsmError, ModuleError, PinError)
"""What no other row of the list would fare better with."""

_SAID: Mapping[type[LockwrightError], str] = {
    DefaultKey: N_("the key is one that everybody knows"),
    SerialMalformed: N_("it is no serial number of this model"),
    UnknownVendor: N_("there is no such adapter"),
    PasswordNotKept: N_("this model needs a password in clear (--key-format password)"),
    NotSupported: N_("how the Response of this model is made is not public"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What list is taken in, and how it is read."""

    file: str
    form: KeyForm
    adapter: str | None
    """The adapter of all rows; None where each row has its own."""
    model: str | None
    version: KeyVersionOf
    """The version of the wrapping key."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that was taken in; nothing in it is secret."""

    line: int
    adapter: str
    model: str
    serial: str
    wrapped: bytes
    seal: bytes

    @property
    def token(self) -> tuple[str, str, str]:
        """Adapter, model and serial number, which tell it from others."""
        return self.adapter, self.model, self.serial


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not."""

    line: int
    reason: str
    """Why, in the language of whoever asked. Nothing of the row is in it: what stands where the
    serial number belongs may be a key."""


def custody_of(form: KeyForm) -> Custody:
    """The custody into which keys of a list come."""
    return Custody.OPENED if form is KeyForm.PASSWORD else Custody.WRAPPED


def taken_in(settings: KeeperSettings, asked: Asked) -> Iterator[Taken | Refused]:
    """Each row of a list, by a process that reads it, wraps its keys in the HSM, and ends.

    Args:
        settings: the configuration of the keeper.
        asked: which list.

    Raises:
        SecretFileMissing, SecretFileExposed: the list, or the HSM's PIN, cannot be read.
        HsmError, PinError, ModuleError: the HSM, or the key in it, is not to be used.
        IntakeEnded: the process ended early.
    """
    for told in apart(lambda tell: _Intake(settings, asked).run(tell)):
        if "reason" in told:
            yield Refused(told["line"], told["reason"])
        else:
            wrapped, sealed = bytes.fromhex(told["wrapped"]), bytes.fromhex(told["seal"])
            about = (told["line"], told["adapter"], told["model"], told["serial"])
            yield Taken(*about, wrapped, sealed)


class _Intake:
    """What the process does."""

    def __init__(self, settings: KeeperSettings, asked: Asked) -> None:
        self._settings = settings
        self._asked = asked
        self._adapters = Adapters(settings)

    def run(self, tell: Tell) -> None:
        with closing(Hsm(replace(self._settings.hsm, sessions=1))) as hsm:
            columns = 2 if self._asked.adapter and self._asked.model else 4
            for row in rows(self._asked.file, columns):
                if isinstance(row, KeyRow):
                    with row.key:
                        self._row(hsm, row, tell)
                else:
                    tell({"line": row[0], "reason": _reason(row[1])})

    def _row(self, hsm: Hsm, row: KeyRow, tell: Tell) -> None:
        try:
            record, key = self._read(row)
            with key:
                made = hsm.done(lambda session: self._wrapped(session, record, key))
        except LockwrightError as error:
            if isinstance(error, _OF_THE_HSM):
                raise
            tell({"line": row.line, "reason": _reason(error)})
        else:
            about = {"adapter": made.adapter, "model": made.model, "serial": made.serial}
            kept = {"wrapped": (made.wrapped or b"").hex(), "seal": (made.seal or b"").hex()}
            tell({"line": row.line, **about, **kept})

    def _read(self, row: KeyRow) -> tuple[KeyRecord, Secret]:
        """The record of a row, and its key, which is judged as at an answer."""
        adapter = self._asked.adapter or row.adapter or ""
        form, custody = self._asked.form, custody_of(self._asked.form)
        model = self._adapters.model(adapter, self._asked.model or row.model or "", form, custody)
        serial = read_serial(row.serial, model.rule.serial)
        if not row.key:
            raise KeyUnusable(reason=N_("the key is empty"))
        with given_key(row.key, form).value as value:
            password = form is KeyForm.PASSWORD
            model.check_key(PasswordInHand(value) if password else KeyInHand(value), form)
            key = boxed(value) if password else _of_24_bytes(value)
        version = self._asked.version
        return KeyRecord(adapter, model.name, serial, custody, form, version), key

    def _wrapped(self, session: HsmSession, record: KeyRecord, key: Secret) -> KeyRecord:
        prefix = self._settings.hsm.prefix
        password = record.custody is Custody.OPENED
        by = of_version(session, prefix, Kind(record.custody.value), record.version)
        mechanism = hsm_keys.wrapping(session.offered)
        given = templates.password(key) if password else templates.to_be_wrapped(key)
        with session.temporary(session.objects.create(given)) as clear:
            wrapped = session.keys.wrap(mechanism, by, clear)
        record = replace(record, wrapped=bytes([_SCHEMES[CKM(mechanism)]]) + wrapped)
        return replace(record, seal=seal(session, prefix, record))


def _reason(error: LockwrightError) -> str:
    """Why a row was refused, without anything of the row."""
    if isinstance(error, KeyUnusable):
        return _(str(error.facts["reason"]))
    for kind, said in _SAID.items():
        if isinstance(error, kind):
            return _(said)
    return error.code


def _of_24_bytes(key: Secret) -> Secret:
    """A 3DES key of three parts; of one with two the first is the third, too."""
    long = Secret(bytes(_LONG))
    for place in range(_LONG):
        long.buffer[place] = key.buffer[place % len(key)]
    return long
