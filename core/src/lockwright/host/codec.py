"""Data as bytes, and back into exactly one type, which both sides know without being told.

Nothing in the bytes names a type, a class or an attribute: who reads says what is to be there, and
gets that or an error. Every length is compared with what is left before memory is taken, nothing is
deeper than its type, and values are counted, since each costs time. Secrets stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.records import dataclass
from lockwright.secret import Secret

LONGEST = 4 * 1024 * 1024
"""Bytes of a body, at most: a token with two thousand certificates of 2 KB."""
MOST_SECRETS = 4
LONGEST_SECRET = 64 * 1024
"""Bytes of a secret, at most: a password of any vendor's is a thousandth of it."""
MOST_VALUES = 80_000
"""Parts of lists and fields of records in a body, at most: a token with six thousand objects."""

_COUNT = 4
"""Bytes of a length."""
_WIDTH = 9
"""Bytes of a number: a CK_ULONG, and its sign."""


class WireError(Exception):
    """A frame that is broken, too long, or not what it should be; or data that may not pass."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Data as it passes."""

    body: bytes | bytearray
    """All of it but the secrets."""
    secrets: Sequence[Secret] = ()
    """The secrets, in the order in which they are met."""

    def wipe(self) -> None:
        """Overwrite the secrets."""
        for secret in self.secrets:
            secret.wipe()


class Writing:
    """Data that is being packed."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._secrets: list[Secret] = []

    def packed(self) -> Packed:
        """What was written.

        Raises:
            WireError: it is too long.
        """
        if len(self._body) > LONGEST:
            raise WireError(f"{len(self._body)} bytes are too many")
        return Packed(self._body, self._secrets)

    def raw(self, data: bytes) -> None:
        """Bytes and how many they are."""
        self.count(len(data))
        self._body += data

    def count(self, number: int) -> None:
        """How many follow."""
        try:
            self._body += number.to_bytes(_COUNT)
        except OverflowError:
            raise WireError("it is too long") from None

    def number(self, number: int) -> None:
        """A number."""
        try:
            self._body += number.to_bytes(_WIDTH, signed=True)
        except OverflowError:
            raise WireError("a number is too large") from None

    def choice(self, number: int) -> None:
        """Which of a few."""
        self._body.append(number)

    def secret(self, secret: Secret) -> None:
        """A secret, of which nothing is written.

        Raises:
            WireError: it is too long, or one too many.
        """
        if len(secret) > LONGEST_SECRET or len(self._secrets) == MOST_SECRETS:
            raise WireError("a Secret: it is too long, or one too many")
        self._secrets.append(secret)

    def mark(self) -> tuple[int, int]:
        """Where it stands."""
        return len(self._body), len(self._secrets)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget what was written since."""
        del self._body[mark[0] :]
        del self._secrets[mark[1] :]


class Reading:
    """Packed data that is being read.

    Args:
        packed: the data; whoever hands it over wipes its secrets if it cannot be read.
    """

    def __init__(self, packed: Packed) -> None:
        self._body = memoryview(packed.body)
        self._secrets = packed.secrets
        self._at = 0
        self._met = 0
        self._values = 0

    def raw(self) -> memoryview:
        """As many bytes as it says."""
        return self._next(int.from_bytes(self._next(_COUNT)))

    def count(self) -> int:
        """How many parts follow."""
        number = int.from_bytes(self._next(_COUNT))
        self.expect(number)
        return number

    def expect(self, number: int) -> None:
        """So many values more.

        Raises:
            WireError: these are too many.
        """
        self._values += number
        if self._values > MOST_VALUES:
            raise WireError("it has too many values")

    def number(self) -> int:
        """A number."""
        return int.from_bytes(self._next(_WIDTH), signed=True)

    def choice(self) -> int:
        """Which of a few."""
        return self._next(1)[0]

    def secret(self) -> Secret:
        """The next secret."""
        if self._met == len(self._secrets):
            raise WireError("a secret is missing")
        self._met += 1
        return self._secrets[self._met - 1]

    def end(self) -> None:
        """Make sure that nothing is left.

        Raises:
            WireError: something is.
        """
        if self._at != len(self._body) or self._met != len(self._secrets):
            raise WireError("it is longer than it should be")

    def _next(self, length: int) -> memoryview:
        start, end = self._at, self._at + length
        if end > len(self._body):
            raise WireError("it ends too early")
        self._at = end
        return self._body[start:end]
