"""The window that looks itself over: at SIGUSR1 it writes what of it is cut, or lies over another.

``python -m looked_over_window`` in place of it; ``WINDOW_LOOKED_OVER`` names the file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.host import ahead

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

VARIABLE = "WINDOW_LOOKED_OVER"
_SLACK = 2
"""Pixels that no letter is lost by."""


def problems(window: QWidget) -> list[str]:
    """What of a window cannot be read."""
    from PySide6.QtWidgets import QAbstractButton, QLabel  # noqa: PLC0415  # after the child

    found = []
    for each in window.findChildren(QLabel) + window.findChildren(QAbstractButton):
        if each.isVisible() and each.text() and each.visibleRegion().isEmpty() is False:
            found += _cut(each)
    for parent in [window, *window.findChildren(_widget())]:
        if parent.isVisible() and parent.layout() is not None:
            found += _overlaps(parent)
    return found


def _widget() -> type[QWidget]:
    from PySide6.QtWidgets import QWidget  # noqa: PLC0415  # after the child

    return QWidget


def _cut(each: QWidget) -> list[str]:
    """Words for which there is no room, and which no tooltip has whole."""
    from PySide6.QtWidgets import QLabel  # noqa: PLC0415  # after the child

    words: str = each.text()  # type: ignore[attr-defined]  # a label's or a button's
    if words.replace("&", "") in each.toolTip().replace("&", ""):
        return []
    if isinstance(each, QLabel) and each.wordWrap():
        short = each.heightForWidth(each.width()) - each.height()
    else:
        hint = each.minimumSizeHint() if isinstance(each, QLabel) else each.sizeHint()
        short = max(hint.width() - each.width(), hint.height() - each.height())
    return [f"cut by {short}: {words[:60]!r}"] if short > _SLACK else []


def _overlaps(parent: QWidget) -> list[str]:
    """Things in one layout that lie over each other."""
    layout = parent.layout()
    items = () if layout is None else (layout.itemAt(each) for each in range(layout.count()))
    inside = [item.widget() for item in items if item is not None]
    shown = [each for each in inside if each is not None and each.isVisible()]
    return [
        f"{type(one).__name__} lies over {type(other).__name__} in {type(parent).__name__}"
        for one, other in combinations(shown, 2)
        if one.geometry().adjusted(1, 1, -1, -1).intersects(other.geometry())
        and type(layout).__name__ != "QStackedLayout"
    ]


def main() -> int:
    """Run the window; it looks itself over when it is told to."""
    begin = ahead.start

    def begun(number: int, *, verbose: bool) -> None:
        begin(number, verbose=verbose)
        signal.signal(signal.SIGUSR1, lambda _number, _frame: _write())

    ahead.start = begun
    from lockwright_window import start  # noqa: PLC0415  # it takes ``ahead.start`` from there

    return start.main()


def _write() -> None:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  # after the child

    front = QApplication.activeModalWidget() or QApplication.activeWindow()
    out = Path(os.environ[VARIABLE])
    new = out.with_suffix(".new")
    new.write_text(json.dumps([] if front is None else problems(front)))
    new.rename(out)


if __name__ == "__main__":
    sys.exit(main())
