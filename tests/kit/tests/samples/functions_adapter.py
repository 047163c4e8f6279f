"""An adapter that is a module of functions: the contract is hooks, and asks for no class.

Every hook stands here in the contract's order. One that plain PKCS#11 answers calls the standard
operation; one that the token is not offered raises ``NotSupported``, and its capabilities say why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from lockwright.adapter import Settings, hookimpl
from lockwright.bindings import choose, load
from lockwright.errors import NotSupported
from lockwright.models import (
    Challenge,
    Confidence,
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

MODULES = (Path("/usr/lib/softhsm/libsofthsm2.so"),)
NOT_OFFERED = dict.fromkeys(
    [
        *("unblock_challenge", "unblock_complete", "unblock_cancel", "response_rule", "respond"),
        *("erase", "set_policy", "change_puk", "set_label"),
    ],
    "no function for it",
)


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    return choose(settings, modules=MODULES).modules


@hookimpl
def lockwright_open(path: Path, settings: Settings) -> Module:
    return load(choose(settings, modules=MODULES).binding, path)


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    if identity.manufacturer != "SoftHSM project":
        return None
    return Match(Confidence.MODEL, standard.match_reason(identity))


@hookimpl
def lockwright_state(module: Module, token: Token) -> TokenState:
    state = standard.state(module, token)
    return replace(state, capabilities=replace(state.capabilities, not_offered=NOT_OFFERED))


@hookimpl
def lockwright_list(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return standard.list_objects(module, token, pin, None)


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
    return standard.keys(module, token, pin, None)


@hookimpl
def lockwright_sign(  # the arguments are the hook's
    module: Module,
    token: Token,
    pin: Secret,
    key_id: bytes,
    scheme: SignatureScheme,
    data: bytes,
    ref: str | None,
) -> bytes:
    return standard.sign(module, token, pin, key_id, scheme, data, ref)


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


@hookimpl
def lockwright_init(module: Module, token: Token, so_pin: Secret, label: str) -> None:
    standard.init(module, token, so_pin, label)


@hookimpl
def lockwright_change_so_pin(
    module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
) -> None:
    standard.change_so_pin(module, token, so_pin, new_so_pin)


@hookimpl
def lockwright_change_puk() -> None:
    raise NotSupported(operation="change the PUK")


@hookimpl
def lockwright_set_label() -> None:
    raise NotSupported(operation="be given another label")


@hookimpl
def lockwright_import_key(  # the arguments are the hook's
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    standard.import_key(module, token, pin, key, public_key, key_id, label)


def _no_challenge() -> NoReturn:
    raise NotSupported(operation="unblock by Request and Response")
