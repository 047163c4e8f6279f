"""How a token stands: the counters of both passwords, unblocks, and what this very token can do."""

from __future__ import annotations

from dataclasses import replace

from lockwright.i18n import N_
from lockwright.models import PinState, PinStatus, Token, TokenState, UnblockWay
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module

from lockwright_etoken import policy
from lockwright_etoken.driver import LEFT, USED, options_of
from lockwright_etoken.features import Told, told
from lockwright_etoken.functions import COMPLETE, GET_CHALLENGE, functions

NO_SO = N_("it has no administrator")
_REQUESTS = ("unblock_challenge", "unblock_complete", "unblock_cancel")


def state(module: Module, token: Token) -> TokenState:
    """What PKCS#11 tells, completed by what the token's own objects tell.

    Raises:
        TokenRemoved: the token is gone.
    """
    with standard.token_session(module, token, write=False) as session:
        plain = standard.state_of(module, session.token or standard.locate(module, token))
        known = told(session)
        rules = policy.rules(session)
    user = _counted(plain.user_pin, known.has_user, known.retry_user, known.retry_user_max)
    return replace(
        plain,
        user_pin=replace(user, unblocks_left=unblocks_left(module, known)) if user else None,
        so_pin=_counted(plain.so_pin, known.has_so, known.retry_so, known.retry_so_max),
        capabilities=replace(
            plain.capabilities,
            unblock_sets_pin=frozenset(_ways(module, known)),
            reads_tries=known.retry_user is not None,
            reads_unblocks=unblocks_left(module, known) is not None or known.unlock_max == 0,
            policy_reads=plain.capabilities.policy_reads | rules.fields,
            policy_sets=frozenset() if known.has_so == 0 else rules.settable,
            policy_most=dict.fromkeys(policy.KINDS, 1),
            not_offered=_not_offered(module, known, rules),
        ),
    )


def unblocks_left(module: Module, known: Told) -> int | None:
    """Unblocks left; None where no limit is set, and where it is not known what is counted."""
    counts = options_of(module).unlock_count
    if not known.unlock_max or known.unlock_count is None:
        return None
    if counts == USED:
        return max(known.unlock_max - known.unlock_count, 0)
    return known.unlock_count if counts == LEFT else None


def why_no_requests(module: Module, known: Told) -> str:
    """Why there is no Request and Response; empty if there is, as far as the token reports it."""
    if known.has_so == 0:
        return NO_SO
    if not (functions(module.path).has(GET_CHALLENGE) and functions(module.path).has(COMPLETE)):
        return N_("not in this module")
    return N_("the token does not support it") if known.unblock_supported == 0 else ""


def _not_offered(module: Module, known: Told, rules: policy.Rules) -> dict[str, str]:
    """What this very token is not offered."""
    told = {"set_policy": NO_SO if known.has_so == 0 else rules.why_not_set}
    told |= {"change_so_pin": NO_SO} if known.has_so == 0 else {}
    told |= dict.fromkeys(_REQUESTS, why_no_requests(module, known))
    return {hook: reason for hook, reason in told.items() if reason}


def _ways(module: Module, known: Told) -> set[UnblockWay]:
    ways = {UnblockWay.SO_PIN} if known.has_so != 0 else set()
    if not why_no_requests(module, known) and unblocks_left(module, known) != 0:
        ways.add(UnblockWay.CHALLENGE)
    return ways


def _counted(
    plain: PinStatus | None, is_set: int | None, left: int | None, most: int | None
) -> PinStatus | None:
    """What the flags say, completed by the counter: the library does not always set the flags."""
    if is_set == 0:
        return PinStatus(PinState.NOT_SET)
    if plain is None or left is None:
        return plain
    if left <= 1:
        return PinStatus(PinState.FINAL_TRY if left else PinState.LOCKED, left)
    lost = most is not None and left < most
    return PinStatus(PinState.COUNT_LOW if lost else plain.state, left)
