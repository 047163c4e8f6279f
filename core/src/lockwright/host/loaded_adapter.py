"""An adapter where its hooks really run: imported alone, and kept from raising what it likes."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeVar

from lockwright.contract import hooks
from lockwright.contract.adapter_class import Kind, own_answers
from lockwright.contract.manager import Manager
from lockwright.errors import NOTHING, UNKNOWN_COST, AdapterBroken, LockwrightError
from lockwright.errors.base import is_whole
from lockwright.host.protocol import AdapterRef
from lockwright.i18n import _
from lockwright.pkcs11.errors import CkrError

T = TypeVar("T")
Explained = Callable[[CkrError], LockwrightError]


class LoadedAdapter:
    """One adapter, imported.

    Args:
        adapter: which.

    Raises:
        AdapterBroken: it does not import.
    """

    def __init__(self, adapter: AdapterRef) -> None:
        self.name = adapter.name
        self._manager = Manager()
        self._manager.add_hookspecs(hooks)
        self._plugin = self.guarded(lambda: pkgutil.resolve_name(adapter.value))
        self.guarded(lambda: self._manager.register(self._plugin))

    def hook(self, name: str) -> Callable[..., Any] | None:
        """What calls a hook of it by name; None where it does not implement that hook."""
        caller: Any = getattr(self._manager.hook, name)
        return caller if caller.get_hookimpls() else None

    def is_plain(self, name: str) -> bool:
        """Whether plain PKCS#11 answers a hook for it, which reaches a token by sessions alone."""
        answer = (own_answers(self._plugin) or {}).get(hooks.HOOKS[name].short)
        return answer is not None and answer.kind is Kind.STANDARD

    def guarded(self, work: Callable[[], T], explained: Explained | None = None) -> T:
        """Do foreign work and let out nothing but our errors.

        They are raised outside the ``except`` that caught the foreign one, so that no frame of a
        binding, which may hold a PIN, hangs on them.

        Args:
            work: what to do.
            explained: what a return value of the module means; None where there is no module.
        """
        failure: LockwrightError
        try:
            return work()
        except LockwrightError as error:
            if is_whole(error):
                error.adapter = error.adapter or self.name
                raise
            failure = self.broken(_where(error))
        except CkrError as error:
            failure = self.broken(str(error)) if explained is None else explained(error)
            failure.adapter = self.name
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # foreign code: anything may come
            failure = self.broken(_where(error))
        raise failure

    def fitting(self, hook: str, answer: object) -> object:
        """A hook's answer, which is of the type that the contract names.

        Raises:
            AdapterBroken: it is of another.
        """
        if misfit := hooks.HOOKS[hook].misfit(answer):
            failure = self.broken(_("it answered: {}").format(f"{hook}: {misfit}"))
            failure.cost = UNKNOWN_COST if hooks.HOOKS[hook].changes else NOTHING
            raise failure
        return answer

    def broken(self, reason: str) -> AdapterBroken:
        """The error that it does not keep the contract."""
        return AdapterBroken(name=self.name, reason=reason, adapter=self.name)


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
