"""The PRO applet ("ProJava"): its administrator is a password, and may be missing."""

from __future__ import annotations

from ctypes import byref, c_ubyte, c_ulong, create_string_buffer
from dataclasses import replace

from lockwright.errors import NotSupported
from lockwright.i18n import N_
from lockwright.models import Capabilities, PinState, PinStatus, Token, TokenState, UnblockWay
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKU
from lockwright.pkcs11.session import Module, Session
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_jacarta.functions import (
    PjCapabilities,
    PjPinCounters,
    PjPinPolicy,
    call,
    functions,
    read,
)
from lockwright_jacarta.pin_refusals import NOT_IN_MODULE, REFUSALS, REQUESTS

RESPONSE_LENGTH: int | None = None
NO_SO = N_("it has no administrator")
CHALLENGE_MOST = 64
MANDATORY, PERMITTED, NEED_NOT_CHANGE = 2, 0, 0
"""``JC_PJ_MANUAL_COMPLEXITY_...``; the PIN that is set need not be changed at the first login."""
KINDS = ("min_digits", "min_upper", "min_lower", "min_special")
"""Kinds of characters: one of a kind can be asked for, and no more."""
POLICY = frozenset({"min_length", "max_repeated", *KINDS})


def state(module: Module, slot: int, plain: TokenState) -> TokenState:
    """Counters of both PINs, and ways to unblock if there is an administrator."""
    counters = _counters(module, slot, CKU.USER)
    can = read(module.path, PjCapabilities, "JC_PJ_GetCapabilities", slot)
    has_so = can is None or bool(can.has_so)
    return replace(
        plain,
        user_pin=_counted(plain.user_pin, counters),
        so_pin=_counted(plain.so_pin, _counters(module, slot, CKU.SO)) if has_so else None,
        capabilities=replace(
            _ways(module, plain.capabilities, has_so=has_so), reads_tries=counters is not None
        ),
    )


def policy(module: Module, slot: int) -> PinPolicy:
    """The rules that lockwright has words for; how many kinds of characters is not among them."""
    rules = _rules(module, slot)
    if rules is None:
        return PinPolicy()
    return PinPolicy(
        min_length=rules.min_len,
        min_digits=int(rules.numerals == MANDATORY),
        min_upper=int(rules.upper == MANDATORY),
        min_lower=int(rules.lower == MANDATORY),
        min_special=int(rules.special == MANDATORY),
        max_repeated=rules.max_repeat or None,
    )


def set_policy(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    """Set the rules that the applet has, and leave its others as they are.

    Raises:
        NotSupported: it has not all of these rules; or it does not tell those it has.
    """
    slot = standard.locate(module, token).slot
    rules = _rules(module, slot)
    if rules is None or not _can_be_set(policy):
        raise NotSupported(operation=N_("set these PIN rules"))
    rules.min_len = policy.min_length
    rules.max_repeat = policy.max_repeated or 0
    rules.numerals = MANDATORY if policy.min_digits else PERMITTED
    rules.upper = MANDATORY if policy.min_upper else PERMITTED
    rules.lower = MANDATORY if policy.min_lower else PERMITTED
    rules.special = MANDATORY if policy.min_special else PERMITTED
    with standard.so_session(module, token, so_pin):
        call(module.path, "JC_PJ_SetUserPinPolicy", slot, byref(rules))


def unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    """With the administrator's password: set a new PIN."""
    standard.unblock(module, token, way, secret, new_pin, REFUSALS)


def challenge(module: Module, slot: int) -> bytes:
    """Begin to unlock; the vendor's header asks that nothing else is called until the end."""
    room, length = create_string_buffer(CHALLENGE_MOST), c_ulong(CHALLENGE_MOST)
    call(module.path, "JC_PJ_UnlockInit", slot, room, byref(length))
    return room.raw[: length.value]


def complete(
    module: Module, _session: Session, slot: int, response: Secret, new_pin: Secret | None
) -> None:
    """Give the Response and set the new PIN; any ending is the operation's end."""
    if new_pin is None:
        raise NotSupported(operation=N_("unblock by Request and Response and keep the user PIN"))
    arguments = (response, c_ulong(len(response)), new_pin, c_ulong(len(new_pin)))
    call(module.path, "JC_PJ_Unlock", slot, *arguments, c_ubyte(NEED_NOT_CHANGE))


def admin_tries(module: Module, slot: int) -> int | None:
    """Tries left of the administrator; None if the module does not tell."""
    counters = _counters(module, slot, CKU.SO)
    return counters.tries if counters else None


def unblocks_left(_module: Module, _slot: int) -> int | None:
    """The applet reports no limit."""
    return None


def _counters(module: Module, slot: int, user: CKU) -> PjPinCounters | None:
    return read(module.path, PjPinCounters, "JC_PJ_GetPinCounters", slot, int(user))


def _rules(module: Module, slot: int) -> PjPinPolicy | None:
    return read(module.path, PjPinPolicy, "JC_PJ_GetUserPinPolicy", slot)


def _counted(status: PinStatus | None, counters: PjPinCounters | None) -> PinStatus | None:
    """A PIN's status by its flags, with the number that the counter adds."""
    if status is None or counters is None or status.state is PinState.NOT_SET:
        return status
    return replace(status, tries_left=counters.tries)


def _can_be_set(policy: PinPolicy) -> bool:
    """Whether each rule is one of the applet's: of a kind of characters it asks for one at most."""
    kinds = (policy.min_digits, policy.min_upper, policy.min_lower, policy.min_special)
    others = (policy.max_length, policy.max_bytes, policy.min_bytes or None)
    return max(kinds) <= 1 and others == (None,) * 3 and not policy.refuse_guessable


def _ways(module: Module, plain: Capabilities, *, has_so: bool) -> Capabilities:
    known = functions(module.path)
    ways = {UnblockWay.SO_PIN} if has_so else set()
    remote = known.has("JC_PJ_UnlockInit") and known.has("JC_PJ_Unlock")
    if has_so and remote:
        ways.add(UnblockWay.CHALLENGE)
    sets = known.has("JC_PJ_SetUserPinPolicy") and known.has("JC_PJ_GetUserPinPolicy")
    not_offered = dict.fromkeys(() if remote else REQUESTS, NOT_IN_MODULE)
    not_offered |= {} if sets else {"set_policy": NOT_IN_MODULE}
    by_so = ("unblock", "set_policy", "init", "change_so_pin", *REQUESTS)
    not_offered |= dict.fromkeys(() if has_so else by_so, NO_SO)
    return replace(
        plain,
        unblock_sets_pin=frozenset(ways),
        policy_reads=plain.policy_reads
        | (POLICY if known.has("JC_PJ_GetUserPinPolicy") else frozenset()),
        policy_sets=POLICY if has_so and sets else frozenset(),
        policy_most=dict.fromkeys(KINDS, 1),
        not_offered=not_offered,
    )
