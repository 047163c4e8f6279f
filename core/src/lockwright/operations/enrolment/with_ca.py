"""Enrolment with a CA, from the order to the proved certificate."""

from __future__ import annotations

from dataclasses import replace as changed

from lockwright.calls.authorities import CaCalls
from lockwright.config import Config
from lockwright.config.authorities import BY_BASIC
from lockwright.contract.taken_secrets import doors
from lockwright.enrol.ca.logins import check_login
from lockwright.enrol.journal import Entry, Journal, Step
from lockwright.enrol.storage import Storage
from lockwright.errors import (
    IN_PLACE,
    NOTHING,
    EnrolmentTooLate,
    NoTrust,
)
from lockwright.models import (
    CaProfile,
    CaRequirements,
    StoredCertificate,
    TokenIdentity,
)
from lockwright.operations.enrolment.authorities import Authorities
from lockwright.operations.enrolment.context import (
    AT_ONCE,
    Beside,
    EnrolmentContext,
    Patience,
    kept,
)
from lockwright.operations.enrolment.earlier import refuse_strangers
from lockwright.operations.enrolment.orders import Asked, entry_for, newest
from lockwright.operations.enrolment.renewals import Renewals
from lockwright.operations.enrolment.token_storage import TokenStorage
from lockwright.operations.enrolment.unfinished import Unfinished
from lockwright.operations.object_labels import check_object_label
from lockwright.operations.telling import Teller
from lockwright.secret import Secret


