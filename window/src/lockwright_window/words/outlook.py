"""A token in one sentence: whether it is in order, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lockwright.i18n import _, ngettext
from lockwright.models import Certificate, PinState, Token, TokenState
from lockwright.records import dataclass

from lockwright_window.words.weight import Weight

SOON = 30
"""Days before its end at which a certificate is called to be renewed, if the bank set no other."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be said of a token."""

    weight: Weight
    """How much it matters."""
    brief: str
    """How it is, in two or three words, for a list."""
    sentence: str
    """How it is, and what to do next."""
    act: str | None = None
    """Name of the act that mends it; None for none."""


def outlook(
    token: Token, certificates: Iterable[Certificate], now: datetime, soon: int = SOON
) -> Outlook:
    """How a token is.

    Args:
        token: the token.
        certificates: those on it, as far as they were seen.
        now: the time, UTC.
        soon: days before its end at which a certificate is to be renewed.
    """
    return _of_pin(token.state) or _of_certificates(_last_of_each_key(certificates), now, soon)


def _last_of_each_key(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Of each key the certificate that ends last: it came in place of the others."""
    last: dict[bytes | str, Certificate] = {}
    for each in certificates:
        key = each.object.public_value or each.object.ref
        if key not in last or _ends_after(each, last[key]):
            last[key] = each
    return tuple(last.values())


def _ends_after(one: Certificate, other: Certificate) -> bool:
    if one.not_after is None or other.not_after is None:
        return one.not_after is not None
    return one.not_after > other.not_after


def _of_pin(state: TokenState) -> Outlook | None:
    status = state.user_pin
    match None if status is None else status.state:
        case PinState.LOCKED:
            told = _("The PIN is locked. Set a new one, with the bank's help.")
            return Outlook(Weight.WRONG, _("PIN locked"), told, "new-pin")
        case PinState.FINAL_TRY:
            told = _("One more wrong PIN locks it. If you are not sure of it, set a new one.")
            return Outlook(Weight.WRONG, _("last try of the PIN"), told, "new-pin")
        case PinState.TO_BE_CHANGED:
            told = _("Change the PIN before the token can be used.")
            return Outlook(Weight.WRONG, _("PIN to be changed"), told, "change-pin")
        case PinState.NOT_SET:
            told = _("No PIN has been set yet. Set one, with the bank's help.")
            return Outlook(Weight.WRONG, _("no PIN yet"), told, "new-pin")
        case _:
            return None


def _of_certificates(certificates: tuple[Certificate, ...], now: datetime, soon: int) -> Outlook:
    ends = [each for each in certificates if each.not_after is not None]
    good = [each for each in ends if not each.expired(now)]
    if not certificates:
        told = _("The token is in order. No certificate is seen on it.")
        return Outlook(Weight.FINE, _("in order"), told)
    if ends and not good:
        told = _("Every certificate has expired. Delete the old one, then get a new one.")
        return Outlook(Weight.WRONG, _("certificate expired"), told, "clean")
    left = min((each.days_left(now) or 0 for each in good), default=None)
    if left is not None and left < soon:
        told = ngettext(
            "A certificate ends in {number} day. Renew it.",
            "A certificate ends in {number} days. Renew it.",
            left,
        )
        brief = ngettext("{number} day left", "{number} days left", left).format(number=left)
        return Outlook(Weight.SOON, brief, told.format(number=left), "renew")
    return Outlook(Weight.FINE, _("in order"), _("The token is in order."))
