"""How long a child may be silent in a call of a hook."""

from __future__ import annotations

from lockwright.contract.declaration import Arguments, Declared
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines


def of_call(deadlines: Deadlines, declared: Declared, token: Token, arguments: Arguments) -> float:
    """Seconds of silence; where a PIN is entered on the token's own pad, a person has time, too.

    Args:
        deadlines: the bank's.
        declared: the hook.
        token: the token.
        arguments: the hook's further arguments.
    """
    seconds = deadlines.generate if declared.slow else deadlines.call
    return seconds + deadlines.pad if any(declared.on_pad(token, arguments)) else seconds


def of_removal(
    deadlines: Deadlines, declared: Declared, arguments: Arguments, listed: int
) -> float:
    """Seconds more where objects are removed that nobody counts: the more they are.

    Args:
        deadlines: the bank's.
        declared: the hook.
        arguments: the hook's further arguments.
        listed: how many objects the token showed last.
    """
    objects = declared.work_in(arguments, listed)
    return min(deadlines.whole, objects * deadlines.remove)
