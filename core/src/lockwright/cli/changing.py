"""What ``pin change``, ``so-pin change`` and ``puk change`` share: old, new, done, told."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.console.clean import clean
from lockwright.models import Token
from lockwright.secret import Secret


def change_known(
    run: Invocation,
    token: Token,
    roles: tuple[Role, Role],
    work: Callable[[Token, Secret, Secret], object],
    *,
    doing: str,
    told: str,
) -> None:
    """Change what whoever runs it knows.

    Args:
        run: the command.
        token: the token.
        roles: the old one and the new one.
        work: changes it.
        doing: what is shown meanwhile.
        told: what is said then, with ``{serial}``.
    """
    old, new = run.collect(token, *roles)
    with run.output.working(doing):
        work(token, old, new)
    run.output.answer(
        lambda: {"token": token.serial, "changed": True},
        lambda console: console.print(told.format(serial=clean(token.serial))),
    )
