"""An adapter beside its module: opens it, calls its hooks, lets out nothing but our errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from lockwright.contract import hooks
from lockwright.contract.declaration import RequestEffect
from lockwright.errors import LockwrightError, NotSupported, PinIncorrect
from lockwright.errors.pins import SO_PIN, USER_PIN
from lockwright.host.loaded_adapter import LoadedAdapter
from lockwright.host.protocol import AdapterRef, Care
from lockwright.host.tries import Tries
from lockwright.i18n import _
from lockwright.models import Match, Token, TokenIdentity, TokenState
from lockwright.models.settings import Settings
from lockwright.pkcs11.errors import CkrError, explain, not_ready
from lockwright.pkcs11.same_token import find, identities
from lockwright.pkcs11.session import Module

__all__ = ["AdapterRef", "Inspection", "Worker"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a module shows."""

    tokens: Mapping[TokenIdentity, TokenState | None]
    """Every token in its slots, with its state if the adapter beside the module claims it. One
    whose state could not be read has None, too; asking for it alone says why."""


class Worker:
    """One adapter, one module.

    Args:
        adapter: the adapter, which is imported here.
        module: absolute path of the module, which is loaded here.
        settings: the adapter's table of the configuration.
        care: how the tries of PINs are spared.

    Raises:
        ModuleNotLoadable: it is not a PKCS#11 module of this system.
        ModuleNotReady: it does not initialise.
        AdapterBroken: the adapter does not import, or opens nothing.
    """

    def __init__(self, adapter: AdapterRef, module: Path, settings: Settings, care: Care) -> None:
        self._path = module
        self._adapter = LoadedAdapter(adapter)
        self._tries = Tries(care)
        opens = self._adapter.hook("lockwright_open")
        opened = opens and self._guarded(lambda: opens(path=module, settings=settings))
        if opened is None:
            raise self._adapter.broken(_("it opens no module"))
        self._module: Module = opened

    def inspect(self) -> Inspection:
        """The module, its tokens, and the state of those that are this adapter's.

        Raises:
            ModuleNotReady: the module does not even list its slots.
        """
        seen = self._guarded(lambda: identities(self._module))
        return Inspection({each: self._state(each) if each.initialized else None for each in seen})

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the adapter.

        Args:
            hook: name of the hook.
            token: the token it is about.
            arguments: its further arguments.

        Raises:
            LockwrightError: what the adapter raised; anything else it raised is reported as
                ``AdapterBroken``, without its text, which may hold a secret.
        """
        declared = hooks.HOOKS[hook]
        if self._adapter.hook(hook) is None:
            raise NotSupported(operation=declared.doing, adapter=self._adapter.name)
        state = partial(self._state_of, token)
        with self._tries.around(declared, token.serial, arguments, state):
            return self._call(hook, token, arguments)

    def close(self) -> None:
        """Unload the module."""
        self._guarded(self._module.close)

    def _call(self, hook: str, token: Token, arguments: Mapping[str, object]) -> object:
        caller, doing = self._adapter.hook(hook), hooks.HOOKS[hook].doing
        if caller is None:
            raise NotSupported(operation=doing, adapter=self._adapter.name)

        def explained(error: CkrError) -> LockwrightError:
            return explain(error, action=doing, serial=token.serial)

        def called() -> object:
            with self._module.serving(token.identity):
                return caller(
                    module=self._module, token=self._there(hook, token, arguments), **arguments
                )

        try:
            answer: object = self._adapter.guarded(called, explained)
        except PinIncorrect as error:
            self._count(error, token)
            raise
        return self._adapter.fitting(hook, answer)

    def _state_of(self, token: Token) -> TokenState:
        return cast("TokenState", self._call("lockwright_state", token, {}))

    def _there(self, hook: str, token: Token, arguments: Mapping[str, object]) -> Token:
        """The token with the slot that it is in now, where an adapter answers in a way of its own.

        A vendor's own function takes a slot, and opens no session in which the token is compared.
        While a Request is open nothing may be asked; the session that holds it ends with the token.
        """
        declared = hooks.HOOKS[hook]
        if declared.request is RequestEffect.ENDS or self._adapter.is_plain(hook):
            return token
        spent = declared.spends and arguments.get(declared.spends.argument)
        if not declared.changes and spent is None:
            return token
        slot = find(self._module, token.identity).slot
        return replace(token, identity=replace(token.identity, slot=slot))

    def _state(self, identity: TokenIdentity) -> TokenState | None:
        matches = self._adapter.hook("lockwright_match")
        with suppress(LockwrightError):
            match = matches and self._guarded(lambda: matches(identity=identity))
            if isinstance(match, Match):
                return self._state_of(Token(identity, self._adapter.name, match.reason))
        return None

    def _count(self, error: PinIncorrect, token: Token) -> None:
        """Say how many tries are left where the adapter's hook did not, but the token can."""
        if error.facts["tries_left"] is not None:
            return
        with suppress(LockwrightError):
            state = self._state_of(token)
            told = {USER_PIN: state.user_pin, SO_PIN: state.so_pin}
            status = told.get(str(error.facts["role"]))
            if status is not None and status.tries_left is not None:
                error.facts |= {"tries_left": status.tries_left, "state": status.state.value}

    def _guarded(self, work: Callable[[], T]) -> T:
        return self._adapter.guarded(work, self._unloadable)

    def _unloadable(self, error: CkrError) -> LockwrightError:
        return not_ready(self._path, error)
