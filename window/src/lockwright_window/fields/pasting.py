"""Whether PINs may be pasted, as the bank's configuration says; until it was read, they may not."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_NAME = "pastePins"


def allow(allowed: bool) -> None:  # noqa: FBT001  # what the configuration says
    """Let PINs be pasted from now on, or not.

    Args:
        allowed: whether.
    """
    if (application := QCoreApplication.instance()) is not None:
        application.setProperty(_NAME, allowed)


def is_allowed() -> bool:
    """Whether PINs may be pasted."""
    application = QCoreApplication.instance()
    return application is not None and bool(application.property(_NAME))
