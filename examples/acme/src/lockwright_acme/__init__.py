"""The adapter of Acme, a vendor that does not exist: plain PKCS#11 but for one thing."""
# ruff: noqa: D103  # what a hook does stands in lockwright.contract.hooks, once for all adapters

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from lockwright.adapter import Settings, hookimpl
from lockwright.bindings import choose, load
from lockwright.errors import NotSupported
from lockwright.models import (
    Confidence,
    Failure,
    KeyPair,
    KeyRequest,
    Match,
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

MODULES = (Path("/usr/lib/acme/libacme11.so"), Path(r"C:\Windows\System32\acme11.dll"))
CARD = "Acme Card"
"""A model that has each object deleted by itself."""
MODELS = ("Acme One", CARD)


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    return choose(settings, modules=MODULES, bindings=["python-pkcs11"]).modules


@hookimpl
def lockwright_open(path: Path) -> Module:
    return load("python-pkcs11", path)


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    if identity.manufacturer != "Acme Ltd":
        return None
    known = identity.model in MODELS
    reason = standard.match_reason(identity)
    return Match(Confidence.MODEL if known else Confidence.FAMILY, reason)


@hookimpl
def lockwright_state(module: Module, token: Token) -> TokenState:
    state = standard.state(module, token)
    if token.identity.model != CARD:
        return state
    return replace(state, capabilities=replace(state.capabilities, wipe=False))


@hookimpl
def lockwright_list(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return standard.list_objects(module, token, pin)


@hookimpl
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    standard.unblock(module, token, way, secret, new_pin)


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
    if token.identity.model == CARD:
        raise NotSupported(operation="be wiped: delete its objects one by one")
    return standard.wipe(module, token, pin)


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


def _cannot() -> NoReturn:
    raise NotSupported(operation="what Acme's module has no function for")


# An adapter answers every hook, so that its reader knows the vendor. These, Acme has nothing for.
lockwright_unblock_challenge = lockwright_unblock_complete = hookimpl(_cannot)
lockwright_unblock_cancel = lockwright_response_rule = lockwright_respond = hookimpl(_cannot)
lockwright_erase = lockwright_set_policy = hookimpl(_cannot)
