"""The reference adapter: SoftHSM, a token in software. Copy it to start a new one.

Every hook of the contract stands here in its order. A hook that plain PKCS#11 answers calls the
standard operation; a hook that this token cannot answer says so with ``NotSupported``.
"""
# ruff: noqa: D103  # what a hook does stands in lockwright.contract.hooks, once for all adapters

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lockwright.adapter import Settings, hookimpl
from lockwright.bindings import choose, load
from lockwright.errors import NotSupported
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

from lockwright_softhsm import tokens


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    return choose(settings, modules=tokens.MODULES).modules


@hookimpl
def lockwright_open(path: Path, settings: Settings) -> Module:
    return load(choose(settings, modules=tokens.MODULES).binding, path)


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    return tokens.match(identity)


@hookimpl
def lockwright_state(module: Module, token: Token) -> TokenState:
    return standard.state(module, token)


@hookimpl
def lockwright_list(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return standard.list_objects(module, token, pin)


@hookimpl
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    standard.unblock(module, token, way, secret, new_pin)


@hookimpl
def lockwright_unblock_challenge() -> Challenge:
    return _no_challenge()


@hookimpl
def lockwright_unblock_complete() -> None:
    _no_challenge()


@hookimpl
def lockwright_unblock_cancel() -> None:
    _no_challenge()


@hookimpl
def lockwright_response_rule() -> ResponseRule:
    return _no_challenge()


@hookimpl
def lockwright_respond() -> bytes:
    return _no_challenge()


@hookimpl
def lockwright_change_pin(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    standard.change_pin(module, token, pin, new_pin)


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
    raise NotSupported(operation="be erased by its administrator")


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
    return standard.policy(module, token)


@hookimpl
def lockwright_set_policy() -> None:
    raise NotSupported(operation="set the token's PIN rules")


def _no_challenge() -> NoReturn:
    raise NotSupported(operation="unblock by Request and Response")
