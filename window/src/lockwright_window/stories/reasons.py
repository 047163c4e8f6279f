"""Why something cannot be done with a token: what a greyed button says."""

from __future__ import annotations

from lockwright.errors import LockwrightError
from lockwright.errors.pins import USER_PIN
from lockwright.i18n import _
from lockwright.models import PinState, Token
from lockwright.operations.guard import require_writable

from lockwright_window.words.advice import told
from lockwright_window.words.tries import warning


def none(_token: Token) -> str:
    """It can always be begun: its own pages say what cannot be."""
    return ""


def unclaimed(token: Token) -> str:
    """Nobody here knows this kind of token."""
    if token.adapter is None:
        return _("No installed adapter knows this token.")
    return ""


def not_writable(token: Token) -> str:
    """Nothing on it can be changed."""
    if no := unclaimed(token):
        return no
    try:
        require_writable(token)
    except LockwrightError as error:
        return told(error).message
    return ""


def no_change(token: Token) -> str:
    """Its PIN cannot be changed by its user: another one is to be set first."""
    if no := not_writable(token):
        return no
    status = token.state.user_pin
    is_of_no_use = status is not None and status.state in (PinState.LOCKED, PinState.NOT_SET)
    return warning(status, USER_PIN) if is_of_no_use else ""


def no_new_pin(token: Token) -> str:
    """No new PIN can be set in place of one that was lost."""
    if no := not_writable(token):
        return no
    can = token.state.capabilities
    if not (can.unblock_sets_pin or can.unblock_keeps_pin):
        return _("This token offers no way to set a new PIN in place of one that was lost.")
    return ""
