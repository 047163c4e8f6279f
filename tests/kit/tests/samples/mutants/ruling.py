"""Mutants of the PIN policy."""

from __future__ import annotations

from lockwright.errors import PinLocked
from lockwright.models import (
    Token,
)
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_testkit.sim import SO_PIN, USER_PIN

from mutants.breaking import WRONG, found_by, good, instead


@found_by(
    "policy",
    "test_only_rules_that_the_capabilities_name_are_told",
    "test_the_token_keeps_to_the_policy_that_it_tells",
    breaks="The rules it tells",
)
def tells_rules_of_its_own() -> PinPolicy:
    return PinPolicy(min_special=9)


@found_by("policy", "test_reading_the_policy_logs_nobody_in", breaks="without a login")
def logs_in_for_the_policy(module: Module, token: Token) -> PinPolicy:
    good.lockwright_list(module, token, Secret(USER_PIN), None)
    return good.lockwright_policy(module, token)


@found_by(
    "set_policy",
    "test_rules_are_set_where_the_capabilities_say_so",
    "test_a_rule_that_cannot_be_set_is_refused",
    "test_a_wrong_so_pin_sets_no_policy",
    breaks="Set the token's own rules",
)
def sets_no_policy() -> None:
    return None


@found_by("set_policy", "test_a_rule_that_cannot_be_set_is_refused", breaks="NotSupported")
def sets_what_it_can(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    good.lockwright_set_policy(module, token, so_pin, PinPolicy(min_bytes=policy.min_bytes))


@found_by("set_policy", "test_a_wrong_so_pin_sets_no_policy", breaks="PinIncorrect")
def sets_rules_for_anyone(module: Module, token: Token, policy: PinPolicy) -> None:
    good.lockwright_set_policy(module, token, Secret(SO_PIN), policy)


@found_by("set_policy", "test_a_locked_so_pin_sets_no_policy", breaks="PinLocked")
def calls_a_locked_so_pin_wrong_for_rules(
    module: Module, token: Token, so_pin: Secret, policy: PinPolicy
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_set_policy(module, token, so_pin, policy)
