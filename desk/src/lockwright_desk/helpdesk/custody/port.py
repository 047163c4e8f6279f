"""What the help desk knows of administrator keys: whose they are, and who answers with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lockwright.models import KeyForm
from lockwright.secret import Secret

from lockwright_desk.store.tables.register import Custody


@dataclass(frozen=True, slots=True)
class KeyVersionOf:
    """A version of a wrapping or a master key."""

    number: int
    label: str
    """Label of the key in the HSM."""
    mark: str
    """What tells it from another key that has its label now, lower-case hex."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """Where the administrator key of one token is; nothing in it is secret."""

    adapter: str
    model: str
    serial: str
    """Serial number in the one form that the adapter's rule has."""
    custody: Custody
    form: KeyForm
    version: KeyVersionOf | None = None
    """None for an object of its own."""
    label: str | None = None
    """Label of its own object."""
    wrapped: bytes | None = None
    """A byte that names how it is wrapped (``schemes``), then what the HSM made of it."""
    seal: bytes | None = None
    """MAC by the HSM over all of the above: a record that was changed is refused."""


class Keeper(Protocol):
    """Answers Requests; the one who holds the HSM's PIN."""

    def respond(self, key: KeyRecord, request: bytes) -> Secret:
        """The Response to a Request, for the token whose key it is.

        Args:
            key: the token's key.
            request: the Request, of the length that the adapter's rule names.

        Returns:
            The Response, which is the caller's to wipe.

        Raises:
            KeyUnusable, DefaultKey: the key is not to be used.
            KeyRecordAltered: the record is not as it was sealed.
            HsmKeyMissing, HsmKeyUnfit: the HSM has not that key, or it could be put to another use.
            PasswordNotKept: the model wants a password, which no custody keeps.
            RequestMalformed: it is no Request of this model.
            RuleNotPublic: how the Response of this model is made is not public.
            KeeperAway: nobody answers, or its HSM does not; nothing was given.
            KeeperForbids: it does not answer this account.
            KeeperLimit: it has answered as often as it may.
        """
