"""Pictures of a story, taken where ``PICTURES`` names a folder; a check needs none."""

from __future__ import annotations

import os
import time
from pathlib import Path

from opened_window import Opened

VARIABLE = "PICTURES"
_SETTLED = 0.4


def picture(window: Opened, name: str) -> None:
    """Take a picture, if pictures are wanted.

    Args:
        window: the window.
        name: of the file, without its ending.
    """
    if folder := os.environ.get(VARIABLE):
        time.sleep(_SETTLED)
        window.picture(Path(folder, f"{name}.png"))
