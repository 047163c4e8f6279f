"""A secret key in the CA's token, by which others are derived that are used outside of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager

from lockwright.console.secret_files import from_file
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO
from lockwright.pkcs11.session import Session
from lockwright.secret import Secret

from lockwright_desk.configuration.settings import TokenSettings
from lockwright_desk.enrolment.authority.token import loaded, logged_in, the_token

_BYTES = 32


def has_secret(settings: TokenSettings, label: str) -> bool:
    """Whether the token holds a secret key with a label.

    Raises:
        CaKeyUnusable: there is no such token.
        PinIncorrect, PinLocked: the token did not let us in.
    """
    with _session(settings) as session:
        return bool(session.find(_template(label)))


def make_secret(settings: TokenSettings, label: str) -> None:
    """Put a new secret key into the token, from where it can never be read, in place of any before.

    Raises:
        CkrError: the token takes no such key.
        CaKeyUnusable, PinIncorrect, PinLocked: as for ``has_secret``.
    """
    with _session(settings) as session:
        before = session.find(_template(label))
        session.create(
            _template(label)
            | {
                CKA.TOKEN: True,
                CKA.PRIVATE: True,
                CKA.SENSITIVE: True,
                CKA.EXTRACTABLE: False,
                CKA.SIGN: True,
                CKA.KEY_TYPE: CKK.GENERIC_SECRET,
                CKA.VALUE: secrets.token_bytes(_BYTES),
            }
        )
        for each in before:
            session.destroy(each)


def derived(settings: TokenSettings, label: str, purpose: bytes) -> Secret | None:
    """A key for a purpose: HMAC-SHA-256 of its name under the secret key (``CKM_SHA256_HMAC``).

    Returns:
        The key, as hex digits; None if the token holds no such secret key, or several.

    Raises:
        CkrError: the token does not compute it.
        CaKeyUnusable, PinIncorrect, PinLocked: as for ``has_secret``.
    """
    with _session(settings) as session:
        found = session.find(_template(label))
        if len(found) != 1:
            return None
        return Secret(session.sign(found[0], CKM.SHA256_HMAC, purpose).hex())


def _template(label: str) -> dict[int, int | str | bytes]:
    return {CKA.CLASS: CKO.SECRET_KEY, CKA.LABEL: label}


@contextmanager
def _session(settings: TokenSettings) -> Iterator[Session]:
    with (
        closing(loaded(settings)) as module,
        from_file(str(settings.pin_file)) as pin,
        logged_in(module, settings, the_token(module, settings), pin) as session,
    ):
        yield session
