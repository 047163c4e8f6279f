"""The key that one-time passwords are kept under; it is not in the database.

The database knows the key by a mark, so that another key is noticed before a password is judged.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Protocol, Self

from lockwright.i18n import N_, _
from lockwright.secret import Secret
from sqlalchemy import exists, update

from lockwright_desk.enrolment.otp_places import KeyPlace
from lockwright_desk.errors import OtpKeyReplaced, OtpKeyUnusable
from lockwright_desk.store.database import Database
from lockwright_desk.store.errand import Errand, alone
from lockwright_desk.store.tables.enrolment import Key, Password, Request, State

NAME = "one-time passwords"
"""What the database calls it."""
_MARKED = b"lockwright-desk: the mark of the key of one-time passwords"
_KEPT = b"lockwright-desk: a one-time password"


class Whose(Protocol):
    """What the secret part of a password holds for."""

    @property
    def id(self) -> str:
        """Its number."""

    @property
    def login(self) -> str:
        """Whose it is."""

    @property
    def profile(self) -> str:
        """What for."""

    @property
    def subject(self) -> str:
        """The subject of its certificate."""


class OtpKey:
    """The key.

    Args:
        key: its bytes, as hex digits.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key
        self.mark = self._digest(_MARKED)
        """What tells it from other keys, and nothing else."""

    @classmethod
    def open(cls, place: KeyPlace, database: Database) -> Self:
        """Read the key of a desk.

        Args:
            place: where it is.
            database: the database, whose passwords it must have been used for.

        Raises:
            OtpKeyUnusable: it is missing, or is another key.
            SecretFileExposed: others can read it.
        """
        with database.reading() as session:
            known = session.get(Key, NAME)
        if known is None:
            raise OtpKeyUnusable(reason=N_("lockwright-desk init has not made it"))
        return cls._known(place, known)

    @classmethod
    def begin(cls, place: KeyPlace, database: Database) -> bool:
        """Make the key of a desk that has none, and let the database know it.

        Returns:
            Whether it was made.

        Raises:
            OtpKeyUnusable: the database knows a key, and it is not here.
            SecretFileExposed: others can read it.
            DeskFileNotWritten: it cannot be written.
        """
        with database.writing() as session:
            alone(session.connection(), Errand.UPGRADE)
            known = session.get(Key, NAME)
            if known is not None:
                cls._known(place, known)
                return False
            made = not place.found()
            if made:
                place.make()
            session.add(Key(name=NAME, mark=cls(place.read()).mark))
        return made

    @classmethod
    def renew(cls, place: KeyPlace, database: Database, now: datetime) -> int:
        """Put a new key in the place of one that is lost, or may be known to others.

        Every password that has led to no certificate is revoked, also one whose request waits for
        approval: who asks again with it could not be known. One that has led to a certificate
        gets no other anyway.

        Returns:
            How many passwords were revoked.

        Raises:
            DeskFileNotWritten, OtpKeyUnusable: it cannot be made; nothing was changed.
        """
        unused = ~exists().where(Request.password_id == Password.id, Request.state == State.ISSUED)
        with database.writing() as session:
            alone(session.connection(), Errand.UPGRADE)
            revoked = session.execute(
                update(Password)
                .where(Password.revoked_at.is_(None), unused)
                .values(revoked_at=now)
                .execution_options(synchronize_session=False)
            )
            place.make()
            session.merge(Key(name=NAME, mark=cls(place.read()).mark))
            return int(revoked.rowcount)  # type: ignore[attr-defined]  # a cursor's, for an UPDATE

    def check(self, mark: str | None) -> None:
        """See that this is the key still, in a program that has run for a while.

        Args:
            mark: that of the key which the database knows now.

        Raises:
            OtpKeyReplaced: it is another one.
        """
        if mark is None or not hmac.compare_digest(mark, self.mark):
            raise OtpKeyReplaced

    def keeps(self, whose: Whose, secret: Secret) -> str:
        """What is kept of the secret part of a password.

        It holds for its number, login, profile and subject alone, so that who can write to
        the database can neither give a password to another row nor another name to a row.
        """
        about = (whose.id, whose.login, whose.profile, whose.subject)
        return self._digest(_KEPT, *map(str.encode, about), secret.buffer)

    def _digest(self, *parts: bytes | bytearray) -> str:
        return hmac.digest(self._key.buffer, b"\0".join(parts), "sha256").hex()

    @classmethod
    def _known(cls, place: KeyPlace, known: Key) -> Self:
        found = cls(place.read())
        if not hmac.compare_digest(known.mark, found.mark):
            said = _("{place} is another key than the one that the passwords were made with")
            raise OtpKeyUnusable(reason=said.format(place=place.named))
        return found
