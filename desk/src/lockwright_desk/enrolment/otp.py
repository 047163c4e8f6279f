"""One-time passwords as text: how they are made, read and proved.

Twenty characters of Crockford's base32 (no I, L, O, U) in groups of four. The first eight are the
password's number, by which it is found and spoken of; the other twelve are the secret, sixty
random bits, of which only a code under the desk's key is kept (HMAC-SHA-256, RFC 2104); earlier
versions kept an Argon2id hash (RFC 9106), which still proves.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from lockwright.secret import Secret

from lockwright_desk import codes
from lockwright_desk.codes import drawn, grouped
from lockwright_desk.enrolment.otp_key import OtpKey, Whose
from lockwright_desk.store.tables.enrolment import PASSWORD_ID

SECRET_PART = 12
"""Characters of the secret part: sixty bits."""

_CODE, _EARLIER = "hmac-sha256:", "$argon2id$"
"""How what is kept begins: now, and before there was a key."""


@dataclass(frozen=True, slots=True)
class Known:
    """A password as it is kept, but for how long it can be used."""

    id: str
    """Its number."""
    login: str
    profile: str
    subject: str
    """The subject of its certificate (RFC 4514)."""
    hash: str
    """What is kept of its secret part."""


def draw() -> tuple[str, Secret]:
    """A new password: its number, and its secret part."""
    return drawn(PASSWORD_ID), Secret(drawn(SECRET_PART))


def shown(number: str, secret: Secret) -> Secret:
    """The whole password as a person gets it, in groups."""
    return Secret(grouped(number + secret.reveal_text()))


def read(entered: Secret) -> tuple[str, Secret] | None:
    """Number and secret part of what a person entered; None if it is no such password.

    Case, spaces and dashes do not matter, and O, I, L are read as 0, 1, 1.
    """
    try:
        text = entered.reveal_text()
    except UnicodeDecodeError:
        return None
    plain = codes.read(text)
    if plain is None or len(plain) != PASSWORD_ID + SECRET_PART:
        return None
    return plain[:PASSWORD_ID], Secret(plain[PASSWORD_ID:])


def number_in(entered: str) -> str | None:
    """The number that an operator means, who may have the whole password; None if there is none."""
    plain = codes.read(entered)
    whole = plain is not None and len(plain) in {PASSWORD_ID, PASSWORD_ID + SECRET_PART}
    return plain[:PASSWORD_ID] if plain and whole else None


def kept_of(key: OtpKey, whose: Whose, secret: Secret) -> str:
    """What is kept of the secret part.

    Args:
        key: the desk's key.
        whose: what the password holds for.
        secret: its secret part.
    """
    return _CODE + key.keeps(whose, secret)


def proves(key: OtpKey, known: Known, secret: Secret) -> bool:
    """Whether a secret part is that of a password.

    Args:
        key: the desk's key.
        known: the password.
        secret: what was entered.
    """
    if is_of_earlier_version(known.hash):
        try:
            return PasswordHasher().verify(known.hash, secret.reveal())
        except (VerificationError, InvalidHashError):
            return False
    return hmac.compare_digest(known.hash.encode(), kept_of(key, known, secret).encode())


def is_of_earlier_version(kept: str) -> bool:
    """Whether what is kept stands by itself, and is to be replaced when it is used."""
    return kept.startswith(_EARLIER)
