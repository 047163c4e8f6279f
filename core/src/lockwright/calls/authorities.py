"""Calls of exactly one CA client, through every wrapper, with their types."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec, TypeVar, cast

import pluggy

from lockwright.contract import ca_hooks, hooks
from lockwright.contract.markers import PROJECT
from lockwright.contract.taken_secrets import require
from lockwright.errors import AdapterBroken, CaUnknown, LockwrightError
from lockwright.i18n import _
from lockwright.models import CaProfile

P = ParamSpec("P")
T = TypeVar("T")


class CaCalls:
    """The contract of CA clients as the operations use it.

    Args:
        client: finds the client for a kind of CA; None where there is none.
        wrappers: plugins that wrap operations, the outermost first.
    """

    def __init__(self, client: Callable[[str], object | None], wrappers: Iterable[object]) -> None:
        self._client = client
        self._wrappers = list(wrappers)

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
            AdapterBroken: it raised something that is not an error of ours.
        """
        arguments = inspect.signature(hook).bind(ca, *args, **kwargs).arguments
        require(ca_hooks.HOOKS[hook.__name__].secrets, arguments)
        found = self._client(ca.kind)
        if found is None:
            reason = _("no client for the kind {kind} is installed").format(kind=ca.kind)
            raise CaUnknown(ca=ca.name, reason=reason)
        try:
            answer = getattr(self._managed(found).hook, hook.__name__)(**arguments)
        except LockwrightError:
            raise
        except Exception as error:  # noqa: BLE001  # foreign code: anything may come
            kind = type(error).__name__
        else:
            return cast("T", answer)
        raise AdapterBroken(name=ca.kind, reason=kind, adapter=ca.kind)

    def _managed(self, client: object) -> pluggy.PluginManager:
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(hooks)
        manager.add_hookspecs(ca_hooks)
        manager.register(client)
        for wrapper in reversed(self._wrappers):
            manager.register(wrapper)
        return manager
