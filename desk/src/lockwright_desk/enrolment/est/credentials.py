"""Login and password from HTTP Basic (RFC 7617)."""

from __future__ import annotations

import base64
import binascii

from lockwright.secret import Secret

from lockwright_desk.enrolment.proving import Credentials
from lockwright_desk.enrolment.refusals import CredentialsWrong
from lockwright_desk.logins import login_in


def credentials_in(header: str | None) -> Credentials | None:
    """What is in the header ``Authorization``; None if nobody says who they are.

    Raises:
        CredentialsWrong: it cannot be read, or is nobody's login, whoever asks.
    """
    scheme, _blank, value = (header or "").partition(" ")
    if not value or scheme.lower() != "basic":
        return None
    try:
        login, colon, password = base64.b64decode(value.strip(), validate=True).partition(b":")
        name = login.decode()
    except (binascii.Error, ValueError):
        raise CredentialsWrong from None
    known = login_in(name)
    if not colon or known is None:
        raise CredentialsWrong
    return Credentials(known, Secret(password))
