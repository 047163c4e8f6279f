"""One-time passwords as text: how they are made, read and proved.

Twenty characters of Crockford's base32 (no I, L, O, U) in groups of four. The first eight are the
password's number, by which it is found and spoken of; the other twelve are the secret, sixty
random bits, of which only an Argon2id hash is kept (RFC 9106).
"""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from lockwright.secret import Secret

from lockwright_desk.store.schema import PASSWORD_ID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_PART = 12
"""Characters of the secret part: sixty bits."""

_GROUP = 4
_READ_AS = str.maketrans("OIL", "011")
_BETWEEN = str.maketrans("", "", " -")

# The parameters that OWASP names for Argon2id; sixty random bits need no more.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = _HASHER.hash(secrets.token_bytes(16))
"""What is computed where there is no password, so that both take the same time."""


def draw() -> tuple[str, Secret]:
    """A new password: its number, and its secret part."""
    return _random(PASSWORD_ID), Secret(_random(SECRET_PART))


def shown(number: str, secret: Secret) -> Secret:
    """The whole password as a person gets it, in groups."""
    return Secret(grouped(number + secret.reveal_text()))


def grouped(text: str) -> str:
    """Text in groups of four."""
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read(entered: Secret) -> tuple[str, Secret] | None:
    """Number and secret part of what a person entered; None if it is no such password.

    Case, spaces and dashes do not matter, and O, I, L are read as 0, 1, 1.
    """
    try:
        text = entered.reveal_text()
    except UnicodeDecodeError:
        return None
    plain = _plain(text)
    if plain is None or len(plain) != PASSWORD_ID + SECRET_PART:
        return None
    return plain[:PASSWORD_ID], Secret(plain[PASSWORD_ID:])


def number_in(entered: str) -> str | None:
    """The number that an operator means, who may have the whole password; None if there is none."""
    plain = _plain(entered)
    whole = plain is not None and len(plain) in {PASSWORD_ID, PASSWORD_ID + SECRET_PART}
    return plain[:PASSWORD_ID] if plain and whole else None


def hashed(secret: Secret) -> str:
    """What is kept of the secret part."""
    return _HASHER.hash(secret.reveal())


def proves(kept: str | None, secret: Secret) -> bool:
    """Whether a secret part is the one that a hash was made of.

    Args:
        kept: the hash; None if there is no such password, which takes as long to find out.
        secret: what was entered.
    """
    try:
        _HASHER.verify(kept or _NOBODYS, secret.reveal())
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def _plain(entered: str) -> str | None:
    """What was entered, in the letters that there are; None if there are others in it."""
    plain = entered.translate(_BETWEEN).upper().translate(_READ_AS)
    return plain if set(plain) <= set(ALPHABET) else None


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _each in range(length))
