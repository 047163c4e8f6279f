"""Adapters that break the contract in one way each, and the test that must find it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from lockwright.adapter import StandardAdapter
from lockwright.bindings import load
from lockwright.errors import (
    KeyMissing,
    PinIncorrect,
    PinLocked,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenFull,
    TokenRefused,
)
from lockwright.models import (
    Challenge,
    Confidence,
    Failure,
    KeyForm,
    KeyPair,
    KeyRequest,
    LabelBy,
    Match,
    PinState,
    PinStatus,
    ResponseRule,
    SignatureScheme,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKA, CKM, CKO
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.softhsm import module_path
from sample_adapter import Sample
from sample_adapter import adapter as good

BROKEN: dict[str, StandardAdapter] = {}
"""Each broken adapter by the test that finds it."""


def found_by(hook: str, *tests: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """The function replaces a hook of the good adapter, which each of the tests must notice."""

    def replaced(function: Callable[..., object]) -> Callable[..., object]:
        # A process that responds imports the class by its name.
        name = f"{function.__name__}_"
        body = {f"lockwright_{hook}": staticmethod(function), "__module__": __name__}
        kind = type(name, (Sample,), body)
        setattr(sys.modules[__name__], name, kind)
        BROKEN.update(dict.fromkeys(tests, kind()))
        return function

    return replaced


@found_by("modules", "test_known_modules_are_absolute_paths")
def looks_in_the_search_path() -> Sequence[Path]:
    return [Path("libsample.so")]


@found_by(
    "erase",
    "test_the_administrator_erases_where_the_capabilities_say_so",
    "test_a_wrong_so_pin_erases_nothing",
)
def says_it_is_erased() -> None:
    return


@found_by("open", "test_a_module_opens_and_shows_its_token")
def opens_another_module() -> Module:
    return load("pykcs11", module_path())


@found_by("open", "test_a_module_opens_again_once_it_is_closed")
def opens_once(path: Path) -> Module:
    return _once(path)


@cache
def _once(path: Path) -> Module:
    return load("pykcs11", path)


@found_by("open", "test_what_is_no_module_is_not_loadable")
def raises_what_it_likes(path: Path) -> Module:
    if "sim-" not in path.name:
        raise OSError(path)
    return load("pykcs11", path)


@found_by("match", "test_its_own_token_is_claimed_with_a_reason")
def gives_no_reason() -> Match:
    return Match(Confidence.MODEL, "")


@found_by("match", "test_the_strings_alone_decide")
def looks_at_the_file(identity: TokenIdentity) -> Match | None:
    return good.lockwright_match(identity) if identity.module.path.exists() else None


@found_by("match", "test_a_token_of_a_stranger_is_left_alone")
def claims_every_token() -> Match:
    return Match(Confidence.FAMILY, "why not")


@found_by("state", "test_numbers_make_sense")
def swaps_the_lengths(module: Module, token: Token) -> TokenState:
    return replace(good.lockwright_state(module, token), pin_lengths=(16, 4))


@found_by("state", "test_what_is_not_offered_is_said_of_hooks_with_a_reason")
def does_not_offer_what_is_no_hook(module: Module, token: Token) -> TokenState:
    state = good.lockwright_state(module, token)
    capabilities = replace(state.capabilities, not_offered={"lockwright_erase": "a reason"})
    return replace(state, capabilities=capabilities)


@found_by("state", "test_reading_the_state_logs_nobody_in")
def logs_in_to_see_more(module: Module, token: Token) -> TokenState:
    good.lockwright_list(module, token, Secret(USER_PIN), None)
    return good.lockwright_state(module, token)


@found_by("state", "test_tries_left_are_the_true_ones", "test_a_locked_pin_is_said_to_be_locked")
def says_what_the_data_sheet_says(module: Module, token: Token) -> TokenState:
    status = PinStatus(PinState.OK, tries_left=10)
    return replace(good.lockwright_state(module, token), user_pin=status)


@found_by("list", "test_what_is_on_the_token_is_listed")
def forgets_labels(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    return [replace(each, label="") for each in good.lockwright_list(module, token, pin, None)]


@found_by("list", "test_without_a_pin_a_private_key_is_not_seen")
def knows_the_pin(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return good.lockwright_list(module, token, pin or Secret(USER_PIN), None)


@found_by("list", "test_an_object_keeps_its_name")
def names_anew(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    return [replace(each, ref=os.urandom(8).hex()) for each in listed]


@found_by("list", "test_a_key_and_its_certificate_show_one_public_value")
def leaves_points_wrapped(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    listed = good.lockwright_list(module, token, pin, None)
    return [replace(each, public_value=b"\4A" + (each.public_value or b"")) for each in listed]


@found_by("list", "test_a_wrong_pin_costs_one_try_of_a_listing")
def lists_at_the_second_try(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    try:
        return good.lockwright_list(module, token, pin, None)
    except PinIncorrect:
        return good.lockwright_list(module, token, pin, None)


@found_by("list", "test_a_pin_is_sent_to_no_token_that_took_the_place_of_another")
def lists_what_is_in_the_slot(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    return good.lockwright_list(*_whatever_is_there(module, token), pin, None)


def _whatever_is_there(module: Module, token: Token) -> tuple[Module, Token]:
    """The module past the port that compares, as a vendor's own functions would use it."""
    beside = load("pykcs11", module.path)
    return beside, replace(token, identity=identities(beside)[0])


