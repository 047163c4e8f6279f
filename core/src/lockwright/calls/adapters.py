"""Calls of exactly one adapter, through every wrapper, with their types.

pluggy hands out ``Any`` and would offer a PIN to every plugin in turn; here a call has the types of
the hook's own signature, and the only adapter in reach is the token's own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pluggy

from lockwright.audit import AuditPlugin, AuditTrail, GroupCommit
from lockwright.calls.watched import Watched
from lockwright.contract import hooks
from lockwright.contract.manager import Manager
from lockwright.contract.taken_secrets import require
from lockwright.errors import TokenUnclaimed
from lockwright.host.proxy import Dispatch, RemoteAdapter
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines
from lockwright.registry import Registry, Wrapper

P = ParamSpec("P")
T = TypeVar("T")


_PATIENCE = Deadlines().plugin


def _not_kept(_token: Token) -> AbstractContextManager[None]:
    """Every call logs in for itself."""
    return nullcontext()


def manager_of(
    ends: Iterable[object], wrappers: Iterable[object], patience: float = _PATIENCE
) -> pluggy.PluginManager:
    """A manager of the contract's hooks.

    Args:
        ends: the plugins that implement hooks.
        wrappers: those that wrap them, the outermost first; a ``Wrapper`` is watched.
        patience: seconds that one of these may take.
    """
    manager = Manager()
    manager.add_hookspecs(hooks)
    for plugin in (*ends, *reversed(watched(wrappers, patience))):
        manager.register(plugin)
    return manager


def watched(wrappers: Iterable[object], patience: float = _PATIENCE) -> list[object]:
    """The same, each of those that are foreign watched.

    Args:
        wrappers: plugins that wrap operations; a ``Wrapper`` is a foreign one.
        patience: seconds that one of these may take.
    """
    return [Watched(each, patience) if isinstance(each, Wrapper) else each for each in wrappers]


def audit_wrapper(
    audit: Path | None, registry: Registry, *, together: bool = False
) -> tuple[object, ...]:
    """The wrapper that keeps the audit trail, or none.

    Args:
        audit: the audit file; None for no audit.
        registry: the plugins, for where an adapter came from.
        together: have the disk take the records of several threads at once.
    """
    if audit is None:
        return ()
    origins = {p.name: (p.distribution, p.version) for p in registry.adapters}
    trail = AuditTrail(audit)
    return (AuditPlugin(GroupCommit(trail) if together else trail, origins),)


class Calls:
    """The contract as the operations use it.

    Args:
        adapters: names of the loaded adapters.
        dispatch: carries a call to the host of the token's adapter.
        wrappers: plugins that wrap operations, the outermost first.
        patience: seconds that a foreign one of them may take.
        staying: keeps one login for every call about a token, until the end of the block.
    """

    def __init__(
        self,
        adapters: Iterable[str],
        dispatch: Dispatch,
        wrappers: Iterable[object],
        patience: float = _PATIENCE,
        staying: Callable[[Token], AbstractContextManager[None]] = _not_kept,
    ) -> None:
        self.staying = staying
        self._adapters = {name: RemoteAdapter(dispatch) for name in adapters}
        self._manager = manager_of(self._adapters.values(), wrappers, patience)

    def __call__(
        self,
        hook: Callable[Concatenate[Any, Token, P], T],
        token: Token,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a hook with the token's own adapter as the only one in reach.

        Args:
            hook: a function of ``lockwright.contract.hooks``.
            token: the token.
            args: the hook's further arguments.
            kwargs: those by name.

        Raises:
            TypeError: what is given for a PIN is no ``Secret``, or was wiped.
            TokenUnclaimed: no adapter has the token.
        """
        arguments = inspect.signature(hook).bind(None, token, *args, **kwargs).arguments
        require(hooks.HOOKS[hook.__name__].secrets, arguments)
        if token.adapter not in self._adapters:
            identity = token.identity
            raise TokenUnclaimed(
                serial=identity.serial, model=identity.model, manufacturer=identity.manufacturer
            )
        others = [a for name, a in self._adapters.items() if name != token.adapter]
        caller = self._manager.subset_hook_caller(hook.__name__, remove_plugins=others)
        return cast("T", caller(**arguments))