@doors()
class Enrolments(Unfinished):
    """Orders certificates from CAs; ``Runner.enrolments`` is one.

    Args:
        config: the configuration.
        ca_calls: the hooks of CA clients.
        authorities: the CAs.
        renewals: remembers what was issued.
    """

    def __init__(
        self, config: Config, ca_calls: CaCalls, authorities: Authorities, renewals: Renewals
    ) -> None:
        self._ca_calls = ca_calls
        self._authorities = authorities
        self._renewals = renewals
        super().__init__(Journal(config.journal_folder))

    def check_login(self, ca: CaProfile, login: str | None) -> None:
        """Refuse a login that cannot be sent, before anything is asked of anybody.

        Args:
            ca: the CA.
            login: the login; None for none.

        Raises:
            LoginUnfit: the CA's client sends it by HTTP Basic, which cannot carry it.
        """
        if ca.kind in BY_BASIC:
            check_login(ca, login)

    def check_subject(
        self, ca: CaProfile, wishes: CaRequirements, login: str | None, subject: str | None
    ) -> None:
        """Refuse a subject that no order can have, before a person is asked for secrets.

        Args:
            ca: the CA.
            wishes: what it asks for.
            login: the login; None for none.
            subject: what the person asks for; None for nothing.

        Raises:
            CaConflict: what was asked, the CA dictates and the bank set do not agree.
            BrokenRequest, CaUnknown: there is no subject to ask for.
        """
        from lockwright.operations.enrolment.agreed import subject_for  # noqa: PLC0415  # slow

        subject_for(ca, wishes, login, subject)

    # --- begin, go on, undo -----------------------------------------------------------------------

    def enrol(
        self,
        storage: Storage,
        ca: CaProfile,
        asked: Asked,
        *,
        wishes: CaRequirements | None = None,
        replace: str | None = None,
        patience: Patience = AT_ONCE,
    ) -> StoredCertificate:
        """Make a key, order a certificate, write it, and prove that it works.

        Args:
            storage: where they go, of ``Runner.storages``.
            ca: the CA.
            asked: what the person gives.
            wishes: what the CA asks for; None to ask it.
            replace: container to remove in the end, by a name of it; None for none. Only on a
                token.
            patience: how it is waited for.

        Raises:
            EnrolmentOpen: another one is not finished yet.
            LoginUnfit: the login cannot be sent.
            ObjectLabelRefused: nothing is given such a label.
            SelectionError: ``replace`` fits no container, or several.
            CaError, CertificateError, EnrolmentError: see ``EnrolmentSteps.run``.
        """
        check_object_label(asked.label)
        self.refuse_open(storage.place, storage.token)
        self.check_login(ca, asked.login)
        context = self._context(storage, ca, asked.password, patience)
        with context.teller.whole():
            entry = entry_for(storage, ca, wishes or self._wishes(context), asked)
            context.teller.begins(Beside.OPENING)
            storage.ready()
            if replace is not None:
                old = storage.container(replace)
                entry = changed(entry, old_id=old.id, old_ref=old.ref, replaces=True)
            return self._begin(context, entry)

    def renew(
        self,
        storage: TokenStorage,
        ca: CaProfile,
        asked: Asked,
        *,
        wishes: CaRequirements | None = None,
        container: str | None = None,
        replace: bool = False,
        patience: Patience = AT_ONCE,
    ) -> StoredCertificate:
        """Order a certificate for a new key in place of one that is about to expire.

        Args:
            storage: the token.
            ca: the CA.
            asked: login and password, where the CA wants them; the subject stays as it was.
            wishes: what the CA asks for; None to ask it.
            container: what is renewed, by a name of it; None if there is only one.
            replace: remove the old container in the end.
            patience: how it is waited for.

        Raises:
            EnrolmentOpen: another one is not finished yet.
            LoginUnfit: the login cannot be sent.
            ObjectLabelRefused: nothing is given such a label.
            SelectionError: ``container`` fits no container, or several.
            CaError, CertificateError, EnrolmentError: see ``EnrolmentSteps.run``.
        """
        check_object_label(asked.label)
        self.refuse_open(storage.place, storage.token)
        self.check_login(ca, asked.login)
        context = self._context(storage, ca, asked.password, patience)
        with context.teller.whole():
            wishes = wishes or self._wishes(context)
            context.teller.begins(Beside.OPENING)
            old = storage.renewable(container)
            latest = newest(old, storage.token)
            choice = wishes.key_types
            same = old.key_type if not choice or old.key_type in choice else None
            given = changed(
                asked,
                label=asked.label or old.label,
                key_type=asked.key_type or ca.key_type or wishes.key_type or same,
            )
            kept = changed(ca, subject=None)
            renews = latest.object.value
            entry = entry_for(storage, kept, changed(wishes, subject=None), given, renews)
            entry = changed(entry, renews=renews, old_id=old.id, old_ref=old.ref, replaces=replace)
            return self._begin(context, entry)

    def resume(
        self,
        storage: Storage,
        *,
        password: Secret | None = None,
        patience: Patience = AT_ONCE,
        chosen: bool = False,
    ) -> StoredCertificate:
        """Go on with an enrolment where it ended.

        Args:
            storage: where it is for.
            password: the same one-time password; None where ``Entry.asks_ca`` is False.
            patience: how it is waited for.
            chosen: a person named this very token, and not its serial number alone; it matters for
                what a version before 2 of the journal noted.

        Raises:
            NoEnrolment: nothing was left unfinished.
            EnrolmentUnclear: it may be another token's.
            CaError, CertificateError, EnrolmentError: see ``EnrolmentSteps.run``.
        """
        with self._journal.held(*_where(storage)):
            entry = self._journal.get(*_where(storage))
            ca = self._authorities.get(entry.ca)
            context = self._context(storage, ca, password, patience)
            with context.teller.whole():
                context.teller.begins(Beside.OPENING)
                storage.ready(entry.key_id)
                refuse_strangers(entry, storage, chosen=chosen)
                return self._run(context, entry)

    def abandon(self, storage: Storage, *, chosen: bool = False) -> Entry:
        """Remove all that an unfinished enrolment made.

        Args:
            storage: where it is for; a file needs no password here.
            chosen: as of ``resume``.

        Returns:
            What was undone.

        Raises:
            NoEnrolment: nothing was left unfinished.
            EnrolmentUnclear: it may be another token's.
            EnrolmentTooLate: the new certificate works, and what it replaces is being removed.
            PartlyDeleted: something is still there.
        """
        from lockwright.operations.enrolment.steps import EnrolmentSteps  # noqa: PLC0415  # slow to import

        with self._journal.held(*_where(storage)):
            entry = self._journal.get(*_where(storage))
            refuse_strangers(entry, storage, chosen=chosen, undo=True)
            if entry.step is Step.CLEARING:
                raise EnrolmentTooLate(place=storage.place)
            ca = CaProfile(entry.ca, kind="")
            with kept():
                context = self._context(storage, ca, None, AT_ONCE)
                EnrolmentSteps(context, entry).undo()
            return entry

    # --- how --------------------------------------------------------------------------------------

    def _context(
        self, storage: Storage, ca: CaProfile, password: Secret | None, patience: Patience
    ) -> EnrolmentContext:
        return EnrolmentContext(
            journal=self._journal,
            storage=storage,
            calls=self._ca_calls,
            ca=ca,
            password=password,
            patience=patience,
            teller=Teller(patience.tell),
        )

    def _wishes(self, context: EnrolmentContext) -> CaRequirements:
        context.teller.begins(Beside.ASKING)
        return self._authorities.requirements(context.ca)

    def _begin(self, context: EnrolmentContext, entry: Entry) -> StoredCertificate:
        from lockwright.operations.enrolment.intermediates import known_of  # noqa: PLC0415  # slow to import

        ca, storage = context.ca, context.storage
        if not ca.anchors:
            raise NoTrust
        with self._journal.held(*_where(storage)):
            self.refuse_open(storage.place, storage.token)
            with kept(NOTHING):
                context.teller.begins(Beside.KNOWING)
                entry = changed(entry, known=known_of(self._ca_calls, ca))
            return self._run(context, self._journal.record(entry))

    def _run(self, context: EnrolmentContext, entry: Entry) -> StoredCertificate:
        from lockwright.operations.enrolment.steps import EnrolmentSteps  # noqa: PLC0415  # slow to import

        steps = EnrolmentSteps(context, entry)
        with kept():
            stored = steps.run()
        if context.storage.token is not None:
            with kept(IN_PLACE):
                context.teller.begins(Beside.LEARNING)
                self._renewals.learn(context.ca, steps.certificate)
        return stored


def _where(storage: Storage) -> tuple[str, TokenIdentity | None]:
    """A storage as the journal knows it."""
    return storage.place, storage.token.identity if storage.token else None