@found_by("list", "test_a_locked_pin_is_told_apart_from_a_wrong_one")
def calls_every_lock_a_wrong_pin(
    module: Module, token: Token, pin: Secret | None
) -> Sequence[TokenObject]:
    try:
        return good.lockwright_list(module, token, pin, None)
    except PinLocked as error:
        if pin == Secret(USER_PIN):
            raise PinIncorrect(role="PIN", tries_left=None, state=None) from error
        raise


@found_by("unblock", "test_a_new_pin_is_set_where_the_capabilities_say_so")
def only_pretends_to_unblock(new_pin: Secret | None) -> None:
    return None


@found_by("unblock", "test_the_pin_is_kept_where_the_capabilities_say_so")
def sets_otherme_pin(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    good.lockwright_unblock(module, token, way, secret, new_pin or Secret("12345678"))


@found_by("unblock", "test_a_wrong_secret_is_tried_once_and_changes_nothing")
def unblocks_at_the_second_try(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    try:
        good.lockwright_unblock(module, token, way, secret, new_pin)
    except PinIncorrect:
        good.lockwright_unblock(module, token, way, secret, new_pin)


@found_by("unblock", "test_no_secret_is_sent_to_a_token_that_took_the_place_of_another")
def unblocks_what_is_in_the_slot(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    good.lockwright_unblock(*_whatever_is_there(module, token), way, secret, new_pin)


@found_by("unblock", "test_a_weak_new_pin_is_refused_by_the_token")
def knows_no_weak_pin(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    standard.unblock(module, token, way, secret, new_pin)


@found_by("state", "test_a_request_is_made_exactly_where_the_capabilities_say_so")
def keeps_quiet_about_requests(module: Module, token: Token) -> TokenState:
    return standard.state(module, token)


@found_by("unblock_challenge", "test_a_request_names_its_token_and_is_a_new_one")
def asks_the_same_again(token: Token) -> Challenge:
    return Challenge(token.serial, bytes(8), 8)


@found_by(
    "unblock_complete",
    "test_the_response_sets_a_new_pin",
    "test_a_response_without_a_request_is_void",
)
def needs_no_response() -> None:
    return None


@found_by("unblock_complete", "test_the_response_keeps_the_pin_where_the_capabilities_say_so")
def sets_a_pin_unasked(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    good.lockwright_unblock_complete(module, token, response, new_pin or Secret("12345678"))


@found_by("unblock_complete", "test_a_wrong_response_ends_the_request")
def calls_it_a_wrong_pin(module: Module, token: Token, response: Secret, new_pin: Secret) -> None:
    try:
        good.lockwright_unblock_complete(module, token, response, new_pin)
    except ResponseWrong as error:
        raise PinIncorrect(role="PIN", tries_left=None, state=None) from error


@found_by("unblock_complete", "test_a_second_request_voids_the_first")
def takes_any_response(module: Module, token: Token, new_pin: Secret) -> None:
    standard.unblock(module, token, UnblockWay.SO_PIN, Secret(SO_PIN), new_pin)


@found_by("unblock_complete", "test_a_weak_new_pin_is_refused_with_the_response")
def calls_a_weak_pin_void(module: Module, token: Token, response: Secret, new_pin: Secret) -> None:
    try:
        good.lockwright_unblock_complete(module, token, response, new_pin)
    except PinRefusedByToken as error:
        raise RequestVoid(reason="something") from error


@found_by("unblock_cancel", "test_a_request_that_was_given_up_is_void")
def gives_nothing_up() -> None:
    return None


@found_by("respond", "test_a_request_has_one_response")
def draws_a_response() -> bytes:
    return os.urandom(8)


@found_by("respond", "test_a_key_of_another_form_makes_no_response")
def answers_with_any_key(challenge: bytes) -> bytes:
    return challenge[::-1]


@found_by("response_rule", "test_the_rule_fits_the_tokens_own_request")
def names_another_length() -> ResponseRule:
    return ResponseRule(7, frozenset({KeyForm.HEX}))


@found_by(
    "change_pin",
    "test_the_owner_changes_the_pin",
    "test_a_weak_pin_is_refused_and_the_old_one_stays",
    "test_a_wrong_old_pin_costs_one_try_and_changes_nothing",
    "test_a_locked_pin_is_not_changed",
)
def changes_nothing() -> None:
    return None


@found_by("delete", "test_what_was_chosen_is_gone_and_the_rest_stays")
def deletes_too_much(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    return good.lockwright_wipe(module, token, pin)


@found_by("delete", "test_what_is_gone_already_counts_as_deleted")
def wants_each_object(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    there = {each.ref for each in good.lockwright_list(module, token, pin, None)}
    gone = [Failure(ref, 0x82) for ref in refs if ref not in there]
    return [*gone, *good.lockwright_delete(module, token, pin, refs)]


@found_by("delete", "test_a_wrong_pin_deletes_nothing")
def deletes_for_anyone(module: Module, token: Token, refs: Sequence[str]) -> Sequence[Failure]:
    return good.lockwright_delete(module, token, Secret(USER_PIN), refs)


@found_by("delete", "test_a_private_key_that_stays_keeps_its_certificate")
def goes_on_regardless(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    return [
        failure for ref in refs for failure in good.lockwright_delete(module, token, pin, [ref])
    ]


@found_by("wipe", "test_everything_goes_but_label_and_pin", "test_a_wrong_pin_wipes_nothing")
def wipes_nothing() -> Sequence[Failure]:
    return []


@found_by("state", "test_the_capabilities_say_whether_it_can")
def denies_that_it_wipes(module: Module, token: Token) -> TokenState:
    state = good.lockwright_state(module, token)
    return replace(state, capabilities=replace(state.capabilities, wipe=False))


@found_by("generate", "test_a_key_pair_is_made_as_it_was_asked_for")
def labels_by_itself(module: Module, token: Token, pin: Secret, request: KeyRequest) -> KeyPair:
    return good.lockwright_generate(module, token, pin, replace(request, label="key"))


@found_by(
    "generate",
    "test_a_private_key_never_leaves_the_token",
    "test_an_unknown_key_type_is_not_supported",
)
def makes_a_key_for_export(
    module: Module, token: Token, pin: Secret, request: KeyRequest
) -> KeyPair:
    with standard.user_session(module, token, pin) as session:
        session.generate_key_pair(
            CKM.EC_KEY_PAIR_GEN,
            {CKA.TOKEN: True, CKA.EC_PARAMS: bytes.fromhex("06082a8648ce3d030107")},
            {CKA.TOKEN: True, CKA.SENSITIVE: False, CKA.EXTRACTABLE: True},
        )
    return KeyPair(request.id, request.label, b"")


@found_by("generate", "test_a_full_token_is_told_and_keeps_no_half_of_a_pair")
def calls_a_full_token_broken(
    module: Module, token: Token, pin: Secret, request: KeyRequest
) -> KeyPair:
    try:
        return good.lockwright_generate(module, token, pin, request)
    except TokenFull as error:
        raise TokenRefused(action="make a key pair", name="it does not") from error


@found_by("generate", "test_a_wrong_pin_makes_no_key")
def makes_keys_for_anyone(module: Module, token: Token, request: KeyRequest) -> KeyPair:
    return good.lockwright_generate(module, token, Secret(USER_PIN), request)


@found_by("keys", "test_the_pairs_that_were_made_are_found")
def finds_no_keys() -> Sequence[KeyPair]:
    return []


@found_by("keys", "test_a_certificate_alone_is_no_key")
def takes_certificates_for_keys(module: Module, token: Token, pin: Secret) -> list[KeyPair]:
    listed = good.lockwright_list(module, token, pin, None)
    return [KeyPair(each.id, each.label, each.value or b"") for each in listed]


@found_by("sign", "test_a_signature_is_right_for_every_type_of_key")
def signs_something_else(
    module: Module,
    token: Token,
    pin: Secret,
    key_id: bytes,
    scheme: SignatureScheme,
    ref: str | None,
) -> bytes:
    return good.lockwright_sign(module, token, pin, key_id, scheme, b"something else", ref)


@found_by("sign", "test_a_ref_says_which_key_signs")
def signs_with_the_first_of_an_id(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    return good.lockwright_sign(module, token, pin, key_id, scheme, data, None)


@found_by("sign", "test_a_key_that_is_not_there_is_missing")
def calls_a_missing_key_broken(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    try:
        return good.lockwright_sign(module, token, pin, key_id, scheme, data, None)
    except KeyMissing as error:
        raise TokenRefused(action="sign", name="no key") from error


@found_by("sign", "test_a_wrong_pin_signs_nothing")
def signs_for_anyone(
    module: Module, token: Token, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    return good.lockwright_sign(module, token, Secret(USER_PIN), key_id, scheme, data, None)


@found_by("store", "test_a_certificate_is_written_beside_its_key")
def stores_under_another_id(
    module: Module, token: Token, pin: Secret, label: str, certificate: bytes
) -> None:
    good.lockwright_store(module, token, pin, b"\x77", label, certificate)


@found_by("store", "test_a_full_token_is_told_and_keeps_no_half_of_a_certificate")
def calls_a_full_store_broken(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    try:
        good.lockwright_store(module, token, pin, key_id, label, certificate)
    except TokenFull as error:
        raise TokenRefused(action="store a certificate", name="it does not") from error


@found_by("store", "test_a_wrong_pin_stores_nothing")
def stores_for_anyone(
    module: Module, token: Token, key_id: bytes, label: str, certificate: bytes
) -> None:
    good.lockwright_store(module, token, Secret(USER_PIN), key_id, label, certificate)


@found_by(
    "policy",
    "test_only_rules_that_the_capabilities_name_are_told",
    "test_the_token_keeps_to_the_policy_that_it_tells",
)
def tells_rules_of_its_own() -> PinPolicy:
    return PinPolicy(min_special=9)


@found_by("policy", "test_reading_the_policy_logs_nobody_in")
def logs_in_for_the_policy(module: Module, token: Token) -> PinPolicy:
    good.lockwright_list(module, token, Secret(USER_PIN), None)
    return good.lockwright_policy(module, token)


@found_by(
    "set_policy",
    "test_rules_are_set_where_the_capabilities_say_so",
    "test_a_rule_that_cannot_be_set_is_refused",
    "test_a_wrong_so_pin_sets_no_policy",
)
def sets_no_policy() -> None:
    return None


@found_by("init", "test_a_token_that_is_initialised_is_empty_and_gets_its_user_pin")
def initialises_nothing() -> None:
    return None


@found_by("init", "test_a_wrong_so_pin_initialises_nothing_and_costs_one_try")
def initialises_for_anyone(module: Module, token: Token, label: str) -> None:
    good.lockwright_init(module, token, Secret(SO_PIN), label)


@found_by("change_so_pin", "test_the_administrator_changes_the_so_pin")
def keeps_the_so_pin() -> None:
    return None


@found_by("change_so_pin", "test_a_wrong_old_so_pin_costs_one_try_and_changes_nothing")
def changes_the_so_pin_for_anyone(module: Module, token: Token, new_so_pin: Secret) -> None:
    good.lockwright_change_so_pin(module, token, Secret(SO_PIN), new_so_pin)


@found_by("change_so_pin", "test_a_weak_so_pin_is_refused_and_the_old_one_stays")
def says_that_a_weak_so_pin_is_set(
    module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
) -> None:
    with suppress(PinRefusedByToken):
        good.lockwright_change_so_pin(module, token, so_pin, new_so_pin)


@found_by("change_puk", "test_the_puk_is_changed")
def keeps_the_puk() -> None:
    return None


@found_by("change_puk", "test_a_wrong_old_puk_costs_one_try_and_changes_nothing")
def changes_the_puk_for_anyone(module: Module, token: Token, new_puk: Secret) -> None:
    good.lockwright_change_puk(module, token, Secret("12121212"), new_puk)


@found_by("change_puk", "test_a_weak_puk_is_refused_and_the_old_one_stays")
def says_that_a_weak_puk_is_set(module: Module, token: Token, puk: Secret, new_puk: Secret) -> None:
    with suppress(PinRefusedByToken):
        good.lockwright_change_puk(module, token, puk, new_puk)


@found_by("set_label", "test_a_token_gets_another_label_and_keeps_all_that_is_on_it")
def keeps_the_label() -> None:
    return None


@found_by("set_label", "test_a_wrong_pin_gives_no_label")
def gives_anyone_a_label(module: Module, token: Token, by: LabelBy, label: str) -> None:
    good.lockwright_set_label(module, token, by, Secret(USER_PIN), label)


@found_by("import_key", "test_a_key_that_was_made_elsewhere_signs_and_never_leaves")
def makes_a_key_of_its_own(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str
) -> None:
    good.lockwright_generate(module, token, pin, KeyRequest("ec:p256", key_id, label))


@found_by("import_key", "test_a_pair_that_finds_no_room_leaves_no_half")
def leaves_the_private_key(  # the arguments are the hook's
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    with standard.user_session(module, token, pin) as session:
        session.create({CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.LABEL: label})
    good.lockwright_generate(module, token, pin, KeyRequest("ec:p256", key_id, label))
    good.lockwright_import_key(module, token, pin, key, public_key, b"\x77", label)


@found_by("import_key", "test_a_wrong_pin_imports_nothing")
def imports_for_anyone(  # the arguments are the hook's
    module: Module, token: Token, key: Secret, public_key: bytes, key_id: bytes, label: str
) -> None:
    good.lockwright_import_key(module, token, Secret(USER_PIN), key, public_key, key_id, label)
