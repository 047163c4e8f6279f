"""The PKI applet ("Laser"): its administrator is a PIN, or a 3DES key that answers a Request."""

from __future__ import annotations

from ctypes import c_ulong, create_string_buffer
from dataclasses import replace

from lockwright.adapter import refusal
from lockwright.errors import NotSupported
from lockwright.i18n import N_
from lockwright.models import Capabilities, PinState, PinStatus, Token, TokenState, UnblockWay
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKU
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Session
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_jacarta.functions import (
    CKU_SO_RESPONSE,
    JcRv,
    PkiPersonalization,
    PkiPinCounters,
    call,
    functions,
    read,
)
from lockwright_jacarta.pin_refusals import NONE_LEFT, NOT_IN_MODULE, REQUESTS

CHALLENGE_SIZE = 8
"""Bytes of a Request: one block of 3DES."""
RESPONSE_LENGTH: int | None = 8
"""Bytes of a Response: the same block, encrypted."""
BY_KEY, BY_PIN = N_("the administrator is a key"), N_("the administrator is a PIN")
UNLIMITED, NEVER = 0, 255
"""``UserMaxUnblock``: no limit, and no unblock at all."""
WITH_RESPONSE = "JC_PKI_UnlockUserPinWithResponse"
POLICY = frozenset(
    {"min_length", "max_bytes", "min_digits", "min_upper", "min_lower", "max_repeated"}
)


def state(module: Module, slot: int, plain: TokenState) -> TokenState:
    """Counters of both PINs, and the ways to unblock that its kind of administrator has."""
    counters = _counters(module, slot, CKU.USER)
    info = _personalization(module, slot)
    by_key = info is not None and bool(info.admin_is_chal_resp)
    return replace(
        plain,
        user_pin=_counted(plain.user_pin, counters),
        so_pin=_counted(plain.so_pin, _counters(module, slot, CKU.SO)),
        capabilities=replace(
            _ways(module, plain.capabilities, by_key=by_key),
            erase=not _why_not_erased(module, info),
            not_offered=_not_offered(module, info),
            reads_tries=counters is not None,
            reads_unblocks=counters is not None,
            policy_reads=plain.capabilities.policy_reads | (POLICY if info else frozenset()),
        ),
    )


def policy(module: Module, slot: int) -> PinPolicy:
    """The rules of the applet's complexity that lockwright has words for.

    The card counts bytes where the vendor says characters, so the shortest PIN is taken in
    characters and the longest in bytes: what passes here is long and short enough either way.
    """
    info = _personalization(module, slot)
    if info is None:
        return PinPolicy()
    return PinPolicy(
        min_length=info.user_min_chars,
        max_bytes=info.user_max_chars or None,
        min_digits=info.user_min_digits,
        min_upper=info.user_min_upper,
        min_lower=info.user_min_lower,
        max_repeated=info.user_max_repeating or None,
    )


def unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    """With the administrator's PIN: set a new PIN, or keep the PIN and reset its counter."""
    slot = standard.locate(module, token).slot
    if way is UnblockWay.SO_PIN and _by_key(module, slot):
        raise refusal("unblock", BY_KEY)
    if new_pin is not None or way is not UnblockWay.SO_PIN:
        standard.unblock(module, token, way, secret, new_pin)
        return
    with standard.so_session(module, token, secret):
        rv = functions(module.path).call("JC_PKI_UnlockUserPIN", slot)
    if rv == JcRv.CANNOT_UNLOCK:
        raise NotSupported(operation=NONE_LEFT, ckr=rv)
    if rv:
        raise CkrError(rv, "JC_PKI_UnlockUserPIN")


def erase(module: Module, token: Token, so_pin: Secret) -> None:
    """``JC_PKI_WipeCard``, where the applet was personalised so that it is allowed."""
    slot = standard.locate(module, token).slot
    if reason := _why_not_erased(module, _personalization(module, slot)):
        raise refusal("erase", reason)
    with standard.so_session(module, token, so_pin):
        call(module.path, "JC_PKI_WipeCard", slot)


