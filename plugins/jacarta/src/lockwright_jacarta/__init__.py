"""The adapter for JaCarta PKI, PRO and GOST 2, over python-pkcs11.

Every hook of the contract stands here in its order. What all applets do as plain PKCS#11 does is
the standard operation; what an applet does its own way stands in its module: ``pki``, ``pro``,
``gost2``.
"""
# ruff: noqa: D103  # what a hook does stands in lockwright.contract.hooks, once for all adapters

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lockwright.adapter import Settings, hookimpl
from lockwright.bindings import choose, load
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

from lockwright_jacarta import remote, tokens
from lockwright_jacarta.applets import applet_of
from lockwright_jacarta.pin_refusals import REFUSALS
from lockwright_jacarta.respond import respond, response_rule

BINDINGS = ("python-pkcs11",)


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    return choose(settings, modules=tokens.MODULES, bindings=BINDINGS).modules


@hookimpl
def lockwright_open(path: Path, settings: Settings) -> Module:
    return load(choose(settings, modules=tokens.MODULES, bindings=BINDINGS).binding, path)


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    return tokens.match(identity)


@hookimpl
def lockwright_state(module: Module, token: Token) -> TokenState:
    found = standard.locate(module, token)
    return applet_of(token).state(module, found.slot, standard.state_of(module, found))


@hookimpl
def lockwright_list(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return standard.list_objects(module, token, pin)


@hookimpl
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    applet_of(token).unblock(module, token, way, secret, new_pin)


@hookimpl
def lockwright_unblock_challenge(module: Module, token: Token) -> Challenge:
    return remote.begin(module, token, applet_of(token))


@hookimpl
def lockwright_unblock_complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    remote.complete(module, token, applet_of(token), response, new_pin)


@hookimpl
def lockwright_unblock_cancel(module: Module, token: Token) -> None:
    remote.cancel(module, token)


@hookimpl
def lockwright_response_rule(model: str) -> ResponseRule:
    return response_rule(model)


@hookimpl
def lockwright_respond(model: str, challenge: bytes, key: ResponseKey) -> bytes:
    return respond(model, challenge, key)


@hookimpl
def lockwright_change_pin(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    standard.change_pin(module, token, pin, new_pin, REFUSALS)


@hookimpl
def lockwright_delete(
    module: Module, token: Token, pin: Secret, refs: Sequence[str]
) -> Sequence[Failure]:
    return standard.delete(module, token, pin, refs)


@hookimpl
def lockwright_wipe(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    return standard.wipe(module, token, pin)


@hookimpl
def lockwright_erase(module: Module, token: Token, so_pin: Secret) -> None:
    applet_of(token).erase(module, token, so_pin)


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
    own = applet_of(token).policy(module, standard.locate(module, token).slot)
    return standard.policy(module, token).stricter(own)


@hookimpl
def lockwright_set_policy(module: Module, token: Token, so_pin: Secret, policy: PinPolicy) -> None:
    applet_of(token).set_policy(module, token, so_pin, policy)
