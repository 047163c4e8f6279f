"""A token's label: which there can be, another one, and the token found again by it."""

from __future__ import annotations

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.contract.adapter_class import refusal
from lockwright.errors import UNKNOWN_COST, LabelRefused, LockwrightError, TokenRemoved
from lockwright.i18n import N_
from lockwright.models import Token
from lockwright.operations.care.offered import refuse_not_offered
from lockwright.operations.finder import Finder
from lockwright.secret import Secret

LONGEST_LABEL = 32
"""Bytes of ``CK_TOKEN_INFO.label``."""


def check_label(label: str) -> None:
    """Refuse a label that a token could not give back as it was given.

    Args:
        label: ``CK_TOKEN_INFO.label`` without its padding: 32 bytes of UTF-8, padded with blanks,
            not ended by a zero (PKCS#11 2.40, ``C_InitToken``).

    Raises:
        LabelRefused: it is empty, too long, begins or ends with a blank, or is not all letters.
    """
    try:
        size = len(label.encode())
    except UnicodeEncodeError:
        size = 0
    reasons = (
        (not label.strip(), N_("it is empty")),
        (size > LONGEST_LABEL, N_("it takes more than 32 bytes; a Cyrillic letter takes two")),
        (label != label.strip(), N_("it begins or ends with a blank, which the token would lose")),
        (not label.isprintable() or not size, N_("it has characters that cannot be shown")),
    )
    for broken, reason in reasons:
        if broken:
            raise LabelRefused(label=label, reason=reason)


def set_label(calls: Calls, finder: Finder, token: Token, pin: Secret, label: str) -> Token:
    """Give a token another label, and leave all that is on it as it is.

    Args:
        calls: the contract.
        finder: finds it again.
        token: the token.
        pin: the PIN of whom ``label_by`` of its capabilities names.
        label: the label.

    Returns:
        The token under its new label.

    Raises:
        LabelRefused: no token can have that label.
        NotOffered: this token gets a label when it is initialised, and not otherwise.
        PinIncorrect, PinLocked, LastTry: the PIN does not open the token.
        TokenRemoved: it is not found under the new label.
    """
    check_label(label)
    refuse_not_offered(token, "set_label")
    by = token.state.capabilities.label_by
    if by is None:
        raise refusal("set_label", N_("only at initialisation"))
    calls(hooks.lockwright_set_label, token, by, pin, label)
    try:
        return found_again(finder, token, label, UNKNOWN_COST)
    except LockwrightError as error:
        error.cost = UNKNOWN_COST
        raise


def found_again(finder: Finder, token: Token, label: str, cost: str) -> Token:
    """The token under its new label, in the slot where it was, or with its serial number.

    Args:
        finder: finds it.
        token: the token as it was.
        label: its new label.
        cost: what it cost where it is not there any more.

    Raises:
        TokenRemoved: it is not there any more.
    """
    was = token.identity
    seen = finder.detect((was.module.path,)).tokens
    named = [each for each in seen if each.adapter and each.identity.label == label]
    same = [each for each in named if was.serial and each.serial == was.serial]
    # Only a blank token may get its serial number now; another one is a token that took its place.
    known = same if was.initialized and was.serial else named
    here = [each for each in known if each.identity.slot == was.slot]
    for fitting in (here, same):
        if len(fitting) == 1:
            return fitting[0]
    raise TokenRemoved(serial=was.serial, cost=cost)
