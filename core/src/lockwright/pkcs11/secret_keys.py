"""Keys of a token that make, wrap, unwrap and derive others in it, by ctypes in an open session.

No binding does all of it: python-pkcs11 0.10.1 gives every derived key a ``CKA_VALUE_LEN``, which
SoftHSM refuses for DES3, and neither has ``CKA_UNWRAP_TEMPLATE``, whose value is a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from ctypes import Structure, addressof, byref, c_ulong, create_string_buffer, sizeof
from typing import Any

from lockwright.pkcs11.constants import CKM, CKR, UNAVAILABLE_INFORMATION
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import AttributeValue, Template
from lockwright.pkcs11.structures import Attribute, Mechanism, OaepParameters, StringData
from lockwright.pkcs11.values import ULONG_SIZE, pack

NestedTemplate = Mapping[int, "AttributeValue | Template"]
"""A template of which a value may be a template, as that of ``CKA_UNWRAP_TEMPLATE``."""
_ROOM = 512
"""Bytes for a wrapped key, and for a value of a template within a template."""
_MGF1_SHA1, _DATA_SPECIFIED = 1, 1
"""``CKG_MGF1_SHA1`` and ``CKZ_DATA_SPECIFIED``."""
_ABSENT = UNAVAILABLE_INFORMATION % (1 << 8 * ULONG_SIZE)


class SecretKeys:
    """The secret keys that a session sees, and what becomes of one by another.

    Every method raises ``CkrError`` where the module refuses.

    Args:
        cryptoki: the library.
        session: handle of the session.
    """

    def __init__(self, cryptoki: Cryptoki, session: int) -> None:
        self._cryptoki = cryptoki
        self._session = session

    def generate(self, mechanism: int, template: NestedTemplate) -> int:
        """``C_GenerateKey`` with a mechanism that takes no parameter; the new handle."""
        packed, made = _Packed(template), c_ulong()
        chosen = Mechanism(mechanism, None, 0)
        self._call("C_GenerateKey", byref(chosen), packed.array, packed.count, byref(made))
        return made.value

    def create(self, template: NestedTemplate) -> int:
        """``C_CreateObject``; the new handle."""
        packed, made = _Packed(template), c_ulong()
        self._call("C_CreateObject", packed.array, packed.count, byref(made))
        return made.value

    def wrap(self, mechanism: int, by: int, key: int) -> bytes:
        """``C_WrapKey`` with a mechanism that takes no parameter.

        Args:
            mechanism: how.
            by: handle of the wrapping key.
            key: handle of the key that is wrapped.
        """
        return self._wrapped(Mechanism(mechanism, None, 0), by, key)

    def wrap_to(self, public: int, key: int) -> bytes:
        """``C_WrapKey`` for whoever has the private key of an RSA key (RSAES-OAEP, RFC 8017).

        The digest is SHA-1, the only one that SoftHSM 2.6.1 has for it; what OAEP asks of a digest
        SHA-1 still gives.

        Args:
            public: handle of the public key.
            key: handle of the key that is wrapped.
        """
        parameters = OaepParameters(CKM.SHA_1, _MGF1_SHA1, _DATA_SPECIFIED, None, 0)
        chosen = Mechanism(CKM.RSA_PKCS_OAEP, addressof(parameters), sizeof(parameters))
        return self._wrapped(chosen, public, key)

    def unwrap(self, mechanism: int, by: int, wrapped: bytes, template: Template) -> int:
        """``C_UnwrapKey`` with a mechanism that takes no parameter; the new handle.

        Args:
            mechanism: how.
            by: handle of the unwrapping key.
            wrapped: what ``wrap`` made.
            template: the new key.
        """
        chosen, packed, made = Mechanism(mechanism, None, 0), _Packed(template), c_ulong()
        given = create_string_buffer(wrapped, len(wrapped) or 1)
        self._call(
            *("C_UnwrapKey", byref(chosen), by, given, len(wrapped)),
            *(packed.array, packed.count, byref(made)),
        )
        return made.value

    def derive(self, mechanism: int, by: int, data: bytes, template: Template) -> int:
        """``C_DeriveKey`` by what a key makes of data (``CKM_AES_ECB_ENCRYPT_DATA``).

        Args:
            mechanism: one whose parameter is ``CK_KEY_DERIVATION_STRING_DATA``.
            by: handle of the master key.
            data: what it encrypts: whole blocks, at least as long as the new key.
            template: the new key.

        Returns:
            Its handle.
        """
        given = create_string_buffer(data, len(data))
        parameter = StringData(addressof(given), len(data))
        chosen = Mechanism(mechanism, addressof(parameter), sizeof(parameter))
        packed, made = _Packed(template), c_ulong()
        self._call("C_DeriveKey", byref(chosen), by, packed.array, packed.count, byref(made))
        return made.value

    def destroy(self, key: int) -> None:
        """``C_DestroyObject``."""
        self._call("C_DestroyObject", key)

    def nested(self, key: int, attribute: int) -> dict[int, bytes] | None:
        """A template that is the value of a key's attribute.

        Args:
            key: handle of the key.
            attribute: which, such as ``CKA_UNWRAP_TEMPLATE``.

        Returns:
            Its attributes; empty where it has none; None where the module knows no such attribute.
        """
        wanted = (Attribute * 1)()
        wanted[0].type, wanted[0].value, wanted[0].length = attribute, None, 0
        rv = self._answer("C_GetAttributeValue", key, wanted, 1)
        if rv == CKR.ATTRIBUTE_TYPE_INVALID or wanted[0].length == _ABSENT:
            return None
        if rv != CKR.OK:
            raise CkrError(rv, "C_GetAttributeValue")
        return self._inside(key, wanted, wanted[0].length // sizeof(Attribute))

    def _inside(self, key: int, wanted: Any, count: int) -> dict[int, bytes]:
        """Types and lengths first, for which the values are left out; then the values."""
        self._cryptoki.believed_length(count, _ROOM)
        inside = (Attribute * count)()
        if not count:
            return {}
        wanted[0].value, wanted[0].length = addressof(inside), sizeof(inside)
        self._call("C_GetAttributeValue", key, wanted, 1)
        for each in inside:
            self._cryptoki.believed_length(each.length, _ROOM)
        rooms = [create_string_buffer(each.length or 1) for each in inside]
        for each, room in zip(inside, rooms, strict=True):
            each.value = addressof(room)
        self._call("C_GetAttributeValue", key, wanted, 1)
        return {
            each.type: room.raw[: each.length] for each, room in zip(inside, rooms, strict=True)
        }

    def _wrapped(self, chosen: Structure, by: int, key: int) -> bytes:
        room, length = create_string_buffer(_ROOM), c_ulong(_ROOM)
        self._call("C_WrapKey", byref(chosen), by, key, room, byref(length))
        self._cryptoki.believed_length(length.value, _ROOM)
        return room.raw[: length.value]

    def _call(self, function: str, *args: object) -> None:
        if rv := self._answer(function, *args):
            raise CkrError(rv, function)

    def _answer(self, function: str, *args: object) -> int:
        return self._cryptoki.answer(function, self._session, *args)


class _Packed:
    """A template as C takes it, and what must live as long as it is looked at."""

    def __init__(self, template: NestedTemplate) -> None:
        self.count = len(template)
        self.array = (Attribute * self.count)()
        self._kept: list[object] = []
        for place, (kind, value) in zip(self.array, template.items(), strict=True):
            place.type = kind
            if isinstance(value, Mapping):
                inside = _Packed(value)
                place.value, place.length = addressof(inside.array), sizeof(inside.array)
                self._kept.append(inside)
            else:
                packed = pack(value)
                room = create_string_buffer(packed, len(packed) or 1)
                place.value, place.length = addressof(room), len(packed)
                self._kept.append(room)
