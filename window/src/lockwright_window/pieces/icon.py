"""The program's own picture, for its windows and the task bar."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QIcon

_PICTURES = Path(__file__).parent.parent / "pictures"


def icon() -> QIcon:
    """The picture in each size that there is; Qt takes what fits."""
    made = QIcon()
    for file in sorted(_PICTURES.glob("lockwright-window-*.png")):
        made.addFile(str(file))
    return made
