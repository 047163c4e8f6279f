"""What HTTP Basic can carry as a login."""

from __future__ import annotations

from lockwright.errors import LoginUnfit
from lockwright.i18n import N_
from lockwright.models import CaProfile


def check_login(ca: CaProfile, login: str | None) -> None:
    """Refuse a login that would arrive as another one.

    RFC 7617, 2: the first colon ends the login, and control characters are in none.

    Args:
        ca: the CA, whose client sends the login by HTTP Basic.
        login: the login; None for none.

    Raises:
        LoginUnfit: it cannot be sent.
    """
    if login is None:
        return
    if ":" in login:
        raise LoginUnfit(ca=ca.name, reason=N_("it has a colon, which would end it (RFC 7617)"))
    if not login.isprintable():
        raise LoginUnfit(ca=ca.name, reason=N_("it has a character that cannot be seen"))
