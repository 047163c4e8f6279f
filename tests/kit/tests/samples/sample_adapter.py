"""An adapter for the sample personality, which offers almost every hook, so that the suite runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_ulong, create_string_buffer
from dataclasses import replace
from pathlib import Path

from lockwright.adapter import Settings, StandardAdapter
from lockwright.errors import (
    NotSupported,
    PinIncorrect,
    PinLocked,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRefused,
)
from lockwright.errors.pins import SO_PIN
from lockwright.keys.response import ResponseKey
from lockwright.models import (
    Challenge,
    Confidence,
    KeyForm,
    LabelBy,
    Match,
    ResponseRule,
    Token,
    TokenIdentity,
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
    Prototype("SA_SetShortest", (c_ulong, c_char_p, c_ulong, c_ulong)),
    Prototype("C_InitToken", (c_ulong, c_char_p, c_ulong, c_char_p)),
    Prototype("SA_ChangePuk", (c_ulong, c_char_p, c_ulong, c_char_p, c_ulong)),
    Prototype("SA_SetLabel", (c_ulong, c_char_p, c_ulong)),
)
_RULES = frozenset({"min_bytes"})
_WAYS = frozenset({UnblockWay.SO_PIN, UnblockWay.PUK, UnblockWay.CHALLENGE})


class Sample(StandardAdapter):
    modules = (Path("/usr/lib/sample.so"),)

    def lockwright_match(self, identity: TokenIdentity) -> Match | None:
        return Match(Confidence.MODEL, "model 'Sample'") if identity.model == "Sample" else None

    def lockwright_state(self, module: Module, token: Token) -> TokenState:
        state = super().lockwright_state(module, token)
        able = replace(state.capabilities, unblock_sets_pin=_WAYS, erase=True, policy_sets=_RULES)
        able = replace(able, label_by=LabelBy.USER)
        return replace(state, capabilities=able)

    def lockwright_unblock(
        self, module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
    ) -> None:
        if way is not UnblockWay.PUK or new_pin is None:
            with _own_refusals():
                super().lockwright_unblock(module, token, way, secret, new_pin)
            return
        with module.open_session(standard.locate(module, token).slot) as session:
            session.login(CKU_PUK, secret)
            session.init_pin(new_pin)

    def lockwright_unblock_challenge(self, module: Module, token: Token) -> Challenge:
        room, length = create_string_buffer(LENGTH), c_ulong(LENGTH)
        functions = VendorFunctions(module.path, FUNCTIONS)
        if rv := functions.call("SA_Challenge", token.identity.slot, room, byref(length)):
            raise CkrError(rv, "SA_Challenge")
        return Challenge(token.serial, room.raw, LENGTH)

    def lockwright_unblock_complete(
        self, module: Module, token: Token, response: Secret, new_pin: Secret | None
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

    def lockwright_unblock_cancel(self, module: Module, token: Token) -> None:
        del token
        module.slots()  # any call voids it

    def lockwright_response_rule(self, model: str, settings: Settings) -> ResponseRule:
        del model, settings
        return ResponseRule(LENGTH, frozenset({KeyForm.HEX}))

    def lockwright_respond(self, challenge: bytes, key: ResponseKey) -> bytes:
        return key.des3_ecb(challenge)

    def lockwright_change_pin(
        self, module: Module, token: Token, pin: Secret, new_pin: Secret
    ) -> None:
        with _own_refusals():
            super().lockwright_change_pin(module, token, pin, new_pin)

    def lockwright_erase(self, module: Module, token: Token, so_pin: Secret) -> None:
        slot, label = standard.locate(module, token).slot, token.identity.label.encode().ljust(32)
        call = VendorFunctions(module.path, FUNCTIONS).call
        _so_let_in(call("C_InitToken", slot, so_pin, len(so_pin), label), "C_InitToken")

    def lockwright_set_policy(
        self, module: Module, token: Token, so_pin: Secret, policy: PinPolicy
    ) -> None:
        if replace(policy, min_bytes=0) != PinPolicy():
            raise NotSupported(operation="set this rule")
        slot, shortest = standard.locate(module, token).slot, policy.min_bytes
        call = VendorFunctions(module.path, FUNCTIONS).call
        _so_let_in(call("SA_SetShortest", slot, so_pin, len(so_pin), shortest), "SA_SetShortest")

    def lockwright_init(self, module: Module, token: Token, so_pin: Secret, label: str) -> None:
        with _own_refusals():
            super().lockwright_init(module, token, so_pin, label)

    def lockwright_change_so_pin(
        self, module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
    ) -> None:
        with _own_refusals():
            super().lockwright_change_so_pin(module, token, so_pin, new_so_pin)

    def lockwright_change_puk(
        self, module: Module, token: Token, puk: Secret, new_puk: Secret
    ) -> None:
        slot = standard.locate(module, token).slot
        functions = VendorFunctions(module.path, FUNCTIONS)
        rv = functions.call("SA_ChangePuk", slot, puk, len(puk), new_puk, len(new_puk))
        if rv == CKR.PIN_INCORRECT:
            raise PinIncorrect(role="PUK", tries_left=None, state=None, ckr=rv)
        if rv == CKR.PIN_LOCKED:
            raise PinLocked(role="PUK", ckr=rv)
        if rv:
            raise _refused(rv)

    def lockwright_set_label(
        self, module: Module, token: Token, by: LabelBy, pin: Secret, label: str
    ) -> None:
        del by
        told = label.encode()
        with standard.user_session(module, token, pin):
            slot = standard.locate(module, token).slot
            rv = VendorFunctions(module.path, FUNCTIONS).call("SA_SetLabel", slot, told, len(told))
        if rv:
            raise CkrError(rv, "SA_SetLabel")


adapter = Sample()


@contextmanager
def _own_refusals() -> Iterator[None]:
    """The sample's own return values say which rules a new PIN breaks."""
    try:
        yield
    except TokenRefused as error:
        if not (error.ckr or 0) & VENDOR_DEFINED:
            raise
        raise _refused(error.ckr) from error


def _so_let_in(rv: int, function: str) -> None:
    """Tell what kept the administrator out."""
    if rv == CKR.PIN_INCORRECT:
        raise PinIncorrect(role=SO_PIN, tries_left=None, state=None)
    if rv == CKR.PIN_LOCKED:
        raise PinLocked(role=SO_PIN)
    if rv:
        raise CkrError(rv, function)


def _refused(ckr: int | None) -> PinRefusedByToken:
    return PinRefusedByToken(reason="it breaks the token's own rules", ckr=ckr)
