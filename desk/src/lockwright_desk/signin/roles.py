"""Which role may do what: one table, which every door asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lockwright.i18n import N_

from lockwright_desk.http.refusals import Forbidden


class Role(StrEnum):
    """What somebody is at the desk; one person may be several."""

    OPERATOR = "operator"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done."""

    FIND = "find"
    """Look up clients and tokens."""
    SEE_CASES = "see-cases"
    WORK_ON_CASES = "work-on-cases"
    """Open a case, verify the caller, take a Request, answer it, close the case."""
    DECIDE = "decide"
    """Agree to an answer that needs a second person, or refuse it."""
    SUSPEND = "suspend"
    """Suspend a token, or note that it was lost."""
    CHANGE_REGISTER = "change-register"
    SEE_ALERTS = "see-alerts"
    SEE_STATISTICS = "see-statistics"
    SEE_AUDIT = "see-audit"
    """See the audit trail, and take it away as a file."""
    SEE_KEYS = "see-keys"
    """See versions of administrator keys, and which tokens hang on them."""
    CHANGE_KEYS = "change-keys"
    CHANGE_OPERATORS = "change-operators"


_OPERATOR, _APPROVER, _AUDITOR, _ADMINISTRATOR = Role
ALLOWED = {
    Action.FIND: {_OPERATOR, _APPROVER, _AUDITOR, _ADMINISTRATOR},
    Action.SEE_CASES: {_OPERATOR, _APPROVER, _AUDITOR, _ADMINISTRATOR},
    Action.WORK_ON_CASES: {_OPERATOR},
    Action.DECIDE: {_APPROVER},
    Action.SUSPEND: {_OPERATOR, _ADMINISTRATOR},
    Action.CHANGE_REGISTER: {_ADMINISTRATOR},
    Action.SEE_ALERTS: {_APPROVER, _AUDITOR, _ADMINISTRATOR},
    Action.SEE_STATISTICS: {_APPROVER, _AUDITOR, _ADMINISTRATOR},
    Action.SEE_AUDIT: {_AUDITOR},
    Action.SEE_KEYS: {_AUDITOR, _ADMINISTRATOR},
    Action.CHANGE_KEYS: {_ADMINISTRATOR},
    Action.CHANGE_OPERATORS: {_ADMINISTRATOR},
}
"""Who may do what; what is not here nobody may."""


class NotAllowed(Forbidden):
    """The role has not that right."""

    code = "not-allowed"
    message = N_("This needs another role: {roles}.")
    facts_named = ("roles",)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who is known to the desk."""

    name: str
    """Name of the account, as the audit trail has it."""
    roles: frozenset[Role]
    shown: str = ""
    """The person's name."""

    def may(self, action: Action) -> bool:
        """Whether that is allowed."""
        return bool(self.roles & ALLOWED.get(action, set()))

    def require(self, action: Action) -> None:
        """Make sure that it is.

        Raises:
            NotAllowed: it is not.
        """
        if not self.may(action):
            raise NotAllowed(roles=tuple(sorted(ALLOWED.get(action, ()))))


def roles_in(text: str) -> frozenset[Role]:
    """The roles of a text, as the database keeps them.

    Raises:
        ValueError: one of them is none.
    """
    return frozenset(map(Role, text.split()))


def roles_text(roles: Iterable[Role]) -> str:
    """Roles as the database keeps them."""
    return " ".join(sorted(roles))
