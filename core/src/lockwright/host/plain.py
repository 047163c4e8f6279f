"""How what is no collection is written and read."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import NoneType

from lockwright.host.codec import Reading, WireError, Writing
from lockwright.secret import Secret


class Shape(ABC):
    """One type on the wire."""

    @abstractmethod
    def put(self, value: object, into: Writing) -> None:
        """Write a value of exactly this type.

        Raises:
            WireError: it is of another.
        """

    @abstractmethod
    def take(self, of: Reading) -> object:
        """Read a value of this type.

        Raises:
            WireError: there is none.
        """


def other(value: object) -> WireError:
    """The error that a value is of another type."""
    return WireError(f"a {type(value).__name__} may not pass")


class _Nothing(Shape):
    def put(self, value: object, into: Writing) -> None:
        del into
        if value is not None:
            raise other(value)

    def take(self, of: Reading) -> None:
        del of


class _Flag(Shape):
    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, bool):
            raise other(value)
        into.choice(value)

    def take(self, of: Reading) -> bool:
        number = of.choice()
        if number > 1:
            raise WireError("it is neither true nor false")
        return bool(number)


class _Number(Shape):
    def put(self, value: object, into: Writing) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise other(value)
        into.number(value)

    def take(self, of: Reading) -> int:
        return of.number()


class _Text(Shape):
    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, str):
            raise other(value)
        try:
            into.raw(str.encode(value))
        except UnicodeEncodeError:
            raise WireError("a text has characters that no UTF-8 has") from None

    def take(self, of: Reading) -> str:
        try:
            return str(of.raw(), "utf-8")
        except UnicodeDecodeError:
            raise WireError("a text is not UTF-8") from None


class _Raw(Shape):
    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, bytes):
            raise other(value)
        into.raw(value)

    def take(self, of: Reading) -> bytes:
        return bytes(of.raw())


class _File(Shape):
    """A path; it may have bytes that are no text."""

    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, Path):
            raise other(value)
        into.raw(os.fsencode(value))

    def take(self, of: Reading) -> Path:
        try:
            return Path(os.fsdecode(bytes(of.raw())))
        except UnicodeDecodeError:  # on Windows
            raise WireError("a path is not UTF-8") from None


class _Hidden(Shape):
    def put(self, value: object, into: Writing) -> None:
        if not isinstance(value, Secret):
            raise other(value)
        into.secret(value)

    def take(self, of: Reading) -> Secret:
        return of.secret()


PLAIN: Mapping[type, Shape] = {
    NoneType: _Nothing(),
    bool: _Flag(),
    int: _Number(),
    str: _Text(),
    bytes: _Raw(),
    Path: _File(),
    Secret: _Hidden(),
}
