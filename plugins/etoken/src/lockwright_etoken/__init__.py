"""The adapter for SafeNet eToken and the IDPrime family, over PyKCS11.

Every hook of the contract stands here in its order. What these tokens do as plain PKCS#11 does is
the standard operation; the rest stands in the modules of this package.
"""
# ruff: noqa: D103  # what a hook does stands in lockwright.contract.hooks, once for all adapters

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lockwright.adapter import Settings, hookimpl
from lockwright.errors import NotSupported
from lockwright.i18n import N_
from lockwright.keys.response import ResponseKey
from lockwright.models import (
    Challenge,
    Failure,
    KeyPair,
    KeyRequest,
    Match,
    ResponseRule,
    SignatureScheme,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_etoken import driver, pins, respond, state, tokens, unblock
from lockwright_etoken import policy as rules


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    return driver.options(settings).modules


@hookimpl
def lockwright_open(path: Path, settings: Settings) -> Module:
    return driver.open_module(path, settings)


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    return tokens.match(identity)


@hookimpl
def lockwright_state(module: Module, token: Token) -> TokenState:
    return state.state(module, token)


@hookimpl
def lockwright_list(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return standard.list_objects(module, token, pin)


@hookimpl
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    pins.unblock(module, token, way, secret, new_pin)


@hookimpl
def lockwright_unblock_challenge(module: Module, token: Token) -> Challenge:
    return unblock.begin(module, token)


@hookimpl
def lockwright_unblock_complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    unblock.complete(module, token, response, new_pin)


@hookimpl
def lockwright_unblock_cancel(module: Module, token: Token) -> None:
    unblock.cancel(module, token)


@hookimpl
def lockwright_response_rule(model: str) -> ResponseRule:
    return respond.rule(model)


@hookimpl
def lockwright_respond(model: str, challenge: bytes, key: ResponseKey, settings: Settings) -> bytes:
    return respond.respond(model, challenge, key, settings)


@hookimpl
def lockwright_change_pin(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    pins.change(module, token, pin, new_pin)


@hookimpl
def lockwright_delete(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    return standard.delete(module, token, pin, refs)


@hookimpl
def lockwright_wipe(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    return standard.wipe(module, token, pin)


@hookimpl
def lockwright_erase() -> None:
    raise NotSupported(operation=N_("be erased by its administrator"))


@hookimpl
def lockwright_generate(module: Module, token: Token, pin: Secret, request: KeyRequest) -> KeyPair:
    return standard.generate(module, token, pin, request)


@hookimpl
def lockwright_keys(module: Module, token: Token, pin: Secret) -> Sequence[KeyPair]:
    return standard.keys(module, token, pin)


@hookimpl
def lockwright_sign(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    return standard.sign(module, token, pin, key_id, scheme, data)


@hookimpl
def lockwright_store(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
) -> None:
    standard.store(module, token, pin, key_id, label, certificate)


@hookimpl
def lockwright_policy(module: Module, token: Token) -> PinPolicy:
    return rules.read(module, token)


@hookimpl
def lockwright_set_policy(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    rules.write(module, token, so_pin, policy)
