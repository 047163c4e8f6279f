"""Where a path leads in the end."""

from __future__ import annotations

import os
from pathlib import Path


def real(path: Path) -> Path:
    """A path without symbolic links; of one that leads round in a circle, as far as it leads.

    ``Path.resolve`` raises there, an error of another kind in each version of Python.
    """
    return Path(os.path.realpath(path))
