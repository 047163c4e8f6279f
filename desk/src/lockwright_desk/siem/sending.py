"""Sending beside the server, in a thread of one of its processes."""

from __future__ import annotations

import threading
from pathlib import Path

from lockwright import log as logs
from lockwright.errors import LockwrightError, reason_of

from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem.alone import alone
from lockwright_desk.siem.sender import Sender

_PAUSE = 2.0
"""Seconds between two tries to become the one that sends."""
_PATIENCE = 5.0
"""Seconds for a collector to end the connection when the server does."""

log = logs.get("lockwright.desk.siem")


class Sending:
    """Sends in a thread of its own while it is the only one that does, of all processes.

    Args:
        settings: the collector.
        audit: the audit file.
    """

    def __init__(self, settings: SiemSettings, audit: Path) -> None:
        self._settings = settings
        self._audit = audit
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._send, name="siem", daemon=True)

    def begin(self) -> None:
        """Send from now on."""
        self._thread.start()

    def end(self) -> None:
        """End; what is not at the collector yet is sent when a server runs again."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=_PATIENCE)

    def _send(self) -> None:
        while not self._over.is_set():
            try:
                with alone(self._settings.cursor) as chosen:
                    if chosen:
                        Sender(self._settings, self._audit, self._over).run(follow=True)
            except (OSError, LockwrightError) as error:
                log.warning("siem", reason=reason_of(error))
            except Exception as error:  # noqa: BLE001  # nobody else would hear that nothing is sent
                log.error("siem failed", kind=type(error).__name__)  # noqa: TRY400
            self._over.wait(_PAUSE)
