"""A window that cannot be shown at all: whoever started it is told in a sentence, by stderr."""

from __future__ import annotations

import os
import sys

from lockwright.i18n import N_, _

CODE = 1
"""The exit code."""
NO_SCREEN = N_(
    "The window cannot be shown: there is no screen, or it does not let this account in."
    " Start it in a session with a desktop."
)
_LACKING = N_(
    "The window cannot be shown: the system's library {library} is lacking, or cannot be used."
    " Install what Qt 6 needs of this system."
)


def tell_lacking(error: ImportError) -> int:
    """Tell that a library of the system cannot be loaded.

    Args:
        error: what the import said; it begins with the library.

    Returns:
        The exit code.
    """
    return _told(_(_LACKING).format(library=str(error).partition(":")[0]))


def end_without_screen() -> None:
    """Tell that there is no screen, and end at once: Qt would end the process by a signal."""
    os._exit(_told(_(NO_SCREEN)))


def _told(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
    return CODE
