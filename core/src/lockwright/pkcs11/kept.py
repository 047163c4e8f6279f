"""A login that is kept from one call of an operation to the next, so that it is made once."""

from __future__ import annotations

from contextlib import suppress

from lockwright.models.token import TokenIdentity
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Session
from lockwright.secret import Secret


class KeptLogin:
    """A session that stays logged in as the user until it is released.

    Args:
        session: the session.
        identity: the token.
        pin: the PIN that opened it, of which a copy is kept: no other opens what it opened.
        write: whether the session may change the token.
    """

    def __init__(
        self, session: Session, identity: TokenIdentity, pin: Secret, *, write: bool
    ) -> None:
        self.session = session
        self._identity = identity
        self._pin = Secret(pin.buffer)
        self._write = write

    def fits(self, identity: TokenIdentity, pin: object, *, write: bool = False) -> bool:
        """Whether it is what a call would log in to, with the same PIN.

        Args:
            identity: the token.
            pin: what is given for its PIN.
            write: whether the token is to be changed.
        """
        return (
            isinstance(pin, Secret)
            and bool(pin)
            and self._identity.is_it(identity.key)
            and (self._write or not write)
            and pin == self._pin
        )

    def release(self) -> None:
        """Log out and close the session; never raises."""
        with suppress(CkrError):
            self.session.logout()
        self.session.close()
        self._pin.wipe()
