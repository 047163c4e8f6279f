"""Mutants of a PIN set anew."""

from __future__ import annotations

from contextlib import suppress
from ctypes import c_char_p, c_ulong, create_string_buffer
from struct import unpack_from

from lockwright.errors import PinIncorrect, PinLocked, PinRefusedByToken, TokenRemoved
from lockwright.models import (
    PinState,
    Token,
    UnblockWay,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.vendor import Prototype, VendorFunctions
from lockwright.secret import Secret

from mutants.breaking import REFUSED, WRONG, found_by, good, instead, whatever_is_there

_SESSIONS = 112
"""Where ``ulSessionCount`` stands in ``CK_TOKEN_INFO``, of eight bytes each number."""


@found_by(
    "unblock", "test_a_new_pin_is_set_where_the_capabilities_say_so", breaks="Give access back"
)
def only_pretends_to_unblock(new_pin: Secret | None) -> None:
    return None


@found_by("unblock", "test_the_pin_is_kept_where_the_capabilities_say_so", breaks="NotSupported")
def sets_some_pin(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    good.lockwright_unblock(module, token, way, secret, new_pin or Secret("12345678"))


@found_by(
    "unblock",
    "test_a_wrong_secret_is_tried_once_and_changes_nothing",
    breaks="It must not try twice",
)
def unblocks_at_the_second_try(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    try:
        good.lockwright_unblock(module, token, way, secret, new_pin)
    except PinIncorrect:
        good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by(
    "unblock",
    "test_no_secret_is_sent_to_a_token_that_took_the_place_of_another",
    breaks="Give access back",
)
def unblocks_what_is_in_the_slot(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    good.lockwright_unblock(*whatever_is_there(module, token), way, secret, new_pin)


@found_by("unblock", "test_a_weak_new_pin_is_refused_by_the_token", breaks="PinRefusedByToken")
def knows_no_weak_pin(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    standard.unblock(module, token, way, secret, new_pin)


@found_by(
    "change_pin",
    "test_the_owner_changes_the_pin",
    "test_a_weak_pin_is_refused_and_the_old_one_stays",
    "test_a_wrong_old_pin_costs_one_try_and_changes_nothing",
    "test_a_locked_pin_is_not_changed",
    breaks="Change the user PIN",
)
def changes_nothing() -> None:
    return None


@found_by(
    "unblock",
    "test_a_wrong_secret_is_tried_once_and_changes_nothing",
    breaks="PinIncorrect: the SO PIN",
)
def calls_a_wrong_secret_refused(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    with instead(PinIncorrect, REFUSED):
        good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by(
    "unblock",
    "test_a_locked_secret_is_told_apart_from_a_wrong_one",
    breaks="PinLocked: the SO PIN",
)
def calls_a_locked_secret_wrong(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by(
    "unblock",
    "test_a_pin_at_its_last_try_is_unblocked_like_a_locked_one",
    breaks="Give access back",
)
def unblocks_only_what_is_locked(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    status = good.lockwright_state(module, token).user_pin
    if status is None or status.state is not PinState.LOCKED:
        raise REFUSED
    good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by("unblock", "test_a_second_session_does_not_keep_a_pin_locked", breaks="Give access back")
def wants_the_token_for_itself(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    told = create_string_buffer(512)
    functions = VendorFunctions(module.path, [Prototype("C_GetTokenInfo", (c_ulong, c_char_p))])
    functions.call("C_GetTokenInfo", token.identity.slot, told)
    if unpack_from("L", told, _SESSIONS)[0]:
        raise REFUSED
    good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by(
    "unblock",
    "test_a_token_pulled_out_after_the_look_gets_no_secret",
    breaks="Give access back",
)
def calls_what_is_gone_unblocked(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    with suppress(TokenRemoved):
        good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by(
    "change_pin",
    "test_a_wrong_old_pin_costs_one_try_and_changes_nothing",
    breaks="PinIncorrect: the PIN",
)
def calls_a_wrong_old_pin_refused(
    module: Module, token: Token, pin: Secret, new_pin: Secret
) -> None:
    with instead(PinIncorrect, REFUSED):
        good.lockwright_change_pin(module, token, pin, new_pin)


@found_by("change_pin", "test_a_locked_pin_is_not_changed", breaks="PinLocked: the PIN")
def calls_a_locked_old_pin_wrong(
    module: Module, token: Token, pin: Secret, new_pin: Secret
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_change_pin(module, token, pin, new_pin)


@found_by(
    "change_pin",
    "test_a_wrong_old_pin_costs_one_try_and_changes_nothing",
    breaks="It must not try twice",
)
def changes_at_the_second_try(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    try:
        good.lockwright_change_pin(module, token, pin, new_pin)
    except PinIncorrect:
        good.lockwright_change_pin(module, token, pin, new_pin)


@found_by(
    "change_pin",
    "test_a_weak_pin_is_refused_and_the_old_one_stays",
    breaks="PinRefusedByToken",
)
def calls_a_weak_pin_refused_for_nothing(
    module: Module, token: Token, pin: Secret, new_pin: Secret
) -> None:
    with instead(PinRefusedByToken, REFUSED):
        good.lockwright_change_pin(module, token, pin, new_pin)
