"""An adapter beside its module: opens it, calls its hooks, lets out nothing but our errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast

from lockwright.contract import hooks
from lockwright.contract.declaration import RequestEffect
from lockwright.errors import LockwrightError, NotSupported, PinIncorrect
from lockwright.errors.pins import SO_PIN, USER_PIN
from lockwright.host.loaded_adapter import LoadedAdapter
from lockwright.host.protocol import AdapterRef, Care, Look
from lockwright.host.tries import Tries
from lockwright.i18n import _
from lockwright.models import (
    Match,
    ObjectKind,
    Sought,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
)
from lockwright.models.settings import Settings
from lockwright.pkcs11.errors import CkrError, explain, not_ready
from lockwright.pkcs11.same_token import demand, find, identities
from lockwright.pkcs11.session import Module, TokenInfo
from lockwright.records import dataclass

__all__ = ["AdapterRef", "Inspection", "Worker"]

T = TypeVar("T")
NOTHING_SCOUTED: Mapping[TokenIdentity, TokenInfo] = MappingProxyType({})
"""Where the adapter is the first to look."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a module shows."""

    tokens: Mapping[TokenIdentity, TokenState | None]
    """Every token in its slots, with its state if the adapter beside the module claims it. One
    whose state could not be read has None, too; asking for it alone says why."""
    certificates: Mapping[TokenIdentity, tuple[TokenObject, ...]] = field(default_factory=dict)
    """Those that anyone may see on each token, in the answer to a look for them; a token whose
    certificates could not be read is missing."""


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
        if missing := self._guarded(lambda: _missing(opened)):
            told = _("what it opens lacks {name} of the session port")
            raise self._adapter.broken(told.format(name=missing))
        self._module: Module = opened
        self._seen: dict[Token, TokenInfo] = {}
        """The adapter's tokens that the last look showed, for what is read of them right then."""

    def inspect(
        self, look: Look, scouted: Mapping[TokenIdentity, TokenInfo] = NOTHING_SCOUTED
    ) -> Inspection:
        """The module, its tokens, and the state of those that are this adapter's.

        Args:
            look: what is wanted beside that.
            scouted: the tokens, where they were seen just now without the adapter.

        Raises:
            ModuleNotReady: the module does not even list its slots.
        """
        return self._guarded(self._read if look.certificates else lambda: self._look(look, scouted))

    def _look(self, look: Look, scouted: Mapping[TokenIdentity, TokenInfo]) -> Inspection:
        with self._module.looking({each.slot: told for each, told in scouted.items()}):
            seen = list(scouted) or identities(self._module)
            claimed = {each: self._claimed(each) if each.initialized else None for each in seen}
            states = {each: self._state(t, look) if t else None for each, t in claimed.items()}
            mine = [token for token in claimed.values() if token]
            self._seen = {token: self._module.token(token.identity.slot) for token in mine}
        return Inspection(states)

    def _read(self) -> Inspection:
        """The certificates on what was just looked at, as anyone may see them."""
        self._module.release()
        seen, self._seen = self._seen, {}
        with self._module.looking({each.identity.slot: told for each, told in seen.items()}):
            read = {token.identity: self._certificates(token) for token in seen}
        return Inspection({}, {each: found for each, found in read.items() if found is not None})

    def call(self, hook: str, token: Token, *, stays: bool = False, **arguments: object) -> object:
        """Call a hook of the adapter.

        Args:
            hook: name of the hook.
            token: the token it is about.
            stays: whether the user stays logged in then, for a call that follows.
            arguments: its further arguments.

        Raises:
            LockwrightError: what the adapter raised; anything else it raised is reported as
                ``AdapterBroken``, without its text, which may hold a secret.
        """
        declared = hooks.HOOKS[hook]
        if self._adapter.hook(hook) is None:
            raise NotSupported(operation=declared.doing, adapter=self._adapter.name)
        pin, changes = arguments.get("pin"), declared.changes
        if self._guarded(lambda: self._is_kept(token, pin, stays=stays, changes=changes)):
            return self._call(hook, token, arguments)  # no try can be spent
        # A blank token has no PIN whose tries could be spent, and need not answer anything else.
        known = token.identity.initialized
        state = partial(self._state_of, token, brief=True) if known else TokenState
        with self._tries.around(declared, token.serial, arguments, state):
            return self._call(hook, token, arguments)

    def leave(self) -> None:
        """Log the user out who stayed logged in."""
        self._module.release()

    def _is_kept(self, token: Token, pin: object, *, stays: bool, changes: bool) -> bool:
        """Whether a login is kept that fits; another one ends."""
        if not stays or not self._is_open_to(token, pin, changes=changes):
            self._module.release()
        self._module.keeps_logins = stays
        return self._module.kept is not None

    def _is_open_to(self, token: Token, pin: object, *, changes: bool) -> bool:
        """Whether a login is kept that this PIN opened, still is one, and is to this token.

        A session ends with its token (PKCS#11 2.40, ``C_GetSessionInfo``), so it is enough that it
        is there; before anything is changed, a module is not taken at its word.
        """
        kept = self._module.kept
        if kept is None or not kept.fits(token.identity, pin) or not kept.session.is_of_the_user():
            return False
        return not changes or self._still_shows(token, kept.session.token)

    def _still_shows(self, token: Token, opened: TokenInfo | None) -> bool:
        """Whether the slot that a session was opened in holds the token."""
        with suppress(CkrError, LockwrightError):
            return (
                opened is not None and demand(self._module, opened.slot, token.identity) is not None
            )
        return False

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

    def _state_of(self, token: Token, *, brief: bool) -> TokenState:
        self._module.brief = brief
        try:
            return cast("TokenState", self._call("lockwright_state", token, {}))
        finally:
            self._module.brief = False

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

    def _claimed(self, identity: TokenIdentity) -> Token | None:
        """The token, if it is this adapter's."""
        matches = self._adapter.hook("lockwright_match")
        with suppress(LockwrightError):
            match = matches and self._guarded(lambda: matches(identity=identity))
            if isinstance(match, Match):
                return Token(identity, self._adapter.name, match.reason)
        return None

    def _state(self, token: Token, look: Look) -> TokenState | None:
        with suppress(LockwrightError):
            return self._state_of(token, brief=not look.key_types)
        return None

    def _certificates(self, token: Token) -> tuple[TokenObject, ...] | None:
        arguments = {"pin": None, "sought": Sought(kind=ObjectKind.CERTIFICATE)}
        with suppress(LockwrightError):
            found = cast("Sequence[TokenObject]", self._call("lockwright_list", token, arguments))
            return tuple(each for each in found if each.kind is ObjectKind.CERTIFICATE)
        return None

    def _count(self, error: PinIncorrect, token: Token) -> None:
        """Say how many tries are left where the adapter's hook did not, but the token can."""
        if error.facts["tries_left"] is not None:
            return
        with suppress(LockwrightError):
            state = self._state_of(token, brief=True)
            told = {USER_PIN: state.user_pin, SO_PIN: state.so_pin}
            status = told.get(str(error.facts["role"]))
            if status is not None and status.tries_left is not None:
                error.facts |= {"tries_left": status.tries_left, "state": status.state.value}

    def _guarded(self, work: Callable[[], T]) -> T:
        return self._adapter.guarded(work, self._unloadable)

    def _unloadable(self, error: CkrError) -> LockwrightError:
        return not_ready(self._path, error)


def _missing(opened: object) -> str:
    """What an object lacks of the session port; empty if it is one."""
    names = (*vars(Module), *Module.__annotations__)
    return next((n for n in names if not n.startswith("_") and not hasattr(opened, n)), "")
