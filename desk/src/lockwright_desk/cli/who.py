"""Who acts at a terminal: the account of the system, which can read the desk's files as it is."""

from __future__ import annotations

from lockwright.audit.actor import account

from lockwright_desk.signin.roles import Role, Who


def administrator() -> Who:
    """The account that runs the command, as an administrator.

    Whoever can run a command of the desk owns its configuration and its database, so that no other
    role would bind them; what they do is in the audit trail under this name.
    """
    name = account()
    return Who(name, frozenset({Role.ADMINISTRATOR}), name)
