"""The adapter as the caller's process has it: every hook is carried to where the module is."""

# ruff: noqa: D102  # the hookspecs describe them

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from lockwright.adapter import hookimpl
from lockwright.host.messages import Respond
from lockwright.key_source import KeySource
from lockwright.models import Grounds, KeyRequest, SignatureScheme, Token, UnblockWay
from lockwright.policy import PinPolicy
from lockwright.secret import Secret


class Dispatch(Protocol):
    """Carries a call to the host of the token's adapter."""

    def __call__(self, hook: str, token: Token, **arguments: object) -> object: ...


class RemoteAdapter:
    """Stands for an adapter; the innermost plugin of every call.

    Args:
        dispatch: carries a call to the host of the token's adapter.
    """

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    @hookimpl
    def lockwright_state(self, token: Token) -> object:
        return self._dispatch("lockwright_state", token)

    @hookimpl
    def lockwright_list(self, token: Token, pin: Secret | None) -> object:
        return self._dispatch("lockwright_list", token, pin=pin)

    @hookimpl
    def lockwright_unblock(
        self, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
    ) -> object:
        return self._dispatch("lockwright_unblock", token, way=way, secret=secret, new_pin=new_pin)

    @hookimpl
    def lockwright_unblock_challenge(self, token: Token) -> object:
        return self._dispatch("lockwright_unblock_challenge", token)

    @hookimpl
    def lockwright_unblock_complete(
        self, token: Token, response: Secret, new_pin: Secret | None
    ) -> object:
        return self._dispatch(
            "lockwright_unblock_complete", token, response=response, new_pin=new_pin
        )

    @hookimpl
    def lockwright_unblock_cancel(self, token: Token) -> object:
        return self._dispatch("lockwright_unblock_cancel", token)

    @hookimpl
    def lockwright_change_pin(self, token: Token, pin: Secret, new_pin: Secret) -> object:
        return self._dispatch("lockwright_change_pin", token, pin=pin, new_pin=new_pin)

    @hookimpl
    def lockwright_delete(self, token: Token, pin: Secret, refs: Sequence[str]) -> object:
        return self._dispatch("lockwright_delete", token, pin=pin, refs=refs)

    @hookimpl
    def lockwright_wipe(self, token: Token, pin: Secret) -> object:
        return self._dispatch("lockwright_wipe", token, pin=pin)

    @hookimpl
    def lockwright_erase(self, token: Token, so_pin: Secret) -> object:
        return self._dispatch("lockwright_erase", token, so_pin=so_pin)

    @hookimpl
    def lockwright_generate(self, token: Token, pin: Secret, request: KeyRequest) -> object:
        return self._dispatch("lockwright_generate", token, pin=pin, request=request)

    @hookimpl
    def lockwright_keys(self, token: Token, pin: Secret) -> object:
        return self._dispatch("lockwright_keys", token, pin=pin)

    @hookimpl
    def lockwright_sign(
        self, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
    ) -> object:
        return self._dispatch(
            "lockwright_sign", token, pin=pin, key_id=key_id, scheme=scheme, data=data
        )

    @hookimpl
    def lockwright_store(
        self, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
    ) -> object:
        return self._dispatch(
            "lockwright_store", token, pin=pin, key_id=key_id, label=label, certificate=certificate
        )

    @hookimpl
    def lockwright_policy(self, token: Token) -> object:
        return self._dispatch("lockwright_policy", token)

    @hookimpl
    def lockwright_set_policy(self, token: Token, so_pin: Secret, policy: PinPolicy) -> object:
        return self._dispatch("lockwright_set_policy", token, so_pin=so_pin, policy=policy)


class RemoteResponder:
    """Stands for an adapter on the bank's side, where there is no token.

    Args:
        answer: carries a Request to a child process of its own.
    """

    def __init__(self, answer: Callable[[str, Respond], Secret]) -> None:
        self._answer = answer

    @hookimpl
    def lockwright_respond(
        self,
        vendor: str,
        model: str,
        serial: str,
        challenge: bytes,
        key: KeySource,
        grounds: Grounds,
    ) -> object:
        return self._answer(vendor, Respond(model, serial, challenge, key, grounds))
