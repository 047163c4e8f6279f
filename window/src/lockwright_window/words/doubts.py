"""Why a token that is seen cannot be used here."""

from __future__ import annotations

from lockwright.errors import LockwrightError, TokenBlank
from lockwright.models import Token, TokenIdentity
from lockwright.operations.detect import Detection
from lockwright.operations.selector import require_claimed, unclear_one


def doubt(token: Token, seen: Detection) -> LockwrightError | None:
    """Why nothing can be done with a token; None where an adapter has it.

    Args:
        token: one of those that were seen.
        seen: what is connected.
    """
    if token.identity in seen.unclear:
        twins = [each for each in seen.tokens if each.identity.strings == token.identity.strings]
        return unclear_one(seen, twins)
    try:
        require_claimed(token)
    except LockwrightError as error:
        return error
    return None


def blank(identity: TokenIdentity) -> LockwrightError:
    """What is to be said of a token that was never initialised."""
    place = identity.slot_description or identity.module.path.name
    return TokenBlank(places=(f"{identity.model}, {place}",))
