"""Mutants of which modules and tokens there are, and what a token says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from lockwright.adapter import Settings
from lockwright.bindings import load
from lockwright.models import (
    Confidence,
    Match,
    PinState,
    PinStatus,
    Token,
    TokenIdentity,
    TokenState,
)
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.softhsm import module_path

from mutants.breaking import found_by, good, whatever_is_there


@found_by("modules", "test_known_modules_are_absolute_paths", breaks="Never a bare file name")
def looks_in_the_search_path() -> Sequence[Path]:
    return [Path("libsample.so")]


@found_by(
    "open", "test_a_module_opens_and_shows_its_token", breaks="Load a module over the binding"
)
def opens_another_module() -> Module:
    return load("pykcs11", module_path())


@found_by(
    "open",
    "test_a_module_opens_again_once_it_is_closed",
    breaks="The session port over that module",
)
def opens_once(path: Path) -> Module:
    return _once(path)


@cache
def _once(path: Path) -> Module:
    return load("pykcs11", path)


@found_by("open", "test_what_is_no_module_is_not_loadable", breaks="ModuleNotLoadable")
def raises_what_it_likes(path: Path) -> Module:
    if "sim-" not in path.name:
        raise OSError(path)
    return load("pykcs11", path)


@found_by("match", "test_its_own_token_is_claimed_with_a_reason", breaks="How sure and why")
def gives_no_reason() -> Match:
    return Match(Confidence.MODEL, "")


@found_by("match", "test_the_strings_alone_decide", breaks="from its strings alone")
def looks_at_the_file(identity: TokenIdentity) -> Match | None:
    return good.lockwright_match(identity) if identity.module.path.exists() else None


@found_by("match", "test_a_token_of_a_stranger_is_left_alone", breaks="It must not guess")
def claims_every_token() -> Match:
    return Match(Confidence.FAMILY, "why not")


@found_by("state", "test_numbers_make_sense", breaks="What the token says")
def swaps_the_lengths(module: Module, token: Token) -> TokenState:
    return replace(good.lockwright_state(module, token), pin_lengths=(16, 4))


@found_by(
    "state",
    "test_what_is_not_offered_is_said_of_hooks_with_a_reason",
    breaks="every: An adapter answers",
)
def does_not_offer_what_is_no_hook(module: Module, token: Token) -> TokenState:
    state = good.lockwright_state(module, token)
    capabilities = replace(state.capabilities, not_offered={"lockwright_erase": "a reason"})
    return replace(state, capabilities=capabilities)


@found_by("state", "test_reading_the_state_logs_nobody_in", breaks="without a login")
def logs_in_to_see_more(module: Module, token: Token) -> TokenState:
    good.lockwright_list(module, token, Secret(USER_PIN), None)
    return good.lockwright_state(module, token)


@found_by(
    "state",
    "test_tries_left_are_the_true_ones",
    "test_a_locked_pin_is_said_to_be_locked",
    breaks="None for every number",
)
def says_what_the_data_sheet_says(module: Module, token: Token) -> TokenState:
    status = PinStatus(PinState.OK, tries_left=10)
    return replace(good.lockwright_state(module, token), user_pin=status)


@found_by(
    "modules",
    "test_modules_of_the_configuration_come_as_they_stand",
    breaks="the preferred one first",
)
def prefers_what_it_likes(settings: Settings) -> Sequence[Path]:
    return sorted(good.lockwright_modules(settings))


@found_by("modules", "test_known_modules_are_absolute_paths", breaks="Known absolute paths")
def names_a_place_beside_it() -> Sequence[Path]:
    return [Path("lib/libsample.so")]


@found_by("state", "test_a_token_that_is_gone_has_no_state", breaks="TokenRemoved")
def answers_for_another(module: Module, token: Token) -> TokenState:
    return good.lockwright_state(*whatever_is_there(module, token))
