"""The plugin: it stands around every hook that is recorded, and tells what became of it."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from pathlib import Path

from lockwright.contract import ca_hooks, hooks
from lockwright.contract.declaration import Arguments, Declared
from lockwright.contract.derived import Wrapping, surrounding
from lockwright.i18n import _

from lockwright_siem_copy.record import record_of
from lockwright_siem_copy.settings import Settings, read
from lockwright_siem_copy.spool import Spool


class SiemCopy:
    """Wraps every hook that the audit trail records.

    Args:
        file: the settings, which are read for each operation; without them none begins.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        for hook, declared in {**hooks.HOOKS, **ca_hooks.HOOKS}.items():
            if declared.records is not None:
                setattr(self, hook, surrounding(declared, self._around))

    def _around(self, declared: Declared, arguments: Arguments) -> Wrapping:
        spends = declared.spends
        if spends and spends.argument in arguments and not declared.changes:
            return (yield)  # nobody logs in, nothing is changed
        settings = read(self._file)
        try:
            result = yield
        except BaseException as error:
            _tell(settings, declared, arguments, None, error)
            raise
        _tell(settings, declared, arguments, result, None)
        return result


def _tell(
    settings: Settings,
    declared: Declared,
    arguments: Arguments,
    result: object,
    error: BaseException | None,
) -> None:
    """Tell what became of an operation; whatever comes of that is not the operation's matter."""
    # In a thread: a name that is looked up, and a disk that hangs, know no deadline.
    asked = settings, declared, arguments, result, error
    thread = threading.Thread(target=_send, args=asked, daemon=True)
    thread.start()
    thread.join(settings.seconds)


def _send(
    settings: Settings,
    declared: Declared,
    arguments: Arguments,
    result: object,
    error: BaseException | None,
) -> None:
    spool = Spool(settings)
    try:
        spool.put(record_of(declared, arguments, result, error))
    except Exception as lost:  # noqa: BLE001  # whatever it is, the operation is done
        told = _("lockwright-siem-copy: the record of {hook} is in the audit trail alone: {reason}")
        sys.stderr.write(told.format(hook=declared.name, reason=lost) + "\n")
    with suppress(OSError):  # what waits is delivered with the next one
        spool.deliver(settings.seconds)
