"""Calls of exactly one adapter, through every wrapper, with their types.

pluggy hands out ``Any`` and would offer a PIN to every plugin in turn; here each operation is a
typed method, and the only adapter in reach is the token's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import pluggy

from lockwright import hookspecs
from lockwright.adapter import PROJECT
from lockwright.audit import AuditPlugin, AuditTrail
from lockwright.errors import TokenUnclaimed
from lockwright.host.proxy import Dispatch, RemoteAdapter
from lockwright.models import (
    Challenge,
    Failure,
    KeyPair,
    KeyRequest,
    SignatureScheme,
    Token,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.policy import PinPolicy
from lockwright.registry import Registry
from lockwright.secret import Secret


def wrapped(ends: Iterable[object], wrappers: Iterable[object]) -> pluggy.PluginManager:
    """A manager of the contract's hooks.

    Args:
        ends: the plugins that implement hooks.
        wrappers: those that wrap them, the outermost first.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    for plugin in (*ends, *reversed(list(wrappers))):
        manager.register(plugin)
    return manager


def recorded(audit: Path | None, registry: Registry) -> tuple[object, ...]:
    """The wrapper that keeps the audit trail, or none.

    Args:
        audit: the audit file; None for no audit.
        registry: the plugins, for where an adapter came from.
    """
    if audit is None:
        return ()
    origins = {p.name: (p.distribution, p.version) for p in registry.adapters}
    return (AuditPlugin(AuditTrail(audit), origins),)


class Calls:
    """The contract as the operations use it.

    Args:
        adapters: names of the loaded adapters.
        dispatch: carries a call to the host of the token's adapter.
        wrappers: plugins that wrap operations, the outermost first.
    """

    def __init__(
        self, adapters: Iterable[str], dispatch: Dispatch, wrappers: Iterable[object]
    ) -> None:
        self._adapters = {name: RemoteAdapter(dispatch) for name in adapters}
        self._manager = wrapped(self._adapters.values(), wrappers)

    def state(self, token: Token) -> TokenState:
        """``lockwright_state``."""
        return cast("TokenState", self._one("lockwright_state", token))

    def list(self, token: Token, pin: Secret | None) -> Sequence[TokenObject]:
        """``lockwright_list``."""
        return cast("Sequence[TokenObject]", self._one("lockwright_list", token, pin=pin))

    def unblock(
        self, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
    ) -> None:
        """``lockwright_unblock``."""
        self._one("lockwright_unblock", token, way=way, secret=secret, new_pin=new_pin)

    def unblock_challenge(self, token: Token) -> Challenge:
        """``lockwright_unblock_challenge``."""
        return cast("Challenge", self._one("lockwright_unblock_challenge", token))

    def unblock_complete(self, token: Token, response: Secret, new_pin: Secret | None) -> None:
        """``lockwright_unblock_complete``."""
        self._one("lockwright_unblock_complete", token, response=response, new_pin=new_pin)

    def unblock_cancel(self, token: Token) -> None:
        """``lockwright_unblock_cancel``."""
        self._one("lockwright_unblock_cancel", token)

    def change_pin(self, token: Token, pin: Secret, new_pin: Secret) -> None:
        """``lockwright_change_pin``."""
        self._one("lockwright_change_pin", token, pin=pin, new_pin=new_pin)

    def delete(self, token: Token, pin: Secret, refs: Sequence[str]) -> Sequence[Failure]:
        """``lockwright_delete``."""
        return cast("Sequence[Failure]", self._one("lockwright_delete", token, pin=pin, refs=refs))

    def wipe(self, token: Token, pin: Secret) -> Sequence[Failure]:
        """``lockwright_wipe``."""
        return cast("Sequence[Failure]", self._one("lockwright_wipe", token, pin=pin))

    def erase(self, token: Token, so_pin: Secret) -> None:
        """``lockwright_erase``."""
        self._one("lockwright_erase", token, so_pin=so_pin)

    def generate(self, token: Token, pin: Secret, request: KeyRequest) -> KeyPair:
        """``lockwright_generate``."""
        return cast("KeyPair", self._one("lockwright_generate", token, pin=pin, request=request))

    def keys(self, token: Token, pin: Secret) -> Sequence[KeyPair]:
        """``lockwright_keys``."""
        return cast("Sequence[KeyPair]", self._one("lockwright_keys", token, pin=pin))

    def sign(
        self, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
    ) -> bytes:
        """``lockwright_sign``."""
        call = self._one("lockwright_sign", token, pin=pin, key_id=key_id, scheme=scheme, data=data)
        return cast("bytes", call)

    def store(
        self, token: Token, pin: Secret, key_id: bytes, label: str, certificate: bytes
    ) -> None:
        """``lockwright_store``."""
        self._one(
            "lockwright_store", token, pin=pin, key_id=key_id, label=label, certificate=certificate
        )

    def policy(self, token: Token) -> PinPolicy:
        """``lockwright_policy``."""
        return cast("PinPolicy", self._one("lockwright_policy", token))

    def _one(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook with the token's own adapter as the only one in reach."""
        if token.adapter not in self._adapters:
            identity = token.identity
            raise TokenUnclaimed(
                serial=identity.serial, model=identity.model, manufacturer=identity.manufacturer
            )
        others = [a for name, a in self._adapters.items() if name != token.adapter]
        caller = self._manager.subset_hook_caller(hook, remove_plugins=others)
        return caller(module=None, token=token, **arguments)
