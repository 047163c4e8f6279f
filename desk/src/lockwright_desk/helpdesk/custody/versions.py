"""Versions of the keys by which administrator keys are wrapped or derived: made, and looked up."""

from __future__ import annotations

from dataclasses import dataclass

from lockwright.errors import KeyUnusable
from lockwright.i18n import N_
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.custody import hsm_keys
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.token_keys import known
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.register import Custody, KeyVersion


@dataclass(frozen=True, slots=True)
class VersionMade:
    """A new version."""

    custody: Custody
    number: int
    label: str
    """Label of the key in the HSM."""
    found: bool
    """Whether the HSM had the key already, such as from a ceremony with its maker's tool."""
    seal: bool
    """Whether the key of the seal was made, too, for there was none."""


def make(register: Register, who: Who, hsm: Hsm, prefix: str, custody: Custody) -> VersionMade:
    """Make the next version of a key in the HSM, and enter it; new tokens get it.

    A key that has its label is taken if it is fit: so a crash between the two leaves nothing that
    could not be repeated.

    Args:
        register: the register.
        who: who does it.
        hsm: the HSM.
        prefix: how the labels of its keys begin.
        custody: what for.

    Raises:
        NotAllowed: who does it may not.
        KeyUnusable: this custody has no such key.
        HsmLacks, HsmKeyUnfit, HsmKeyMissing, HsmUnusable: the HSM does not make it.
    """
    with register.audit.operation(
        "desk_key_version", operator=who.name, custody=custody.value
    ) as result:
        who.require(Action.CHANGE_KEYS)
        if custody is Custody.OBJECT:
            raise KeyUnusable(reason=N_("where each token has an object there are no versions"))
        kind = Kind(custody.value)
        with register.database.writing() as session:
            newest = select(func.max(KeyVersion.number)).where(KeyVersion.custody == custody)
            number = (session.scalar(newest) or 0) + 1
            label = hsm_keys.label_of(prefix, kind, number)

            def begun(in_hsm: HsmSession) -> tuple[bool, bool, str]:
                seal = _there(in_hsm, Kind.SEAL, hsm_keys.label_of(prefix, Kind.SEAL, 0))
                found = _there(in_hsm, kind, label)
                return found, not seal, known(in_hsm, kind, label)[1]

            found, seal, mark = hsm.done(begun)
            session.add(
                KeyVersion(
                    custody=custody.value,
                    number=number,
                    label=label,
                    mark=mark,
                    made_at=register.now(),
                    made_by=who.name,
                )
            )
        result.update(number=number, label=label, found=found, seal_made=seal)
    return VersionMade(custody, number, label, found, seal)


def newest(session: Session, custody: Custody) -> KeyVersion:
    """The version that new tokens get.

    Raises:
        KeyUnusable: there is none.
    """
    chosen = select(KeyVersion).where(KeyVersion.custody == custody)
    found = session.scalars(chosen.order_by(KeyVersion.number.desc()).limit(1)).one_or_none()
    if found is None:
        raise KeyUnusable(reason=N_("there is no version of a key yet: lockwright-desk keys make"))
    return found


def _there(session: HsmSession, kind: Kind, label: str) -> bool:
    """Whether the HSM has a key, which is judged; it is made where it has none."""
    hsm_keys.demand_mechanisms(kind, session.offered)
    if hsm_keys.has(session, label):
        known(session, kind, label)
        return True
    hsm_keys.demand_mechanisms(kind, session.offered, to_make=True)
    hsm_keys.make(session, kind, label)
    known(session, kind, label)
    return False
