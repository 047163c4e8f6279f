"""One session with the HSM, and what is done in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.objects import Objects
from lockwright.pkcs11.secret_keys import SecretKeys
from lockwright.pkcs11.using import Uses


class HsmSession:
    """A session in which the user is logged in.

    Args:
        cryptoki: the module.
        handle: the session's.
        offered: mechanisms of the HSM.
    """

    def __init__(self, cryptoki: Cryptoki, handle: int, offered: frozenset[int]) -> None:
        self._cryptoki = cryptoki
        self._handle = handle
        self.offered = offered
        self.keys = SecretKeys(cryptoki, handle)
        self.objects = Objects(cryptoki, handle)
        self.uses = Uses(cryptoki, handle)
        self.known: dict[str, tuple[int, str]] = {}
        """Keys of ours that were judged in this session: label, then handle and mark."""

    @property
    def lives(self) -> bool:
        """Whether it is still the user's."""
        return self._cryptoki.is_of_the_user(self._handle)

    @contextmanager
    def temporary(self, key: int) -> Iterator[int]:
        """A key that is destroyed when the block ends."""
        try:
            yield key
        finally:
            with suppress(CkrError):  # with a session that is lost it is gone, too
                self.keys.destroy(key)

    def close(self) -> None:
        """End it; never raises."""
        with suppress(CkrError):
            self._cryptoki.close_session(self._handle)
