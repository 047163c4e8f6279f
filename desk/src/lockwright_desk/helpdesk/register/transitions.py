"""Which state of a token may follow which, and who may bring that about: one table."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright_desk.signin.roles import Action
from lockwright_desk.store.tables.register import TokenState

_ISSUED, _SUSPENDED, _LOST, _RETIRED = TokenState
ALLOWED: Mapping[tuple[TokenState, TokenState], Action] = {
    (_ISSUED, _SUSPENDED): Action.SUSPEND,
    (_ISSUED, _LOST): Action.SUSPEND,
    (_ISSUED, _RETIRED): Action.CHANGE_REGISTER,
    (_SUSPENDED, _ISSUED): Action.CHANGE_REGISTER,
    (_SUSPENDED, _LOST): Action.SUSPEND,
    (_SUSPENDED, _RETIRED): Action.CHANGE_REGISTER,
    (_LOST, _ISSUED): Action.CHANGE_REGISTER,
    (_LOST, _RETIRED): Action.CHANGE_REGISTER,
}
"""From, to, and the right that it needs; what is not here cannot be. A retired token stays so."""


def following(state: TokenState) -> Mapping[TokenState, Action]:
    """The states that may follow one, each with the right that it needs."""
    return {after: action for (before, after), action in ALLOWED.items() if before is state}


def changes_hands(state: TokenState, *, to_client: bool) -> bool:
    """Whether a token in a state is given to a client, or taken back into the bank.

    Args:
        state: its state.
        to_client: given to a client; what is suspended is only taken back.
    """
    return state is _ISSUED or (state is _SUSPENDED and not to_client)
