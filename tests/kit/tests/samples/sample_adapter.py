"""An adapter for the sample personality, which offers almost every hook, so that the suite runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_ulong, create_string_buffer
from dataclasses import replace
from pathlib import Path

from lockwright.adapter import Settings, hookimpl
from lockwright.bindings import choose, load
from lockwright.errors import (
    NotSupported,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRefused,
)
from lockwright.keys.response import ResponseKey
from lockwright.models import (
    Challenge,
    Confidence,
    Failure,
    KeyForm,
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
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.vendor import Prototype, VendorFunctions
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

CKU_PUK = 0x80000001
VENDOR_DEFINED = 0x80000000
CANNOT_UNLOCK = 0x80000016
LENGTH = 8
FUNCTIONS = (
    Prototype("SA_Challenge", (c_ulong, c_char_p, POINTER(c_ulong))),
    Prototype("SA_Complete", (c_ulong, c_char_p, c_ulong, c_char_p, c_ulong)),
)
_WAYS = frozenset({UnblockWay.SO_PIN, UnblockWay.PUK, UnblockWay.CHALLENGE})


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    return choose(settings, modules=[Path("/usr/lib/sample.so")]).modules


@hookimpl
def lockwright_open(path: Path, settings: Settings) -> Module:
    return load(choose(settings, modules=[]).binding, path)


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    return Match(Confidence.MODEL, "model 'Sample'") if identity.model == "Sample" else None


@hookimpl
def lockwright_state(module: Module, token: Token) -> TokenState:
    state = standard.state(module, token)
    return replace(state, capabilities=replace(state.capabilities, unblock_sets_pin=_WAYS))


@hookimpl
def lockwright_list(module: Module, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
    return standard.list_objects(module, token, pin)


@hookimpl
def lockwright_unblock(
    module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
) -> None:
    if way is not UnblockWay.PUK or new_pin is None:
        with _own_refusals():
            standard.unblock(module, token, way, secret, new_pin)
        return
    with module.open_session(standard.locate(module, token).slot) as session:
        session.login(CKU_PUK, secret)
        session.init_pin(new_pin)


@hookimpl
def lockwright_unblock_challenge(module: Module, token: Token) -> Challenge:
    room, length = create_string_buffer(LENGTH), c_ulong(LENGTH)
    functions = VendorFunctions(module.path, FUNCTIONS)
    if rv := functions.call("SA_Challenge", token.identity.slot, room, byref(length)):
        raise CkrError(rv, "SA_Challenge")
    return Challenge(token.serial, room.raw, LENGTH)


@hookimpl
def lockwright_unblock_complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None
) -> None:
    if new_pin is None:
        module.slots()  # any call voids the Request
        raise NotSupported(operation="unblock and keep the user PIN")
    rv = VendorFunctions(module.path, FUNCTIONS).call(
        "SA_Complete", token.identity.slot, response, len(response), new_pin, len(new_pin)
    )
    if rv == CKR.PIN_INCORRECT:
        raise ResponseWrong(role="Response", tries_left=None, state=None)
    if rv == CANNOT_UNLOCK:
        raise RequestVoid(reason="the token holds none")
    if rv:
        raise _refused(rv)


@hookimpl
def lockwright_unblock_cancel(module: Module, token: Token) -> None:
    module.slots()  # any call voids it


@hookimpl
def lockwright_response_rule() -> ResponseRule:
    return ResponseRule(LENGTH, frozenset({KeyForm.HEX}))


@hookimpl
def lockwright_respond(challenge: bytes, key: ResponseKey) -> bytes:
    return key.des3_ecb(challenge)


@hookimpl
def lockwright_change_pin(module: Module, token: Token, pin: Secret, new_pin: Secret) -> None:
    with _own_refusals():
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


@contextmanager
def _own_refusals() -> Iterator[None]:
    """The sample's own return values say which rules a new PIN breaks."""
    try:
        yield
    except TokenRefused as error:
        if not (error.ckr or 0) & VENDOR_DEFINED:
            raise
        raise _refused(error.ckr) from error


def _refused(ckr: int | None) -> PinRefusedByToken:
    return PinRefusedByToken(reason="it breaks the token's own rules", ckr=ckr)
