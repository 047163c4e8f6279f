"""Calls of exactly one CA client, through every wrapper, with their types."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar, cast

import pluggy

from lockwright.calls.adapters import watched
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.declaration import Arguments, Declared
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.contract.manager import Manager
from lockwright.contract.stopping import Stops
from lockwright.contract.taken_secrets import require
from lockwright.errors import AdapterBroken, CaUnknown, LockwrightError
from lockwright.errors.base import is_whole
from lockwright.i18n import _
from lockwright.models import CaProfile
from lockwright.models.deadlines import Deadlines

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE = Deadlines().plugin


class CaCalls:
    """The contract of CA clients as the operations use it.

    Args:
        client: finds the client for a kind of CA; None where there is none.
        wrappers: plugins that wrap operations, the outermost first.
        patience: seconds that a foreign one of them may take.
        stops: stops what is asked.
    """

    def __init__(
        self,
        client: Callable[[str], object | None],
        wrappers: Iterable[object],
        patience: float = _PATIENCE,
        stops: Stops | None = None,
    ) -> None:
        self._stops = stops or Stops()
        self._client = client
        self._wrappers = watched(wrappers, patience)

    def __call__(
        self,
        hook: Callable[Concatenate[CaProfile, P], T],
        ca: CaProfile,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a hook of the client; it may be anyone's code, so nothing else gets out of it.

        Args:
            hook: a function of ``lockwright.contract.ca_hooks``.
            ca: the CA.
            args: the hook's further arguments.
            kwargs: those by name.

        Raises:
            TypeError: what is given for a password is no ``Secret``, or was wiped.
            CaUnknown: there is no client for this kind of CA.
            AdapterBroken: it raised or answered something that no client may.
        """
        arguments = inspect.signature(hook).bind(ca, *args, **kwargs).arguments
        require(ca_hooks.HOOKS[hook.__name__].secrets, arguments)
        self._stops.refuse()
        found = self._client(ca.kind)
        if found is None:
            reason = _("no client for the kind {kind} is installed").format(kind=ca.kind)
            raise CaUnknown(ca=ca.name, reason=reason)
        caller = getattr(self._managed(found, ca.kind).hook, hook.__name__)
        return cast("T", caller(**arguments))

    def _managed(self, client: object, kind: str) -> pluggy.PluginManager:
        manager = Manager()
        manager.add_hookspecs(hooks)
        manager.add_hookspecs(ca_hooks)
        for plugin in (client, _Judge(kind), *reversed(self._wrappers)):
            manager.register(plugin)
        return manager


class _Judge:
    """Next to the client, so that what a client does wrong is told of no wrapper.

    Args:
        kind: the kind of CA that it speaks with.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        for hook, declared in ca_hooks.HOOKS.items():
            setattr(self, hook, wrapping(declared, partial(self._around, declared)))

    def _around(self, declared: Declared, _arguments: Arguments) -> Wrapping:
        try:
            answer = yield
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if isinstance(error, LockwrightError) and is_whole(error):
                raise
            reason = type(error).__name__
        else:
            # Nobody answers where a client does not implement a hook.
            misfit = declared.misfit(answer)
            if not misfit:
                return answer
            reason = _("it answered: {}").format(f"{declared.name}: {misfit}")
        raise AdapterBroken(name=self._kind, reason=reason, adapter=self._kind)
