"""HTTP Basic authentication."""

from __future__ import annotations

import base64

from lockwright.secret import Secret


class Basic:
    """A login and a password as RFC 7617 sends them; put together only when they are sent.

    Args:
        login: the login.
        password: the password.
    """

    def __init__(self, login: str, password: Secret) -> None:
        self._login = login
        self._password = password

    def value(self) -> str:
        """What stands in ``Authorization`` or ``Proxy-Authorization``."""
        pair = base64.b64encode(self._login.encode() + b":" + self._password.reveal())
        return f"Basic {pair.decode()}"
