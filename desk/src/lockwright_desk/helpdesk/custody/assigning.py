"""Tokens whose key is derived, or is an object of its own: their records are made and sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lockwright.errors import KeyUnusable, LockwrightError, ModuleError, PinError
from lockwright.i18n import N_
from lockwright.models import KeyForm
from sqlalchemy import select, update

from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody.adapters import Adapters
from lockwright_desk.helpdesk.custody.errors import HsmError, HsmKeyMissing
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.helpdesk.custody.records import version_of
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.token_keys import opened, seal
from lockwright_desk.helpdesk.custody.versions import newest
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.register import Custody, Token

_AT_ONCE = 500
_OF_THE_HSM = (HsmError, ModuleError, PinError)
SERIAL = "{serial}"
"""Stands for the serial number in the label of an object."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tokens get a key, and where it is."""

    custody: Custody
    """Derived, or an object."""
    adapter: str
    model: str
    serial: str | None = None
    """One token; None for every token of the model that has no key."""
    label: str = SERIAL
    """Label of an object, in which ``{serial}`` stands for the serial number."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of it."""

    version: int | None
    """Number of the version of the master key; None for objects."""
    done: int
    """Tokens that have a key now."""
    refused: Mapping[str, int]
    """Why others have none, and how many."""
    serials: Sequence[str]
    """The first of those."""


def assign(
    register: Register, who: Who, hsm: Hsm, settings: KeeperSettings, wanted: Wanted
) -> Assigned:
    """Give tokens of the register a key that the HSM has.

    Each key is put to use once before: it must encrypt, and be none that everybody knows.

    Args:
        register: the register.
        who: who does it.
        hsm: the HSM.
        settings: the configuration of the keeper.
        wanted: which tokens, and where their keys are.

    Raises:
        NotAllowed: who does it may not.
        KeyUnusable: there is no master key yet.
        UnknownVendor, RuleNotPublic, PasswordNotKept: no custody can be for that model.
        HsmError, PinError, ModuleError: the HSM, or the key in it, is not to be used.
    """
    facts = {
        "operator": who.name,
        "custody": wanted.custody.value,
        "adapter": wanted.adapter,
        "model": wanted.model,
        "serial": wanted.serial,
    }
    with register.audit.operation("desk_keys_assign", **facts) as result:
        who.require(Action.CHANGE_KEYS)
        work = _Assigning(register, hsm, settings, wanted)
        done = work.run()
        result.update(done=done.done, refused=sum(done.refused.values()))
        return done


class _Assigning:
    def __init__(
        self, register: Register, hsm: Hsm, settings: KeeperSettings, wanted: Wanted
    ) -> None:
        if wanted.custody not in {Custody.DERIVED, Custody.OBJECT}:
            raise KeyUnusable(reason=N_("wrapped keys are taken in from a list"))
        self._model = Adapters(settings).model(
            wanted.adapter, wanted.model, KeyForm.HEX, wanted.custody
        )
        self._register, self._hsm, self._wanted = register, hsm, wanted
        self._prefix = settings.hsm.prefix
        self._version: KeyVersionOf | None = None
        self._version_id: int | None = None
        if wanted.custody is Custody.DERIVED:
            with register.database.reading() as session:
                row = newest(session, wanted.custody)
                self._version, self._version_id = version_of(row), row.id

    def run(self) -> Assigned:
        """Go through the tokens, some at once."""
        done, last, refused = 0, 0, Counter[str]()
        serials: list[str] = []
        while found := self._next(last):
            last = found[-1][0]
            rows = []
            for number, serial in found:
                record = self._record(serial)
                try:
                    sealed = self._hsm.done(partial(self._sealed, record))
                except LockwrightError as error:
                    if isinstance(error, _OF_THE_HSM) and not isinstance(error, HsmKeyMissing):
                        raise
                    refused[error.code] += 1
                    serials += [serial] if len(serials) < _AT_ONCE else []
                else:
                    rows.append(self._row(number, record, sealed))
            with self._register.database.writing() as session:
                if rows:
                    session.execute(update(Token), rows)
            done += len(rows)
        version = self._version.number if self._version else None
        return Assigned(version, done, refused, serials)

    def _next(self, last: int) -> Sequence[tuple[int, str]]:
        wanted = self._wanted
        chosen = select(Token.id, Token.serial).where(
            Token.adapter == wanted.adapter, Token.model == wanted.model, Token.id > last
        )
        if wanted.serial is None:
            chosen = chosen.where(Token.custody.is_(None))
        else:
            serial = self._register.serial(wanted.adapter, wanted.model, wanted.serial)
            chosen = chosen.where(Token.serial == serial)
        with self._register.database.reading() as session:
            rows = session.execute(chosen.order_by(Token.id).limit(_AT_ONCE)).all()
            return [(row.id, row.serial) for row in rows]

    def _record(self, serial: str) -> KeyRecord:
        wanted = self._wanted
        return KeyRecord(
            adapter=wanted.adapter,
            model=wanted.model,
            serial=serial,
            custody=wanted.custody,
            form=KeyForm.HEX,
            version=self._version,
            label=None if self._version else wanted.label.replace(SERIAL, serial),
        )

    def _sealed(self, record: KeyRecord, session: HsmSession) -> bytes:
        with opened(session, self._prefix, record) as key:
            self._model.check_key(key, record.form)
        return seal(session, self._prefix, record)

    def _row(self, number: int, record: KeyRecord, sealed: bytes) -> dict[str, object]:
        return {
            "id": number,
            "custody": record.custody.value,
            "key_version_id": self._version_id,
            "key_label": record.label,
            "key_form": record.form.value,
            "wrapped": None,
            "seal": sealed,
        }
