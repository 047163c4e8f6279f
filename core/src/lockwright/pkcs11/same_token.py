"""Whether a slot holds the token that is meant, compared before anything is sent to it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace

from lockwright.errors import NOTHING, TokenRemoved
from lockwright.models.token import TokenIdentity
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, TokenInfo


def identities(module: Module) -> list[TokenIdentity]:
    """Every token that a module shows, blank ones too, each with whether its strings are its alone.

    Args:
        module: the session port.

    Raises:
        CkrError: the module does not list its slots.
    """
    info, slots = module.info(), module.slots(blank=True)
    shown = Counter(slot.token.strings for slot in slots)
    return [replace(slot.identity(info), alone=shown[slot.token.strings] == 1) for slot in slots]


def find(module: Module, identity: TokenIdentity) -> TokenInfo:
    """A token in the slot that it is in now, read again.

    It may have moved only where it is known again: it had no double when it was looked for, it has
    a serial number, and exactly one slot fits all its strings.

    Args:
        module: the session port.
        identity: the token.

    Raises:
        TokenRemoved: it is in none.
    """
    with suppress(CkrError):
        found = module.token(identity.slot)
        if found.strings == identity.strings:
            return found
    if identity.may_move:
        fitting = [each.token for each in module.slots() if each.token.strings == identity.strings]
        if len(fitting) == 1:
            return fitting[0]
    raise TokenRemoved(serial=identity.serial, cost=NOTHING)


def demand(module: Module, slot: int, identity: TokenIdentity) -> TokenInfo:
    """The token in a slot, if it is the one that is meant.

    It is asked for once the session is open: a token that is pulled out takes its sessions along,
    so whatever is in the slot now is what the session is with.

    Args:
        module: the session port.
        slot: slot id.
        identity: the token.

    Raises:
        TokenRemoved: it is another one.
        CkrError: the slot is empty by now.
    """
    found = module.token(slot)
    same = found.strings == identity.strings
    if same and (slot == identity.slot or find(module, identity).slot == slot):
        return found
    raise TokenRemoved(serial=identity.serial, cost=NOTHING)


def with_label(module: Module, slot: int, identity: TokenIdentity, label: str) -> TokenIdentity:
    """A token as it shows itself after ``C_InitToken``, which may also give a serial number.

    Args:
        module: the session port.
        slot: slot id.
        identity: the token as it was.
        label: the label that it was given.

    Returns:
        The token as it is; as it was, if the slot holds none of its kind with that label.
    """
    with suppress(CkrError):
        found = module.token(slot)
        if found.strings[:2] == identity.strings[:2] and found.label == label:
            return replace(identity, serial=found.serial, label=label, slot=slot, initialized=True)
    return identity
