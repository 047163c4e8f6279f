"""Finding objects and reading them, by ctypes in a session that either binding may share.

What a module answers is taken as it comes: one attribute that it refuses costs none of the others,
and a length or a count that cannot be is told of it as what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import addressof, byref, c_ulong, create_string_buffer

from lockwright.pkcs11.constants import CKA, CKR
from lockwright.pkcs11.cryptoki import Cryptoki, secret_array
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.rooms import Rooms, lengths
from lockwright.pkcs11.session import HiddenTemplate, Template
from lockwright.pkcs11.structures import Attribute
from lockwright.pkcs11.values import ULONG_SIZE, number, pack
from lockwright.secret import Secret

BATCH = 512
"""Objects asked for at once when searching."""
ABSENT = frozenset({CKR.ATTRIBUTE_TYPE_INVALID, CKR.ATTRIBUTE_SENSITIVE})
"""Answers that are no refusal: some attributes are missing, the others have their value."""
_SOME = ABSENT | {CKR.OK, CKR.BUFFER_TOO_SMALL}
_ALL_ONES = b"\xff" * ULONG_SIZE
_NUMBER_SIZES = {1, 4, ULONG_SIZE}
"""Of a ``CK_BBOOL``, and of a ``CK_ULONG`` on Windows and here."""


class Objects:
    """The objects that a session sees.

    Args:
        cryptoki: the library.
        session: handle of the session.
    """

    def __init__(self, cryptoki: Cryptoki, session: int) -> None:
        self._cryptoki = cryptoki
        self._session = session
        self._requests: dict[tuple[int, ...], Rooms] = {}
        self._sizes: dict[int, int] = {}
        """Room for attributes of which one turned out to be long."""

    def find(self, template: Template, most: int | None = None) -> list[int]:
        """Handles of every object that fits, or of so many that it is enough.

        A search is over when nothing more comes: that fewer came than were asked for says
        nothing (PKCS#11 2.40, ``C_FindObjects``).

        Args:
            template: what fits.
            most: how many are enough; None for all.

        Raises:
            CkrError: the module refuses.
            ModuleBroken: it tells of more objects than it was asked for.
        """
        packed = [(kind, pack(value)) for kind, value in template.items()]
        values = [create_string_buffer(value, len(value) or 1) for _kind, value in packed]
        wanted = (Attribute * len(packed))()
        for asked, (kind, value), room in zip(wanted, packed, values, strict=True):
            asked.type, asked.value, asked.length = kind, addressof(room), len(value)
        self._cryptoki.call("C_FindObjectsInit", self._session, wanted, len(packed))
        found: list[int] = []
        try:
            while most is None or len(found) < most:
                batch = self._next(BATCH if most is None else most - len(found))
                if not batch:
                    break
                found += batch
        finally:
            self._cryptoki.answer("C_FindObjectsFinal", self._session)
        return found

    def create(self, template: HiddenTemplate) -> int:
        """``C_CreateObject``; of a secret the module gets its own buffer.

        Args:
            template: the object.

        Returns:
            Its handle.

        Raises:
            CkrError: the module refuses; no frame of it holds a secret's buffer.
        """
        rv, handle = self._created(template)
        if rv:
            raise CkrError(rv, "C_CreateObject")
        return handle

    def _created(self, template: HiddenTemplate) -> tuple[int, int]:
        wanted, made = (Attribute * len(template))(), c_ulong()
        rooms = []
        for asked, (kind, value) in zip(wanted, template.items(), strict=True):
            if isinstance(value, Secret):
                room, length = secret_array(value), len(value)
            else:
                packed = pack(value)
                room, length = create_string_buffer(packed, len(packed) or 1), len(packed)
            asked.type, asked.value, asked.length = kind, addressof(room), length
            rooms.append(room)
        rv = self._cryptoki.answer("C_CreateObject", self._session, wanted, len(rooms), byref(made))
        return rv, made.value

    def _next(self, size: int) -> list[int]:
        batch, count = (c_ulong * size)(), c_ulong()
        self._cryptoki.call("C_FindObjects", self._session, batch, size, byref(count))
        self._cryptoki.believed_count(count.value, size)
        return batch[: count.value]

    def values(self, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        """Values of an object's attributes in one request; a second for what had no room.

        Args:
            handle: handle of the object.
            attributes: which.

        Returns:
            Those that it has and gives away.

        Raises:
            CkrError: the module refuses the request.
            ModuleBroken: it tells a length that cannot be.
        """
        request = self._request(tuple(attributes))
        rv = request.ask(self._cryptoki, self._session, handle)
        if rv not in _SOME:
            raise CkrError(rv, "C_GetAttributeValue")
        told, longer = request.values, request.longer
        unsure: tuple[int, ...] = ()
        if rv == CKR.BUFFER_TOO_SMALL:
            unsure = request.absent + request.left_alone
        elif rv in ABSENT and CKA.VALUE in request.absent:
            unsure = (CKA.VALUE,)  # of two answers that fit, a module gives one
        ignored = request.left_alone if rv in ABSENT and len(attributes) > 1 else ()
        if unsure:
            longer |= lengths(self._cryptoki, self._session, handle, unsure)
        if longer:
            told |= self._long(handle, longer)
        for attribute in ignored:
            told |= self.values(handle, [attribute])
        return told

    def _long(self, handle: int, needed: dict[int, int]) -> dict[int, bytes]:
        """Values that are longer than their room was, once there is more."""
        self._cryptoki.believed_length(max(needed.values()))
        self._sizes |= needed
        self._requests = {}
        request = self._request(tuple(needed))
        rv = request.ask(self._cryptoki, self._session, handle)
        if rv not in _SOME:
            raise CkrError(rv, "C_GetAttributeValue")
        if request.longer:
            raise self._cryptoki.lies()
        return request.values

    def _request(self, attributes: tuple[int, ...]) -> Rooms:
        if attributes not in self._requests:
            self._requests[attributes] = Rooms(attributes, self._sizes)
        return self._requests[attributes]

    def numbers(self, handle: int, attributes: Sequence[int]) -> dict[int, int]:
        """Numbers and switches of an object, each with room for a ``CK_ULONG``.

        Args:
            handle: handle of the object.
            attributes: which.

        Returns:
            Those that were told: not those of another length, nor those that the module left as
            they were or filled with ``CK_UNAVAILABLE_INFORMATION``.

        Raises:
            CkrError: the module refuses the request.
        """
        rooms = [create_string_buffer(_ALL_ONES, ULONG_SIZE) for _ in attributes]
        request = (Attribute * len(rooms))()
        for asked, kind, room in zip(request, attributes, rooms, strict=True):
            asked.type, asked.value, asked.length = kind, addressof(room), ULONG_SIZE
        rv = self._cryptoki.answer(
            "C_GetAttributeValue", self._session, handle, request, len(rooms)
        )
        if rv != CKR.OK and rv not in ABSENT:
            raise CkrError(rv, "C_GetAttributeValue")
        told = {
            kind: room.raw[: asked.length]
            for asked, kind, room in zip(request, attributes, rooms, strict=True)
            if asked.length in _NUMBER_SIZES
        }
        return {kind: number(value) for kind, value in told.items() if value != _ALL_ONES}

    def destroy(self, handle: int) -> None:
        """``C_DestroyObject``."""
        self._cryptoki.call("C_DestroyObject", self._session, handle)
