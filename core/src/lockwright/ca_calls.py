"""Calls of exactly one CA client, through every wrapper, with their types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import cast

import pluggy

from lockwright import ca_hookspecs, hookspecs
from lockwright.adapter import PROJECT
from lockwright.errors import AdapterBroken, CaUnknown, LockwrightError
from lockwright.i18n import _
from lockwright.models import CaAnswer, CaOrder, CaProfile, CaRequirements, Pending, Token
from lockwright.request_keys import RequestKeys
from lockwright.secret import Secret


class CaCalls:
    """The contract of CA clients as the operations use it.

    Args:
        client: finds the client for a kind of CA; None where there is none.
        wrappers: plugins that wrap operations, the outermost first.
    """

    def __init__(
        self, client: Callable[[str], ModuleType | None], wrappers: Iterable[object]
    ) -> None:
        self._client = client
        self._wrappers = list(wrappers)

    def certificates(self, ca: CaProfile) -> Sequence[bytes]:
        """``lockwright_ca_certificates``."""
        return cast("Sequence[bytes]", self._one("lockwright_ca_certificates", ca))

    def requirements(self, ca: CaProfile) -> CaRequirements:
        """``lockwright_ca_requirements``."""
        return cast("CaRequirements", self._one("lockwright_ca_requirements", ca))

    def enrol(
        self,
        ca: CaProfile,
        token: Token | None,
        order: CaOrder,
        password: Secret | None,
        keys: RequestKeys,
    ) -> CaAnswer:
        """``lockwright_ca_enrol``, or ``lockwright_ca_renew`` for an order that renews."""
        hook = "lockwright_ca_enrol" if order.renews is None else "lockwright_ca_renew"
        answer = self._one(hook, ca, token=token, order=order, password=password, keys=keys)
        return cast("CaAnswer", answer)

    def poll(
        self,
        ca: CaProfile,
        token: Token | None,
        order: CaOrder,
        pending: Pending,
        password: Secret | None,
        keys: RequestKeys,
    ) -> CaAnswer:
        """``lockwright_ca_poll``."""
        more = {"order": order, "pending": pending, "password": password, "keys": keys}
        return cast("CaAnswer", self._one("lockwright_ca_poll", ca, token=token, **more))

    def _one(self, hook: str, ca: CaProfile, **arguments: object) -> object:
        """Call a hook of the client; it may be anyone's code, so nothing else gets out of it."""
        found = self._client(ca.kind)
        if found is None:
            reason = _("no client for the kind {kind} is installed").format(kind=ca.kind)
            raise CaUnknown(ca=ca.name, reason=reason)
        try:
            return getattr(self._managed(found).hook, hook)(ca=ca, **arguments)
        except LockwrightError:
            raise
        except Exception as error:  # noqa: BLE001  # foreign code: anything may come
            kind = type(error).__name__
        raise AdapterBroken(name=ca.kind, reason=kind, adapter=ca.kind)

    def _managed(self, client: ModuleType) -> pluggy.PluginManager:
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(hookspecs)
        manager.add_hookspecs(ca_hookspecs)
        manager.register(client)
        for wrapper in reversed(self._wrappers):
            manager.register(wrapper)
        return manager
