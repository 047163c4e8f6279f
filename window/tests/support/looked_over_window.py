"""The window that looks itself over: at SIGUSR1 it writes what of it is cut, lies over another,
or cannot be told from what is behind it, in each set of colours.

``python -m looked_over_window`` in place of it; ``WINDOW_LOOKED_OVER`` names the file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.host import ahead

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

VARIABLE = "WINDOW_LOOKED_OVER"


def main() -> int:
    """Run the window; it looks itself over when it is told to."""
    begin = ahead.start

    def begun(number: int, *, verbose: bool) -> None:
        begin(number, verbose=verbose)
        signal.signal(signal.SIGUSR1, lambda _number, _frame: _soon())

    ahead.start = begun
    from lockwright_window.life import start  # noqa: PLC0415  # it takes ``ahead.start`` from there

    return start.main()


def problems(window: QWidget) -> list[str]:
    """What of a window cannot be read, in any colours; they are light at the end."""
    from lockwright import i18n  # noqa: PLC0415  # after the child
    from lockwright_window.pieces.colours import SCHEMES  # noqa: PLC0415  # the same
    from lockwright_window.pieces.palette import Palette  # noqa: PLC0415  # the same
    from looks_clear import unclear, unseen_focus  # noqa: PLC0415  # the same
    from looks_whole import not_whole  # noqa: PLC0415  # the same
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  # the same
    from words_shown import unknown  # noqa: PLC0415  # the same

    application = QApplication.instance()
    assert application is not None
    palette = application.findChildren(Palette)[0]
    found = [*unknown(window), *not_whole(window)]
    once = i18n.language() != "en"  # colours are the same in every language
    for name in reversed(["light"] if once else list(SCHEMES)):
        palette.wear(name)
        QApplication.processEvents()
        told = [*unclear(window, SCHEMES[name]), *unseen_focus(window)]
        found += [f"{name}: {each}" for each in told]
    return found


def _soon() -> None:
    """A signal is heard in the midst of anything, such as a paint event."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415  # after the child

    QTimer.singleShot(0, _write)


def _write() -> None:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  # after the child

    front = QApplication.activeModalWidget() or QApplication.activeWindow()
    out = Path(os.environ[VARIABLE])
    new = out.with_suffix(".new")
    try:
        found = [] if front is None else problems(front)
    except Exception:  # noqa: BLE001  # who asked is told
        found = traceback.format_exc().splitlines()
    new.write_text(json.dumps(found))
    new.rename(out)


if __name__ == "__main__":
    sys.exit(main())
