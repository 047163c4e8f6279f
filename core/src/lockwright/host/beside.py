"""What stands beside a module: its adapter; or nobody, until it was seen whose its tokens are.

A module that a person named may be any vendor's. It is looked at without an adapter, and the one
that takes its tokens goes on where that ended: the module is started once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lockwright.bindings import scout
from lockwright.bindings.reading import Scout
from lockwright.errors import LockwrightError
from lockwright.host.protocol import AdapterRef, Care, Look
from lockwright.host.worker import NOTHING_SCOUTED, Inspection, Worker
from lockwright.models import Token, TokenIdentity
from lockwright.models.settings import Settings
from lockwright.pkcs11.errors import CkrError, not_ready
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import TokenInfo


class Beside:
    """A module and who works beside it, loaded when it is first asked.

    Args:
        adapter: the adapter; None for nobody yet.
        module: absolute path of the module.
        settings: the adapter's table of the configuration.
        care: how the tries of PINs are spared.
    """

    def __init__(
        self, adapter: AdapterRef | None, module: Path, settings: Settings, care: Care
    ) -> None:
        self._adapter = adapter
        self._path = module
        self._settings = settings
        self._care = care
        self._scout: Scout | None = None
        self._worker: Worker | None = None
        self._seen: Mapping[TokenIdentity, TokenInfo] = NOTHING_SCOUTED
        """The tokens that were seen while nobody stood there, for the adapter's first look."""

    @property
    def loaded(self) -> bool:
        """Whether the module is."""
        return self._scout is not None or self._worker is not None

    def adopt(self, adapter: AdapterRef, settings: Settings) -> None:
        """Let an adapter stand there from now on, where nobody did.

        Args:
            adapter: the adapter.
            settings: its table of the configuration.
        """
        self._adapter, self._settings = adapter, settings

    def inspect(self, look: Look) -> Inspection:
        """What the module shows.

        Raises:
            LockwrightError: it cannot be loaded or looked at; see ``Worker``.
        """
        if self._adapter is None:
            return self._scouted()
        seen, self._seen = self._seen, NOTHING_SCOUTED
        return self._beside().inspect(look, seen)

    def call(self, hook: str, token: Token, *, stays: bool, **arguments: object) -> object:
        """Call a hook of the adapter; see ``Worker.call``."""
        return self._beside().call(hook, token, stays=stays, **arguments)

    def leave(self) -> None:
        """Log the user out who stayed logged in."""
        if self._worker is not None:
            self._worker.leave()

    def close(self) -> None:
        """Unload the module."""
        if self._worker is not None:
            self._worker.close()
        if self._scout is not None:
            self._scout.close()
        self._worker = self._scout = None

    def slots(self) -> tuple[int, ...]:
        """Ids of the slots that have a token, by ``C_GetSlotList`` and nothing else.

        Raises:
            LockwrightError: the module cannot be loaded, or does not tell.
        """
        failure: LockwrightError
        try:
            if self._scout is None:
                self._scout = scout(self._path)
            return self._scout.present()
        except CkrError as error:
            failure = not_ready(self._path, error)
        raise failure

    def _beside(self) -> Worker:
        if self._worker is None:
            if self._adapter is None:
                raise TypeError("nobody stands beside this module yet")
            self._worker = Worker(self._adapter, self._path, self._settings, self._care)
        return self._worker

    def _scouted(self) -> Inspection:
        """The tokens alone."""
        failure: LockwrightError
        try:
            if self._scout is None:
                self._scout = scout(self._path)
            with self._scout.looking():
                seen = identities(self._scout)
                self._seen = {each: self._scout.token(each.slot) for each in seen}
        except CkrError as error:
            failure = not_ready(self._path, error)
        else:
            return Inspection(dict.fromkeys(seen))
        raise failure
