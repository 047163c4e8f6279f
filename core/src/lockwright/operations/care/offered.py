"""Whether a token is offered a hook, by what it says of itself."""

from __future__ import annotations

from lockwright.contract.adapter_class import refusal
from lockwright.models import Token


def refuse_not_offered(token: Token, short: str) -> None:
    """Refuse a hook that the token says it has not.

    Args:
        token: the token.
        short: the hook's name without ``lockwright_``.

    Raises:
        NotOffered: the token says that it has it not, and why.
    """
    if reason := token.state.capabilities.not_offered.get(short):
        failure = refusal(short, reason)
        failure.adapter = token.adapter
        raise failure
