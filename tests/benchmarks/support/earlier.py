"""An earlier build of the project, in a folder and an environment of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]


def built(revision: str) -> Path:
    """A revision with its own ``.venv``, which is kept under ``build``: to make it takes a minute.

    Args:
        revision: as Git names it.

    Returns:
        The folder; what its set-up said is in a log beside it.
    """
    commit = _said("rev-parse", "--short=12", f"{revision}^{{commit}}")
    place = ROOT / "build" / f"earlier-{commit}"
    if not place.exists():
        _said("worktree", "prune")
        _said("worktree", "add", "--quiet", "--detach", str(place), commit)
    free = {name: value for name, value in os.environ.items() if name != "BASE"}
    log = place.with_suffix(".log")
    with log.open("wb") as said:
        subprocess.run(
            [place / "tools" / "setup.sh"], check=True, env=free, stdout=said, stderr=said
        )
    return place


def _said(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(
        command, check=True, cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
