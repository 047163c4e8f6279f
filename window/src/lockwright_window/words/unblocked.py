"""What is said when a token gets its Response, and when it works again."""

from __future__ import annotations

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import PinState, PinStatus, Token


def giving(by: str) -> str:
    """A Response is given to the token.

    Args:
        by: who answered over the line; empty where it was typed.
    """
    given = _("Giving the Response to the token…")
    return f"{_by(by)} {given}" if by else given


def title(*, keeps_pin: bool) -> str:
    """What was done."""
    if keeps_pin:
        return _("The token is unblocked")
    return _("The PIN is set, the token is unblocked")


def words(token: Token, status: PinStatus | None, by: str, *, keeps_pin: bool) -> list[str]:
    """What is now, and what to do next.

    Args:
        token: the token.
        status: its PIN; None if it cannot say.
        by: who answered over the line; empty where nobody did.
        keeps_pin: whether the PIN is the old one.
    """
    done = (
        _("The token {serial} is unblocked and keeps its user PIN.")
        if keeps_pin
        else _("The new user PIN of the token {serial} is set, the token is unblocked.")
    )
    return [
        done.format(serial=clean(token.serial)),
        _("Access to the key container for signing is restored."),
        _("Keys and certificates are as they were; nothing has to be issued anew."),
        *([_by(by)] if by else []),
        _next(status, keeps_pin=keeps_pin),
    ]


def _by(by: str) -> str:
    return _("The Response came over the line. {by} answered for the bank.").format(by=clean(by))


def _next(status: PinStatus | None, *, keeps_pin: bool) -> str:
    match None if status is None else status.state:
        case PinState.FINAL_TRY:
            return _(
                "The token reports the last try until somebody logs in with the right PIN: use it"
                " once, with the PIN typed carefully."
            )
        case PinState.TO_BE_CHANGED:
            return _("Before the token can be used, change the PIN.")
        case _:
            if keeps_pin:
                return _("Work with the token as before, with the PIN that you know.")
            return _("Work with the token as before, with the new PIN.")
