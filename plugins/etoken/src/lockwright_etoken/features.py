"""The objects of class CKO_HW_FEATURE that show a token's state; read without a login.

Numbers are those of the vendor's header eTPkcs11.h (extension 1.7, 2013), the counters' those of
Hard Token Management Framework as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import IntEnum

from lockwright.pkcs11.constants import CKA, CKO, CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Session


class Feature(IntEnum):
    """ETCKH_...: values of CKA_HW_FEATURE_TYPE."""

    TOKEN = 0x80005002
    PIN_POLICY = 0x80005003


class A(IntEnum):
    """ETCKA_...: attributes of the token object."""

    RETRY_USER = 0x80001110
    RETRY_SO = 0x80001111
    RETRY_USER_MAX = 0x80001112
    RETRY_SO_MAX = 0x80001113
    HAS_USER = 0x8000111C
    HAS_SO = 0x8000111D
    UNBLOCK_SUPPORTED = 0x8000113D
    UNLOCK_COUNT = 0x80001142
    UNLOCK_MAX = 0x80001143


_NO_OBJECT = {
    CKR.FUNCTION_FAILED,
    CKR.ATTRIBUTE_TYPE_INVALID,
    CKR.ATTRIBUTE_VALUE_INVALID,
    CKR.TEMPLATE_INCOMPLETE,
    CKR.TEMPLATE_INCONSISTENT,
}
"""Answers of a module that knows no such objects."""


@dataclass(frozen=True, slots=True)
class Told:
    """The token object as far as the token reports it; None for what it does not."""

    retry_user: int | None
    """Tries left of the user's password."""
    retry_so: int | None
    """Tries left of the administrator's password or key."""
    retry_user_max: int | None
    """Tries of the user's password."""
    retry_so_max: int | None
    """Tries of the administrator's."""
    has_user: int | None
    """Whether the user's password is set."""
    has_so: int | None
    """Whether there is an administrator; without one the token is never unblocked."""
    unblock_supported: int | None
    """Whether it is unblocked by challenge and response."""
    unlock_count: int | None
    """A count of unblocks, used or left."""
    unlock_max: int | None
    """Unblocks in the token's life; 0 is no limit."""


def told(session: Session) -> Told:
    """What the token object tells."""
    values = numbers(session, find(session, Feature.TOKEN), A)
    return Told(**{field.name: values.get(A[field.name.upper()]) for field in fields(Told)})


def find(session: Session, feature: Feature) -> int | None:
    """The handle of an object; None if the token has no such object."""
    try:
        found = session.find({CKA.CLASS: CKO.HW_FEATURE, CKA.HW_FEATURE_TYPE: feature}, most=1)
    except CkrError as error:
        if error.value not in _NO_OBJECT:
            raise
        return None
    return found[0] if found else None


def numbers(session: Session, handle: int | None, attributes: Iterable[int]) -> dict[int, int]:
    """Numbers and switches of an object, those that it has; each has its own length.

    Args:
        session: a session, which need not be logged in.
        handle: of the object, or None.
        attributes: which.
    """
    return {} if handle is None else session.numbers(handle, list(attributes))
