"""An adapter beside its module: opens it, calls its hooks, lets out nothing but our errors."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeVar

import pluggy

from lockwright import hookspecs
from lockwright.adapter import PROJECT, Settings
from lockwright.errors import AdapterBroken, LockwrightError, ModuleNotLoadable, NotSupported
from lockwright.host.actions import ACTIONS
from lockwright.host.messages import AdapterRef
from lockwright.i18n import _
from lockwright.models import ModuleInfo, Token, TokenState
from lockwright.pkcs11.errors import CkrError, explain
from lockwright.pkcs11.session import Module, SlotInfo

__all__ = ["AdapterRef", "Inspection", "Worker"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a module shows."""

    info: ModuleInfo
    """What it says of itself."""
    slots: tuple[SlotInfo, ...]
    """Every slot with a token in it."""
    states: Mapping[int, TokenState]
    """State of each token that the adapter beside the module claims, by slot id. One that could
    not be read is missing here; asking for it alone tells why."""


class Worker:
    """One adapter, one module.

    Args:
        adapter: the adapter, which is imported here.
        module: absolute path of the module, which is loaded here.
        settings: the adapter's table of the configuration.

    Raises:
        ModuleNotLoadable: it is no PKCS#11 module of this system.
        AdapterBroken: the adapter does not import, or opens nothing.
    """

    def __init__(self, adapter: AdapterRef, module: Path, settings: Settings) -> None:
        self._name = adapter.name
        self._path = module
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._guarded(lambda: self._manager.register(pkgutil.resolve_name(adapter.value)))
        opened = self._guarded(
            lambda: self._manager.hook.lockwright_open(path=module, settings=settings)
        )
        if opened is None:
            raise self._broken(_("it opens no module"))
        self._module: Module = opened

    def inspect(self) -> Inspection:
        """The module, its tokens, and the state of those that are this adapter's.

        Raises:
            ModuleNotLoadable: the module does not even list its slots.
        """
        info = self._guarded(self._module.info)
        slots = tuple(self._guarded(self._module.slots))
        states = {slot.slot: state for slot in slots if (state := self._state(info, slot))}
        return Inspection(info, slots, states)

    def call(self, hook: str, token: Token, **arguments: object) -> object:
        """Call a hook of the adapter.

        Args:
            hook: name of the hook.
            token: the token it is about.
            arguments: its further arguments.

        Raises:
            LockwrightError: what the adapter raised; anything else it raised is told as
                ``AdapterBroken``, without its text, which may hold a secret.
        """
        caller = getattr(self._manager.hook, hook)
        if not caller.get_hookimpls():
            raise NotSupported(operation=ACTIONS[hook], adapter=self._name)

        def explained(error: CkrError) -> LockwrightError:
            return explain(error, action=ACTIONS[hook], serial=token.serial)

        return self._guarded(
            lambda: caller(module=self._module, token=token, **arguments), explained
        )

    def close(self) -> None:
        """Unload the module."""
        self._guarded(self._module.close)

    def _state(self, info: ModuleInfo, slot: SlotInfo) -> TokenState | None:
        identity = slot.identity(info)
        with suppress(LockwrightError):
            match = self._guarded(lambda: self._manager.hook.lockwright_match(identity=identity))
            if match is not None:
                token = Token(identity, self._name, match.reason)
                state = self.call("lockwright_state", token)
                return state if isinstance(state, TokenState) else None
        return None

    def _guarded(
        self,
        work: Callable[[], T],
        explained: Callable[[CkrError], LockwrightError] | None = None,
    ) -> T:
        """Do foreign work and let out nothing but our errors.

        They are raised outside the ``except`` that caught the foreign one, so that no frame of a
        binding, which may hold a PIN, hangs on them.
        """
        try:
            return work()
        except LockwrightError as error:
            error.adapter = error.adapter or self._name
            raise
        except CkrError as error:
            failure = (explained or self._unloadable)(error)
            failure.adapter = self._name
        except (Exception, SystemExit) as error:  # noqa: BLE001  # foreign code: anything may come
            failure = self._broken(_where(error))
        raise failure

    def _unloadable(self, error: CkrError) -> LockwrightError:
        return ModuleNotLoadable(module=str(self._path), reason=str(error), ckr=error.value)

    def _broken(self, reason: str) -> AdapterBroken:
        return AdapterBroken(name=self._name, reason=reason, adapter=self._name)


def _where(error: BaseException) -> str:
    """What was raised and where, without what it says."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(error).__name__
    if trace is None:
        return _("raised {}").format(kind)
    file = PurePath(trace.tb_frame.f_code.co_filename).name
    return _("raised {} in {}:{}").format(kind, file, trace.tb_lineno)