def challenge(module: Module, slot: int) -> bytes:
    """Ask for a challenge, if the administrator can answer one.

    Raises:
        NotSupported: the administrator is a PIN.
    """
    if not _by_key(module, slot):
        raise refusal("unblock_challenge", BY_PIN)
    room = create_string_buffer(CHALLENGE_SIZE)
    call(module.path, "JC_PKI_GetChallenge", slot, room, c_ulong(CHALLENGE_SIZE))
    return room.raw


def complete(
    module: Module, session: Session, slot: int, response: Secret, new_pin: Secret | None
) -> None:
    """Give the Response and set the new PIN, in one call where the module has it."""
    if new_pin is not None and functions(module.path).has(WITH_RESPONSE):
        arguments = (response, c_ulong(len(response)), new_pin, c_ulong(len(new_pin)))
        call(module.path, WITH_RESPONSE, slot, *arguments)
        return
    session.login(CKU_SO_RESPONSE, response)
    if new_pin is None:
        call(module.path, "JC_PKI_UnlockUserPIN", slot)
    else:
        session.init_pin(new_pin)


def admin_tries(module: Module, slot: int) -> int | None:
    """Tries left of the administrator; None if the module does not tell."""
    counters = _counters(module, slot, CKU.SO)
    return counters.retry_remains if counters else None


def unblocks_left(module: Module, slot: int) -> int | None:
    """Unblocks left of the user PIN; None if it is not reported or has no limit."""
    return _unblocks(_counters(module, slot, CKU.USER))


def _personalization(module: Module, slot: int) -> PkiPersonalization | None:
    return read(module.path, PkiPersonalization, "JC_PKI_GetComplexity", slot)


def _by_key(module: Module, slot: int) -> bool:
    info = _personalization(module, slot)
    return info is not None and bool(info.admin_is_chal_resp)


def _why_not_erased(module: Module, info: PkiPersonalization | None) -> str:
    """Why an administrator cannot erase the applet; empty if it is allowed to one with a PIN."""
    if info is not None and info.admin_is_chal_resp:
        return BY_KEY
    if not functions(module.path).has("JC_PKI_WipeCard"):
        return NOT_IN_MODULE
    allowed = info is not None and info.allow_card_wipe
    return "" if allowed else N_("not allowed when it was initialised")


def _not_offered(module: Module, info: PkiPersonalization | None) -> dict[str, str]:
    """What this very applet does not offer, by its kind of administrator."""
    if info is not None and info.admin_is_chal_resp:
        return dict.fromkeys(("unblock", "erase", "init", "change_so_pin"), BY_KEY)
    reason = _why_not_erased(module, info)
    return dict.fromkeys(REQUESTS, BY_PIN) | ({"erase": reason} if reason else {})


def _counters(module: Module, slot: int, user: CKU) -> PkiPinCounters | None:
    return read(module.path, PkiPinCounters, "JC_PKI_ReadPinCounters", slot, int(user))


def _unblocks(counters: PkiPinCounters | None) -> int | None:
    if counters is None or counters.unlock_max == UNLIMITED:
        return None
    return 0 if counters.unlock_max == NEVER else counters.unlock_remains


def _counted(status: PinStatus | None, counters: PkiPinCounters | None) -> PinStatus | None:
    """A PIN's status by its flags, with the numbers that the counters add."""
    if status is None or counters is None or status.state is PinState.NOT_SET:
        return status
    return replace(status, tries_left=counters.retry_remains, unblocks_left=_unblocks(counters))


def _ways(module: Module, plain: Capabilities, *, by_key: bool) -> Capabilities:
    way = frozenset({UnblockWay.CHALLENGE if by_key else UnblockWay.SO_PIN})
    keeps = functions(module.path).has("JC_PKI_UnlockUserPIN")
    return replace(plain, unblock_sets_pin=way, unblock_keeps_pin=way if keeps else frozenset())
