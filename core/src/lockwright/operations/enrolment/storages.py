"""Where a certificate can go: each kind of place is opened here, or it is said why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.config import Config
from lockwright.contract.taken_secrets import doors
from lockwright.enrol.storage import Storage
from lockwright.errors import StorageUnavailable
from lockwright.explain import explain
from lockwright.i18n import N_, _
from lockwright.models import StorageKind, StorageState, Token
from lockwright.operations.detect import Detection
from lockwright.operations.enrolment.token_storage import TokenStorage
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls
    from lockwright.enrol.storage.system import SystemStore

_NO_STORE = N_("this system has no certificate store that lockwright knows")


@doors()
class Storages:
    """Opens places for a key and its certificate.

    Args:
        config: the configuration.
        calls: the hooks of adapters.
        detect: finds the tokens that are connected.
    """

    def __init__(self, config: Config, calls: Calls, detect: Callable[[], Detection]) -> None:
        self._folder = config.journal_folder
        self._calls = calls
        self._detect = detect

    def token(self, token: Token, pin: Secret) -> TokenStorage:
        """A token, with its user PIN."""
        return TokenStorage(self._calls, token, pin)

    def file(self, file: Path, password: Secret | None) -> Storage:
        """A PKCS#12 file that is to be.

        Args:
            file: the file.
            password: what opens it, and keeps its key meanwhile; None to abandon an enrolment.
        """
        from lockwright.enrol.storage.file import FileStorage  # noqa: PLC0415  # cryptography is slow

        return FileStorage(self._folder, file.absolute(), password)

    def system(self, password: Secret | None, *, store_password: Secret | None = None) -> Storage:
        """The user's certificate store of this system.

        Args:
            password: what keeps the key meanwhile; None to abandon an enrolment.
            store_password: the store's own, where ``system_store`` says that it is locked.

        Raises:
            StorageUnavailable: there is none that can be used.
        """
        from lockwright.enrol.storage.system import SystemStorage  # noqa: PLC0415  # as above

        return SystemStorage(self._folder, self.system_store(store_password), password)

    def system_store(self, store_password: Secret | None = None) -> SystemStore:
        """The user's certificate store of this system itself.

        Raises:
            StorageUnavailable: there is none that can be used.
        """
        from lockwright.enrol.storage.stores import store_of_this_system  # noqa: PLC0415  # as above

        store = store_of_this_system(store_password)
        reason = _NO_STORE if store is None else store.missing()
        if store is None or reason:
            raise StorageUnavailable(storage=StorageKind.SYSTEM.value, reason=reason)
        return store

    def states(self) -> tuple[StorageState, ...]:
        """Every kind of place, whether it can be used here, and why not."""
        return (
            self._token_state(),
            self._system_state(),
            StorageState(StorageKind.FILE, "", ""),
        )

    def _system_state(self) -> StorageState:
        try:
            return StorageState(StorageKind.SYSTEM, self.system_store().place, "")
        except StorageUnavailable as error:
            return StorageState(StorageKind.SYSTEM, "", _(str(error.facts["reason"])))

    def _token_state(self) -> StorageState:
        seen = self._detect()
        usable = [token for token in seen.tokens if token.adapter]
        writable = [token.serial for token in usable if not token.identity.write_protected]
        if writable:
            return StorageState(StorageKind.TOKEN, ", ".join(writable), "")
        reasons = [
            *([_("it is write-protected")] if usable else []),
            *(explain(problem.error).message for problem in seen.problems),
            *([_("only a blank token is connected")] if seen.blank else []),
            _("no token is connected"),
        ]
        return StorageState(StorageKind.TOKEN, "", reasons[0])
