"""How a step of a bundle fails: with a sentence for whoever ran ``make``."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class BundleError(Exception):
    """A bundle cannot be made; the text says why, and what to do.

    Args:
        text: that.
        said: all that a program said that failed.
    """

    def __init__(self, text: str, said: str = "") -> None:
        self.said = said
        super().__init__(text)


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Run a program.

    Args:
        command: the program and its arguments.
        doing: what for, for the error: "while ...".
        environment: what it gets beside this process's own.
        folder: where it runs.

    Returns:
        What it wrote to its standard output.

    Raises:
        BundleError: it failed; with the end of what it said.
    """
    done = subprocess.run(  # noqa: S603  # programs of ours, or that whoever runs this named
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-12:]
        text = "\n".join([f"failed while {doing}:", *said])
        raise BundleError(text, done.stdout + done.stderr)
    return done.stdout
