"""Pictures of a story, taken where ``PICTURES`` names a folder; a check needs none."""

from __future__ import annotations

import os
import time
from pathlib import Path

from opened_window import Opened

VARIABLE = "PICTURES"
_SETTLED = 0.4


def picture(window: Opened, name: str, *, front: bool = False) -> None:
    """Take a picture, if pictures are wanted.

    Args:
        window: the window.
        name: of the file, without its ending.
        front: of the active window alone.
    """
    if folder := os.environ.get(VARIABLE):
        time.sleep(_SETTLED)
        file = window.picture(Path(folder, f"{name}.png"))
        if front:
            everything = [each.at for each in window.tree() if each.depth == 0]
            left, top, wide, high = window.front()[0].at
            left -= min(each[0] for each in everything)
            top -= min(each[1] for each in everything)
            crop = f"{wide}x{high}+{left}+{top}"
            window.screen.run("convert", str(file), "-crop", crop, "+repage", str(file))
