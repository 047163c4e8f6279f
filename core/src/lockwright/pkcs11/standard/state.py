"""PIN state, memory, capabilities and PIN rules, all read without a login."""

from __future__ import annotations

from lockwright.i18n import N_
from lockwright.models import Capabilities, Memory, Token, TokenState, UnblockWay
from lockwright.pkcs11.session import Module, TokenInfo
from lockwright.pkcs11.standard.flags import so_pin_status, user_pin_status
from lockwright.pkcs11.standard.key_types import key_types
from lockwright.pkcs11.standard.sessions import locate, translated
from lockwright.policy import PinPolicy


@translated(N_("report its state"))
def state(module: Module, token: Token) -> TokenState:
    """What the token says of itself.

    The capabilities are those of any PKCS#11 token: the SO PIN sets a new user PIN, and objects
    can be deleted one by one. An adapter whose token can do more, or less, replaces them.

    Raises:
        TokenRemoved: the token is gone.
    """
    return state_of(module, locate(module, token))


def state_of(module: Module, found: TokenInfo) -> TokenState:
    """What ``state`` says, of a token that was located already.

    Args:
        module: the session port.
        found: what ``locate`` found.

    Returns:
        What it says; without key types where the module is ``brief``.

    Raises:
        CkrError: the token does not tell its mechanisms.
    """
    return TokenState(
        user_pin=user_pin_status(found.flags),
        so_pin=so_pin_status(found.flags),
        memory=_memory(found),
        pin_lengths=found.pin_lengths,
        capabilities=Capabilities(
            unblock_sets_pin=frozenset({UnblockWay.SO_PIN}),
            key_types=() if module.brief else tuple(key_types(module, found.slot)),
            wipe=True,
            policy_reads=frozenset({"min_bytes", "max_bytes"} if found.pin_lengths else ()),
        ),
    )


@translated(N_("report its PIN rules"))
def policy(module: Module, token: Token) -> PinPolicy:
    """The rules that PKCS#11 lets a token tell: the shortest and the longest PIN, in bytes.

    Raises:
        TokenRemoved: the token is gone.
    """
    lengths = locate(module, token).pin_lengths
    return PinPolicy() if lengths is None else PinPolicy(min_bytes=lengths[0], max_bytes=lengths[1])


def _memory(found: TokenInfo) -> Memory | None:
    if found.free_memory is None or found.total_memory is None:
        return None
    return Memory(free=found.free_memory, total=found.total_memory)
