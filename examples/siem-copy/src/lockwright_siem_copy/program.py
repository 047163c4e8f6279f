"""``lockwright-siem-copy``: deliver what waits, as a timer does every few minutes."""

from __future__ import annotations

import sys
from pathlib import Path

from lockwright import i18n
from lockwright.errors import LockwrightError
from lockwright.explain import explain
from lockwright.i18n import ngettext

from lockwright_siem_copy.settings import read, settings_file
from lockwright_siem_copy.spool import Spool

_LONGEST = 60.0
_WAIT, _UNUSABLE = 1, 3


def main(file: Path | None = None) -> int:
    """Deliver; the exit code is 0 if nothing waits any more.

    Args:
        file: the settings instead of those of this Python environment, for tests.
    """
    i18n.use(None)
    try:
        left = Spool(read(file or settings_file())).deliver(_LONGEST, at_once=True)
    except LockwrightError as error:
        sys.stderr.write(f"lockwright-siem-copy: {explain(error).message}\n")
        return _UNUSABLE
    except OSError as error:
        sys.stderr.write(f"lockwright-siem-copy: {error}\n")
        return _UNUSABLE
    sys.stdout.write(ngettext("{n} record waits.", "{n} records wait.", left).format(n=left) + "\n")
    return _WAIT if left else 0


if __name__ == "__main__":
    sys.exit(main())
