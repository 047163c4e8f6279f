"""Mutants of what goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lockwright.errors import PinLocked
from lockwright.models import (
    Failure,
    Token,
    TokenState,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_testkit.sim import SO_PIN, USER_PIN

from mutants.breaking import WRONG, found_by, good, instead


@found_by(
    "erase",
    "test_the_administrator_erases_where_the_capabilities_say_so",
    "test_a_wrong_so_pin_erases_nothing",
    breaks="Have the administrator erase",
)
def says_it_is_erased() -> None:
    return


@found_by("delete", "test_what_was_chosen_is_gone_and_the_rest_stays", breaks="Delete objects")
def deletes_too_much(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    return good.lockwright_wipe(module, token, pin)


@found_by("delete", "test_what_is_gone_already_counts_as_deleted", breaks="What the token refused")
def wants_each_object(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    there = {each.ref for each in good.lockwright_list(module, token, pin, None)}
    gone = [Failure(ref, 0x82) for ref in refs if ref not in there]
    return [*gone, *good.lockwright_delete(module, token, pin, refs)]


@found_by("delete", "test_a_wrong_pin_deletes_nothing", breaks="PinIncorrect")
def deletes_for_anyone(module: Module, token: Token, refs: Sequence[str]) -> Sequence[Failure]:
    return good.lockwright_delete(module, token, Secret(USER_PIN), refs)


@found_by(
    "delete",
    "test_a_private_key_that_stays_keeps_its_certificate",
    breaks="A refusal does not stop",
)
def goes_on_regardless(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    return [
        failure for ref in refs for failure in good.lockwright_delete(module, token, pin, [ref])
    ]


@found_by(
    "wipe",
    "test_everything_goes_but_label_and_pin",
    "test_a_wrong_pin_wipes_nothing",
    breaks="Delete everything",
)
def wipes_nothing() -> Sequence[Failure]:
    return []


@found_by("state", "test_the_capabilities_say_whether_it_can", breaks="wipe: NotSupported")
def denies_that_it_wipes(module: Module, token: Token) -> TokenState:
    state = good.lockwright_state(module, token)
    return replace(state, capabilities=replace(state.capabilities, wipe=False))


@found_by("delete", "test_a_locked_pin_deletes_nothing", breaks="PinLocked")
def calls_a_locked_pin_wrong_to_delete(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    with instead(PinLocked, WRONG):
        return good.lockwright_delete(module, token, pin, refs)


@found_by("wipe", "test_what_could_not_be_wiped_is_told", breaks="What the token refused")
def keeps_quiet_about_what_stays(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    good.lockwright_wipe(module, token, pin)
    return []


@found_by("wipe", "test_a_wrong_pin_wipes_nothing", breaks="PinIncorrect")
def wipes_for_anyone(module: Module, token: Token) -> Sequence[Failure]:
    return good.lockwright_wipe(module, token, Secret(USER_PIN))


@found_by("wipe", "test_a_locked_pin_wipes_nothing", breaks="PinLocked")
def calls_a_locked_pin_wrong_to_wipe(
    module: Module, token: Token, pin: Secret
) -> Sequence[Failure]:
    with instead(PinLocked, WRONG):
        return good.lockwright_wipe(module, token, pin)


@found_by(
    "erase",
    "test_the_administrator_erases_where_the_capabilities_say_so",
    breaks="Unlike a wipe it needs no user PIN",
)
def leaves_what_only_the_user_sees(module: Module, token: Token, so_pin: Secret) -> None:
    with standard.so_session(module, token, so_pin) as session:
        for each in session.find({}):
            session.destroy(each)


@found_by("erase", "test_a_wrong_so_pin_erases_nothing", breaks="PinIncorrect")
def erases_for_anyone(module: Module, token: Token) -> None:
    good.lockwright_erase(module, token, Secret(SO_PIN))


@found_by("erase", "test_a_locked_so_pin_erases_nothing", breaks="PinLocked")
def calls_a_locked_so_pin_wrong(module: Module, token: Token, so_pin: Secret) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_erase(module, token, so_pin)


@found_by(
    "state",
    "test_the_administrator_erases_where_the_capabilities_say_so",
    breaks="erase: NotSupported",
)
def denies_that_it_erases(module: Module, token: Token) -> TokenState:
    state = good.lockwright_state(module, token)
    return replace(state, capabilities=replace(state.capabilities, erase=False))
