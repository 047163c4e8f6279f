"""Whoever works at the desk's own console: who may read its configuration may make operators."""

from __future__ import annotations

from lockwright_desk.signin.roles import Role, Who


def at_the_console(account: str) -> Who:
    """Who runs a command of the desk.

    The account can read and write the desk's database as it is, so the first administrator is
    made by it. No operator's name has a colon, so no operator is taken for it.

    Args:
        account: name of the system's account.
    """
    return Who(f"console:{account}", frozenset({Role.ADMINISTRATOR, Role.AUDITOR}), account)
