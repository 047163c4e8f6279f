"""What goes wrong for the person who runs ``lockwright-kit``."""

from __future__ import annotations

from lockwright.errors import LockwrightError


class KitError(LockwrightError):
    """The kit cannot do what was asked."""

    code = "kit"
    exit_code = 40
    usual_cost = "Nothing was changed."
