"""Changes of a token: each asks who it is, is recorded, and is done to what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lockwright.i18n import N_, _
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register import holding, values
from lockwright_desk.helpdesk.register.errors import (
    AlreadyHeld,
    ChangeNotAllowed,
    TokenChanged,
    TokenNotHandedOver,
    UnknownClient,
    UnknownToken,
)
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.rows import one_token
from lockwright_desk.helpdesk.register.shown import ClientShown, TokenShown
from lockwright_desk.helpdesk.register.transitions import changes_hands, following
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.register import Client, Token, TokenState

STATES = {
    TokenState.ISSUED: N_("issued"),
    TokenState.SUSPENDED: N_("suspended"),
    TokenState.LOST: N_("lost"),
    TokenState.RETIRED: N_("retired"),
}
"""What people call them."""
_HOOKS = {
    TokenState.ISSUED: "desk_token_restore",
    TokenState.SUSPENDED: "desk_token_suspend",
    TokenState.LOST: "desk_token_lost",
    TokenState.RETIRED: "desk_token_retire",
}


def set_state(
    register: Register, who: Who, token: TokenShown, state: TokenState, reason: str
) -> TokenShown:
    """Suspend a token, note that it was lost, restore it, or retire it for good.

    A token that is retired has no holder any more.

    Args:
        register: the register.
        who: who does it.
        token: the token as it was seen.
        state: the state that it gets; see ``transitions.ALLOWED``.
        reason: why, for the record.

    Returns:
        The token as it is then.

    Raises:
        NotAllowed: who does it may not.
        ChangeNotAllowed: from its state it cannot get there.
        TokenChanged: somebody else has changed it since it was seen.
        UnknownToken: it is gone.
        ValueRefused: the reason is empty, too long or not on one line.
    """
    about = {"before": token.state.value, "reason": reason[: values.LONGEST_REASON]}
    with register.audit.operation(_HOOKS[state], **_facts(who, token), **about):
        action = following(token.state).get(state)
        who.require(action or Action.SUSPEND)
        if action is None:
            raise ChangeNotAllowed(
                serial=token.serial, state=_(STATES[token.state]), wanted=_(STATES[state])
            )
        why = values.given("reason", reason, values.reason)
        with _changing(register, token) as (session, row):
            holding.turn(session, row, state, by=who.name, now=register.now(), reason=why)
            return _seen(session, row)


def hand_over(
    register: Register, who: Who, token: TokenShown, to: ClientShown | None
) -> TokenShown:
    """Give a token to a client, or take it back into the bank.

    Args:
        register: the register.
        who: who does it.
        token: the token as it was seen.
        to: the client; None for the bank.

    Returns:
        The token as it is then.

    Raises:
        NotAllowed: who does it may not.
        TokenNotHandedOver: in its state it does not go there.
        AlreadyHeld: it is there already.
        TokenChanged: somebody else has changed it since it was seen.
        UnknownToken, UnknownClient: one of them is gone.
    """
    before = token.holder.login if token.holder else None
    about = {"before": before, "to": to.login if to else None}
    with register.audit.operation("desk_token_hand_over", **_facts(who, token), **about):
        who.require(Action.CHANGE_REGISTER)
        if not changes_hands(token.state, to_client=to is not None):
            raise TokenNotHandedOver(serial=token.serial, state=_(STATES[token.state]))
        client_id = None if to is None else to.id
        if (None if token.holder is None else token.holder.id) == client_id:
            raise AlreadyHeld(serial=token.serial, holder=to.login if to else _("the bank"))
        with _changing(register, token) as (session, row):
            if to is not None and not _stays(session, to):
                raise UnknownClient(login=to.login)
            holding.give(session, row, client_id, by=who.name, now=register.now())
            return _seen(session, row)


@contextmanager
def _changing(register: Register, token: TokenShown) -> Iterator[tuple[Session, Token]]:
    """A token's row, which nobody else changes until the end.

    Raises:
        TokenChanged: somebody did since it was seen.
        UnknownToken: it is gone.
    """
    with register.database.writing() as session:
        row = session.get(Token, token.id, with_for_update=True)
        if row is None:
            raise UnknownToken(serial=token.serial)
        if row.revision != token.revision:
            raise TokenChanged(serial=token.serial)
        row.revision += 1
        yield session, row


def _stays(session: Session, to: ClientShown) -> bool:
    """Whether a client is there; nobody removes a client who is about to get a token."""
    row = session.get(Client, to.id, with_for_update={"read": True})
    return row is not None and row.removed_at is None


def _seen(session: Session, row: Token) -> TokenShown:
    session.flush()
    return one_token(session, row.id)


def _facts(who: Who, token: TokenShown) -> Mapping[str, object]:
    return {
        "operator": who.name,
        "adapter": token.adapter,
        "model": token.model,
        "serial": token.serial,
    }
