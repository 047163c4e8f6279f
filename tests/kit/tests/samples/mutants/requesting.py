"""Mutants of Request and Response."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

from lockwright.adapter import Settings
from lockwright.bindings import load
from lockwright.errors import (
    NOTHING,
    NotSupported,
    PinIncorrect,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRemoved,
)
from lockwright.keys.response import ResponseKey
from lockwright.models import (
    Challenge,
    KeyForm,
    PinState,
    ResponseRule,
    SerialForm,
    Token,
    TokenState,
    UnblockWay,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_testkit.sim import SO_PIN

from mutants.breaking import REFUSED, found_by, good, instead

_GIVEN_UP: set[int] = set()
_BEFORE: dict[bytes, bytes] = {}


@found_by(
    "state",
    "test_a_request_is_made_exactly_where_the_capabilities_say_so",
    breaks="unblock_challenge: NotSupported",
)
def keeps_quiet_about_requests(module: Module, token: Token) -> TokenState:
    return standard.state(module, token)


@found_by(
    "unblock_challenge", "test_a_request_names_its_token_and_is_a_new_one", breaks="The Request."
)
def asks_the_same_again(token: Token) -> Challenge:
    return Challenge(token.serial, bytes(8), 8)


@found_by(
    "unblock_complete",
    "test_the_response_sets_a_new_pin",
    "test_a_response_without_a_request_is_void",
    breaks="End a remote unblock",
)
def needs_no_response() -> None:
    return None


@found_by(
    "unblock_complete",
    "test_the_response_keeps_the_pin_where_the_capabilities_say_so",
    breaks="End a remote unblock",
)
def sets_a_pin_unasked(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    good.lockwright_unblock_complete(module, token, response, new_pin or Secret("12345678"))


@found_by(
    "unblock_complete",
    "test_a_wrong_response_ends_the_request",
    breaks="PinIncorrect: the Response is wrong",
)
def calls_it_a_wrong_pin(module: Module, token: Token, response: Secret, new_pin: Secret) -> None:
    try:
        good.lockwright_unblock_complete(module, token, response, new_pin)
    except ResponseWrong as error:
        raise PinIncorrect(role="PIN", tries_left=None, state=None) from error


@found_by("unblock_complete", "test_a_second_request_voids_the_first", breaks="RequestVoid")
def takes_any_response(module: Module, token: Token, new_pin: Secret) -> None:
    standard.unblock(module, token, UnblockWay.SO_PIN, Secret(SO_PIN), new_pin)


@found_by(
    "unblock_complete",
    "test_a_weak_new_pin_is_refused_with_the_response",
    breaks="PinRefusedByToken",
)
def calls_a_weak_pin_void(module: Module, token: Token, response: Secret, new_pin: Secret) -> None:
    try:
        good.lockwright_unblock_complete(module, token, response, new_pin)
    except PinRefusedByToken as error:
        raise RequestVoid(reason="something") from error


@found_by(
    "unblock_cancel", "test_a_request_that_was_given_up_is_void", breaks="Give up a remote unblock"
)
def gives_nothing_up() -> None:
    return None


@found_by("respond", "test_a_request_has_one_response", breaks="Compute the Response")
def draws_a_response() -> bytes:
    return os.urandom(8)


@found_by("respond", "test_a_key_of_another_form_makes_no_response", breaks="KeyUnusable")
def answers_with_any_key(challenge: bytes) -> bytes:
    return challenge[::-1]


@found_by(
    "response_rule",
    "test_the_rule_fits_the_tokens_own_request",
    breaks="A Request of another length",
)
def names_another_length() -> ResponseRule:
    return ResponseRule(7, frozenset({KeyForm.HEX}))


@found_by("unblock_challenge", "test_the_response_sets_a_new_pin", breaks="Begin a remote unblock")
def lets_its_request_go(module: Module, token: Token) -> Challenge:
    request = good.lockwright_unblock_challenge(module, token)
    good.lockwright_unblock_cancel(module, token)
    return request


@found_by(
    "unblock_complete",
    "test_the_response_sets_a_new_pin",
    breaks="unblock_challenge: From here to",
)
def looks_at_the_token_meanwhile(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    module.slots()
    good.lockwright_unblock_complete(module, token, response, new_pin)


@found_by(
    "unblock_challenge",
    "test_a_response_unblocks_at_the_last_try_too",
    breaks="unblock_complete: End a remote unblock",
)
def answers_only_for_what_is_locked(module: Module, token: Token) -> Challenge:
    status = good.lockwright_state(module, token).user_pin
    if status is not None and status.state is PinState.FINAL_TRY:
        raise REFUSED
    return good.lockwright_unblock_challenge(module, token)


@found_by(
    "unblock_complete",
    "test_a_token_pulled_out_meanwhile_holds_no_request",
    breaks="RequestVoid",
)
def calls_a_lost_request_answered(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    with suppress(RequestVoid):
        good.lockwright_unblock_complete(module, token, response, new_pin)


@found_by(
    "unblock_complete",
    "test_a_wrong_response_ends_the_request",
    breaks="``tries_left`` and ``state``",
)
def counts_the_tries_by_itself(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    with instead(ResponseWrong, ResponseWrong(role="Response", tries_left=77, state=None)):
        good.lockwright_unblock_complete(module, token, response, new_pin)


@found_by(
    "unblock_cancel",
    "test_a_request_that_was_given_up_is_void",
    breaks="It does nothing where no Request is open",
)
def wants_a_request_to_give_up(module: Module, token: Token) -> None:
    good.lockwright_unblock_cancel(module, token)
    if id(module) in _GIVEN_UP:
        raise RequestVoid(reason="there is none")
    _GIVEN_UP.add(id(module))


@found_by(
    "response_rule",
    "test_the_rule_fits_the_tokens_own_request",
    breaks="Say what a Request and an administrator key",
)
def asks_for_a_password() -> ResponseRule:
    return ResponseRule(8, frozenset({KeyForm.PASSWORD}))


@found_by("response_rule", "test_the_rule_fits_the_tokens_own_request", breaks="The rule.")
def knows_other_serial_numbers() -> ResponseRule:
    return ResponseRule(8, frozenset({KeyForm.HEX}), serial=SerialForm("XYZ"))


@found_by("response_rule", "test_the_rule_fits_the_tokens_own_request", breaks="NotSupported")
def keeps_its_rule_to_itself() -> ResponseRule:
    raise NotSupported(operation="say it")


@found_by("respond", "test_a_request_has_one_response", breaks="It runs in a child process")
def asks_a_token_for_the_response(
    serial: str, challenge: bytes, key: ResponseKey, settings: Settings
) -> bytes:
    [named] = good.lockwright_modules(settings)
    with closing(load("pykcs11", named)) as module:
        if not module.slots():
            raise TokenRemoved(serial=serial, cost=NOTHING)
    return good.lockwright_respond(challenge, key)


@found_by("respond", breaks="An adapter that needs the module")
def knows_where_the_module_lies(challenge: bytes, key: ResponseKey) -> bytes:
    Path("/usr/lib/sample.so").exists()
    return good.lockwright_respond(challenge, key)


@found_by("respond", "test_a_request_has_one_response", breaks="The Response as bytes")
def writes_the_response_out(challenge: bytes, key: ResponseKey) -> str:
    return good.lockwright_respond(challenge, key).hex()


@found_by("respond", "test_the_response_sets_a_new_pin", breaks="must not be invented")
def invents_a_rule(challenge: bytes, key: ResponseKey) -> bytes:
    return key.des3_ecb(challenge[::-1])


@found_by("respond", "test_a_request_has_one_response", breaks="NotSupported")
def does_not_say_that_it_cannot() -> bytes:
    raise NotSupported(operation="answer")


@found_by(
    "respond", "test_what_is_no_request_of_the_model_is_told_as_that", breaks="RequestMalformed"
)
def answers_the_beginning(challenge: bytes, key: ResponseKey) -> bytes:
    return key.des3_ecb(challenge[:8])


@found_by(
    "respond",
    "test_a_process_that_answered_another_request_answers_alike",
    breaks="so it keeps nothing of a Request",
)
def answers_as_it_did_before(challenge: bytes, key: ResponseKey) -> bytes:
    return _BEFORE.setdefault(b"", good.lockwright_respond(challenge, key))
