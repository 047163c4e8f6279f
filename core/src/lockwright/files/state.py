"""Where what a user's lockwrights have in common lies, where nothing else is configured."""

from __future__ import annotations

from pathlib import Path

APP = "lockwright"
"""The name of the program in the system's folders."""


def state_folder() -> Path:
    """The user's own state folder; it need not be there yet."""
    import platformdirs  # noqa: PLC0415  # most commands never ask

    return platformdirs.user_state_path(APP, appauthor=False)
