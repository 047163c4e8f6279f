"""A PIN, a password or an administrator key, held so that it does not leak by accident."""

from __future__ import annotations

import hmac
from typing import NoReturn, Self


class Secret:
    """Bytes that never show themselves: no repr, no str, no pickle, wiped when done with.

    Python may keep copies of what a secret was built from or revealed to; what can be wiped is
    the buffer held here. The shortest-lived place for a secret is the host's child process.

    An empty one can be made, but no door takes it: a PIN that nobody typed would be sent, and its
    try be spent. Where no PIN is meant, None is given; an empty one stands for a PIN that the token
    itself asks for on its pad, or that it does not ask for at all.

    Args:
        value: the secret; text is encoded as UTF-8, the encoding PKCS#11 uses for PINs.

    Raises:
        TypeError: it is neither; a number would become as many zeros.
    """

    __slots__ = ("_buffer", "_wiped")

    def __init__(self, value: str | bytes | bytearray) -> None:
        if not isinstance(value, str | bytes | bytearray):
            raise TypeError(f"a Secret is made of str or bytes, not of {type(value).__name__}")
        self._buffer = bytearray(value.encode() if isinstance(value, str) else value)
        self._wiped = False

    @property
    def wiped(self) -> bool:
        """Whether it was wiped: what is left of it is empty, and no PIN to try."""
        return self._wiped

    @property
    def buffer(self) -> bytearray:
        """The bytes themselves, not a copy: for a C call or a wire that takes a buffer."""
        return self._buffer

    def reveal(self) -> bytes:
        """A copy of the bytes, which nobody wipes. Only for a library that takes no buffer."""
        return bytes(self._buffer)

    def reveal_text(self) -> str:
        """A copy as text, which nobody wipes. Only to judge a PIN character by character.

        Raises:
            UnicodeDecodeError: the secret is a key, not text.
        """
        return self._buffer.decode()

    def wipe(self) -> None:
        """Overwrite the bytes with zeros and forget them."""
        self._wiped = True
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()

    def __len__(self) -> int:
        """Length in bytes, which is what a token counts."""
        return len(self._buffer)

    def __bool__(self) -> bool:
        return bool(self._buffer)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._buffer, other._buffer)

    __hash__ = None  # type: ignore[assignment]  # a hash of a PIN is a way to guess it

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a Secret is not pickled; only the host's wire carries it")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret has no state to show; reveal says what is meant")

    def __copy__(self) -> Secret:
        copied = Secret(self._buffer)
        copied._wiped = self._wiped
        return copied

    def __deepcopy__(self, _memo: object) -> Secret:
        return self.__copy__()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.wipe()


def expect(value: object, name: str, *, may_be_empty: bool = False) -> None:
    """Refuse what would be sent as an empty PIN, and cost a try.

    Args:
        value: what was given for it.
        name: what it is called.
        may_be_empty: whoever reads it says better what is missing, or an empty one has a meaning.

    Raises:
        TypeError: it is no ``Secret``, or was wiped.
        ValueError: it is empty.
    """
    if not isinstance(value, Secret):
        raise TypeError(f"{name} is to be a lockwright.Secret, not {type(value).__name__}")
    if value.wiped:
        raise TypeError(f"{name} is a Secret that was wiped")
    if not value and not may_be_empty:
        raise ValueError(f"{name} is a Secret that is empty")
