"""A computer without Python: what is run there sees neither the workspace nor an interpreter."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
BUILT = ROOT / "build" / "app"
"""Where ``make app`` puts its folders."""
_HIDDEN = ("core", "plugins", "window", "build/app-venv", "build/app-venv-window", "build/window")


def hidden(empty: Path, command: Sequence[str]) -> list[str]:
    """A command line that runs another where no Python is seen; only root can make such a place.

    Args:
        empty: a folder that is shown instead of those; made if need be.
        command: what is run, with its arguments.
    """
    if os.geteuid() != 0:
        return [*command]
    empty.mkdir(exist_ok=True)
    python = Path(os.path.realpath(ROOT / ".venv" / "bin" / "python")).parents[1]
    hide = [ROOT / ".venv", *(ROOT / name for name in _HIDDEN), python]
    mounts = [
        shlex.join(["mount", "--bind", str(empty), str(each)])
        for each in hide
        if each.exists() and each != Path("/usr")
    ]
    there = " && ".join([*mounts, f"exec {shlex.join(command)}"])
    return ["unshare", "--mount", "sh", "-c", there]


def size(folder: Path) -> float:
    """How large the files in a folder are, in MB; a link counts for nothing."""
    files = (each for each in folder.rglob("*") if each.is_file() and not each.is_symlink())
    return sum(each.stat().st_size for each in files) / 1e6
