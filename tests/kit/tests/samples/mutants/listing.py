"""Mutants of what is on a token."""

from __future__ import annotations

import os
from collections.abc import Sequence
from ctypes import c_ulong
from dataclasses import replace

from lockwright.errors import (
    PinIncorrect,
    PinLocked,
    TokenRemoved,
)
from lockwright.models import (
    ObjectKind,
    Token,
    TokenObject,
)
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.vendor import Prototype, VendorFunctions
from lockwright.secret import Secret
from lockwright_testkit.sim import USER_PIN

from mutants.breaking import found_by, good, instead, whatever_is_there


@found_by("list", "test_what_is_on_the_token_is_listed", breaks="The objects.")
def forgets_labels(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    return [replace(each, label="") for each in good.lockwright_list(module, token, pin, None)]


@found_by("list", "test_without_a_pin_a_private_key_is_not_seen", breaks="The objects.")
def knows_the_pin(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return good.lockwright_list(module, token, pin or Secret(USER_PIN), None)


@found_by("list", "test_an_object_keeps_its_name", breaks="The objects.")
def names_anew(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    return [replace(each, ref=os.urandom(8).hex()) for each in listed]


@found_by("list", "test_a_key_and_its_certificate_show_one_public_value", breaks="The objects.")
def leaves_points_wrapped(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    return [replace(each, public_value=b"\4A" + (each.public_value or b"")) for each in listed]


@found_by("list", "test_a_wrong_pin_costs_one_try_of_a_listing", breaks="PinIncorrect")
def lists_at_the_second_try(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    try:
        return good.lockwright_list(module, token, pin, None)
    except PinIncorrect:
        return good.lockwright_list(module, token, pin, None)


@found_by(
    "list", "test_a_pin_is_sent_to_no_token_that_took_the_place_of_another", breaks="The objects."
)
def lists_what_is_in_the_slot(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    return good.lockwright_list(*whatever_is_there(module, token), pin, None)


@found_by("list", "test_a_locked_pin_is_told_apart_from_a_wrong_one", breaks="PinLocked")
def calls_every_lock_a_wrong_pin(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    try:
        return good.lockwright_list(module, token, pin, None)
    except PinLocked as error:
        if pin == Secret(USER_PIN):
            raise PinIncorrect(role="PIN", tries_left=None, state=None) from error
        raise


@found_by(
    "list",
    "test_a_wrong_pin_costs_one_try_of_a_listing",
    breaks="every: A hook raises nothing but",
)
def raises_what_python_has(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    with instead(PinIncorrect, ValueError("the PIN")):
        return good.lockwright_list(module, token, pin, None)


@found_by(
    "list",
    "test_a_key_and_its_certificate_show_one_public_value",
    breaks="It must not group them",
)
def shows_a_pair_as_one(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    return [each for each in listed if each.kind is not ObjectKind.PUBLIC_KEY]


@found_by("list", breaks="each attribute once")
def reads_everything_twice(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    good.lockwright_list(module, token, pin, None)
    return good.lockwright_list(module, token, pin, None)


@found_by(
    "list",
    "test_of_two_tokens_of_one_serial_each_is_listed_by_itself",
    breaks="Read the objects of a token",
)
def takes_the_first_of_a_serial(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    return good.lockwright_list(*whatever_is_there(module, token), pin, None)


@found_by("list", "test_odd_content_is_listed_whole_and_can_go", breaks="The objects.")
def passes_over_what_has_no_name(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    return [each for each in listed if each.label or each.id]


@found_by("list", "test_a_second_session_is_in_nobodys_way_and_lives_on", breaks="The objects.")
def closes_every_session(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    close = Prototype("C_CloseAllSessions", (c_ulong,))
    VendorFunctions(module.path, [close]).call("C_CloseAllSessions", token.identity.slot)
    return listed


@found_by("list", "test_a_pin_that_is_typed_at_the_tokens_own_pad_lets_in", breaks="The objects.")
def takes_an_empty_pin_for_none(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    return good.lockwright_list(module, token, pin or None, None)


@found_by("list", "test_a_token_pulled_out_after_the_look_gets_no_pin", breaks="The objects.")
def calls_what_is_gone_empty(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    try:
        return good.lockwright_list(module, token, pin, None)
    except TokenRemoved:
        return []
