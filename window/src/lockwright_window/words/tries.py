"""How a PIN stands, for whoever is about to type it."""

from __future__ import annotations

from lockwright.errors import PinLocked, PinNotSet
from lockwright.errors.pins import SO_PIN, USER_PIN
from lockwright.i18n import _, ngettext
from lockwright.models import PinState, PinStatus

from lockwright_window.words.advice import told


def named(role: str) -> str:
    """What a PIN is called, as a label.

    Args:
        role: which PIN, a msgid.
    """
    words = _("administrator's PIN (SO PIN)") if role == SO_PIN else _(role)
    return words[:1].upper() + words[1:]


def warning(status: PinStatus | None, role: str) -> str:
    """What is to be known before a PIN is typed; empty where nothing is.

    Args:
        status: how it stands; None where nothing is known.
        role: which PIN, a msgid.
    """
    if status is None:
        return ""
    match status.state:
        case PinState.LOCKED:
            return told(PinLocked(role=role)).message
        case PinState.NOT_SET:
            return told(PinNotSet()).message
        case PinState.FINAL_TRY:
            return _last(role)
        case PinState.COUNT_LOW if status.tries_left is not None:
            number = status.tries_left
            words = ngettext("{n} try is left.", "{n} tries are left.", number)
            return words.format(n=number)
        case PinState.COUNT_LOW:
            return _("At least one wrong try was made; how many are left is not known.")
        case PinState.TO_BE_CHANGED:
            return _("It must be changed before the token can be used.")
        case _:
            return ""


def _last(role: str) -> str:
    if role == USER_PIN:
        return _(
            "This is the last try. If the PIN is wrong, it locks, and only the bank can help then."
            " If you are not sure of it, set a new one instead."
        )
    return _(
        "This is the last try. If it is wrong, it locks, and then nobody unblocks this token any"
        " more."
    )
