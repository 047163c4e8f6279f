"""One ``C_GetAttributeValue`` for many objects: room for each value, made once and kept.

The bindings ask for lengths first, which costs a second call for each object. Here each attribute
has room enough for what tokens hold, and only what does not fit is asked for again.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from ctypes import addressof, c_ulong, create_string_buffer, memmove, string_at

from lockwright.pkcs11.constants import CKA, UNAVAILABLE_INFORMATION
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.structures import Attribute
from lockwright.pkcs11.values import ULONG_SIZE

_ROOM = 4096
"""Bytes for a value: as many as no name, number or point on a token has."""
_NUMBERS = (CKA.CLASS, CKA.KEY_TYPE, CKA.CERTIFICATE_TYPE, CKA.VALUE_LEN, CKA.PARAMETER_SET)
_ROOMS: Mapping[int, int] = {CKA.VALUE: 65_536, **dict.fromkeys(_NUMBERS, ULONG_SIZE)}
"""Certificates and data are longer. Where a number has any other room than its own, NSS softokn
(3.87) gives it as its database has it: four bytes, the highest first."""
_ABSENT = UNAVAILABLE_INFORMATION % (1 << 8 * ULONG_SIZE)
_MARK = 16
_LEFT_ALONE = os.urandom(_MARK)
"""What stands in a room before the module is asked, so that it shows whether it wrote there."""


class Rooms:
    """A request for some attributes, to be made of one object after another.

    Args:
        attributes: which.
        sizes: bytes of room, for those that turned out to need more than others.
    """

    def __init__(self, attributes: Sequence[int], sizes: Mapping[int, int]) -> None:
        self.attributes = attributes
        self._sizes = [max(sizes.get(e, 0), _ROOMS.get(e, _ROOM)) for e in attributes]
        self._rooms = [create_string_buffer(size) for size in self._sizes]
        self._request = (Attribute * len(self._rooms))()
        for asked, kind, room, size in zip(
            self._request, attributes, self._rooms, self._sizes, strict=True
        ):
            asked.type, asked.value, asked.length = kind, addressof(room), size
        self._fresh = bytes(self._request)
        self.values: dict[int, bytes] = {}
        """What was told of the object that was asked last."""
        self.absent: tuple[int, ...] = ()
        """What it has not or does not give away, or what was too long for its room."""
        self.longer: dict[int, int] = {}
        """What the module said to be longer than its room, and how long."""
        self.left_alone: tuple[int, ...] = ()
        """What the module did not look at."""

    def ask(self, cryptoki: Cryptoki, session: int, handle: int) -> int:
        """Ask for the values of an object.

        Args:
            cryptoki: the library.
            session: handle of a session.
            handle: handle of the object.

        Returns:
            What the module answered.
        """
        memmove(self._request, self._fresh, len(self._fresh))
        for room in self._rooms:
            memmove(room, _LEFT_ALONE, min(_MARK, len(room)))
        rv = cryptoki.answer(
            "C_GetAttributeValue", session, handle, self._request, len(self._rooms)
        )
        self._sort()
        return rv

    def _sort(self) -> None:
        """What came of each attribute, by the length that the module left and the room behind."""
        self.values, self.longer = {}, {}
        absent, left_alone = [], []
        for asked, kind, room, size in zip(
            self._request, self.attributes, self._rooms, self._sizes, strict=True
        ):
            length = asked.length
            if length == _ABSENT:
                absent.append(kind)
            elif length > size:
                self.longer[kind] = length
            elif length == size and _LEFT_ALONE.startswith(string_at(room, min(size, _MARK))):
                left_alone.append(kind)
            else:
                self.values[kind] = string_at(room, length)
        self.absent, self.left_alone = tuple(absent), tuple(left_alone)


def lengths(
    cryptoki: Cryptoki, session: int, handle: int, attributes: Collection[int]
) -> dict[int, int]:
    """How long some values of an object are; those that it has not are missing.

    Args:
        cryptoki: the library.
        session: handle of a session.
        handle: handle of the object.
        attributes: which.
    """
    request = (Attribute * len(attributes))()
    for asked, kind in zip(request, attributes, strict=True):
        asked.type, asked.value, asked.length = kind, None, 0
    cryptoki.answer("C_GetAttributeValue", session, handle, request, c_ulong(len(attributes)))
    return {each.type: each.length for each in request if each.length not in {0, _ABSENT}}
