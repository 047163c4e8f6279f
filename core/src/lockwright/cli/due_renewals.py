"""One renewal after the other, each token's PIN asked for once."""

from __future__ import annotations

from functools import cache
from typing import TypedDict

from lockwright.cli import enrolment, phrases
from lockwright.cli.due_report import Outcome
from lockwright.cli.enrolment_steps import followed
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.errors import (
    Interrupted,
    LockwrightError,
    ModuleError,
    NothingSelected,
    PinError,
    RenewalUnclear,
    TokenBusy,
    TokenRemoved,
)
from lockwright.i18n import _
from lockwright.models import (
    CaProfile,
    CaRequirements,
    ContainerState,
    StorageKind,
    StoredCertificate,
    Token,
)
from lockwright.operations.enrolment.due import Prospect
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.enrolment.token_storage import TokenStorage
from lockwright.records import dataclass

_OF_THE_TOKEN = (PinError, TokenRemoved, TokenBusy, ModuleError)
"""Errors after which nothing more is tried on a token."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A CA, and what it asks for."""

    ca: CaProfile | None = None
    """The CA; None if it cannot be asked."""
    wishes: CaRequirements | None = None
    """What it asks for."""
    error: LockwrightError | None = None
    """Why it cannot be asked."""

    @property
    def login(self) -> bool:
        """Whether it wants a login and a one-time password for a renewal."""
        return self.wishes is not None and self.wishes.renewal_login


class Came(TypedDict):
    """What came of one."""

    stored: StoredCertificate | None
    error: LockwrightError | None


class Renewing:
    """Renews what is due.

    Args:
        run: the command.
        terms: the CAs by name.
        login: login for every CA that wants one; None to ask.
        replace: remove each old container.
        wait: seconds for the bank's decision.
    """

    def __init__(
        self,
        run: Invocation,
        terms: dict[str, Terms],
        *,
        login: str | None,
        replace: bool,
        wait: int,
    ) -> None:
        self._run = run
        self._terms = terms
        self._replace = replace
        self._wait = wait
        self._login_for = cache(lambda name: enrolment.login_of(run, login, terms[name].ca))
        self._storages: dict[int, TokenStorage] = {}
        self._over: dict[int, LockwrightError] = {}

    def one(self, due: Outcome) -> Came:
        """Renew one.

        Raises:
            Interrupted: the person ended it all.
        """
        token, prospect = due.token, due.prospect
        if (over := self._over.get(id(token))) is not None:
            return Came(stored=None, error=over)
        try:
            stored = self._renewed(token, prospect)
        except Interrupted:
            raise
        except LockwrightError as error:
            if isinstance(error, _OF_THE_TOKEN):
                self._over[id(token)] = error
            return Came(stored=None, error=error)
        told = _("{serial}: the certificate of {name} is renewed.")
        self._run.output.note(told.format(serial=token.serial, name=prospect.container.name))
        return Came(stored=stored, error=None)

    def _renewed(self, token: Token, prospect: Prospect) -> StoredCertificate:
        if len(prospect.cas) != 1:
            cas = ", ".join(prospect.cas) or "-"
            raise RenewalUnclear(name=prospect.container.name, cas=cas)
        terms = self._terms[prospect.cas[0]]
        if terms.ca is None:
            assert terms.error is not None  # noqa: S101  # one of them is there
            raise terms.error
        self._run.runner.enrolments.refuse_open(token.name, token)
        storage = self._opened(token, prospect)
        told = _("For the certificate of {name}, valid to {date}:")
        name, date = prospect.container.name, phrases.date(prospect.ends)
        self._run.output.note(told.format(name=name, date=date))
        asked = self._asked(token, terms)
        return self._run.runner.enrolments.renew(
            storage,
            terms.ca,
            asked,
            wishes=terms.wishes,
            container=prospect.container.ref,
            replace=self._replace,
            patience=followed(self._run.output.steps(), StorageKind.TOKEN, self._wait),
        )

    def _opened(self, token: Token, prospect: Prospect) -> TokenStorage:
        """The token, open; and its key must be there, before a one-time password is asked for."""
        storage = self._storages.get(id(token))
        if storage is None:
            (pin,) = self._run.collect(token, Role.USER)
            storage = self._run.runner.storages.token(token, pin)
            self._storages[id(token)] = storage
        ref = prospect.container.ref
        whole = [c.ref for c in storage.content().containers if c.state is ContainerState.COMPLETE]
        if ref not in whole:
            raise NothingSelected(serial=token.serial, selector=prospect.container.name)
        return storage

    def _asked(self, token: Token, terms: Terms) -> Asked:
        if not terms.login or terms.ca is None:
            return Asked()
        if not self._run.terminal.there:  # it is the password that is missing, to this one alone
            (password,) = self._run.collect(token, Role.OTP)
            return Asked(self._login_for(terms.ca.name), password)
        login = self._login_for(terms.ca.name)
        (password,) = self._run.collect(token, Role.OTP)
        return Asked(login, password)
