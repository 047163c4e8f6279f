"""A frozen program as its own child: one without an interpreter that could be started by itself.

PyInstaller, cx_Freeze and others make a program whose ``sys.executable`` is the program, so
``python -m lockwright.host.child`` would start it anew, window and all. It is started with one word
instead, and looks for that word before all else. In a program that PyInstaller makes it does so by
itself: lockwright brings the hooks, which PyInstaller finds (``hook_dirs``). Any other calls
``serve_if_child`` in its first line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

CHILD = "--lockwright-child"
"""The word; what follows it is the number of a pipe, except on Windows."""
_NOT_ASKED = (
    "this frozen program does not know its own children; have it call"
    " lockwright.host.frozen.serve_if_child() before all else"
)
_knows: list[bool] = []
"""Not empty once this program has looked for the word."""


def command() -> list[str]:
    """What starts a child.

    Raises:
        RuntimeError: this is a frozen program that never looks for the word, so that its child
            would be the whole program once more, and so on.
    """
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-P", "-m", "lockwright.host.child"]
    if not _knows:
        raise RuntimeError(_NOT_ASKED)
    return [sys.executable, CHILD]


def serve_if_child() -> None:
    """Be the child, in a frozen program that was started as one, and end; else do nothing.

    Call it before anything is imported or shown that a child has no use for.
    """
    _knows.append(True)
    first, *rest = (*sys.argv[1:], "")
    if getattr(sys, "frozen", False) and first == CHILD:
        from lockwright.host.child import serve_until  # noqa: PLC0415  # no program needs it

        try:
            serve_until(int(rest[0]) if rest[0] else None)
        finally:
            os._exit(1)  # whatever came, nothing goes on here as it does in the program


def hook_dirs() -> list[str]:
    """Where PyInstaller finds what it must know of lockwright; it asks by an entry point."""
    return [str(Path(__file__).parent / "pyinstaller")]
