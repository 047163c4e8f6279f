"""Where what a user's lockwrights have in common lies, where nothing else is configured."""

from __future__ import annotations

from pathlib import Path

from lockwright.errors import BrokenConfiguration
from lockwright.i18n import _

APP = "lockwright"
"""The name of the program in the system's folders."""


def state_folder() -> Path:
    """The user's own state folder; it need not be there yet.

    Raises:
        BrokenConfiguration: the account has no home folder, as in some containers.
    """
    import platformdirs  # noqa: PLC0415  # most commands never ask

    try:
        return platformdirs.user_state_path(APP, appauthor=False)
    except RuntimeError:
        reason = _("this account has no home folder, and neither HOME nor XDG_STATE_HOME names one")
    raise BrokenConfiguration(file="HOME", reason=reason)
