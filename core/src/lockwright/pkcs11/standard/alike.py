"""Private keys that nothing but a signature tells apart, found by it in the session that needs one.

No standard says that another session lists them in the same order, so a number does not name one of
them for long. What names it is the public value that its signatures fit.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace

from lockwright.models import TokenObject
from lockwright.pkcs11 import ecdsa
from lockwright.pkcs11.constants import CKM
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Session

OF = "@"
"""Stands in a ref between what an object is and the mark of its public value."""
_MARK = 16
_DATA = 32


def ref_of_value(ref: str, value: bytes) -> str:
    """The ref of a private key by its public value, instead of a number.

    Args:
        ref: its ``TokenObject.ref``, which it shares with its twins but for a number.
        value: the public value that a signature of it fits.
    """
    return ref.partition("#")[0] + OF + _mark(value)


def signing(
    session: Session, ref: str, every: Sequence[tuple[int, TokenObject]]
) -> tuple[int, TokenObject] | None:
    """The private key that ``ref_of_value`` named; None if none of its twins signs so.

    Args:
        session: a session of the user.
        ref: the ref.
        every: everything on the token with its handles, of this session.
    """
    base, _, mark = ref.partition(OF)
    values = {obj.public_value for _handle, obj in every if obj.public_value}
    meant = [value for value in values if _mark(value) == mark]
    for handle, obj in every:
        if obj.ref.partition("#")[0] == base and _signs_for(session, handle, obj, meant):
            return handle, replace(obj, ref=ref)
    return None


def _signs_for(session: Session, key: int, obj: TokenObject, values: Sequence[bytes]) -> bool:
    if obj.key_type not in ecdsa.CURVES:
        return False
    digest = hashlib.sha256(secrets.token_bytes(_DATA)).digest()
    try:
        signature = session.sign(key, CKM.ECDSA, digest)
    except CkrError:
        return False
    return any(ecdsa.fits(obj.key_type, value, signature, digest) for value in values)


def _mark(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()[:_MARK]
