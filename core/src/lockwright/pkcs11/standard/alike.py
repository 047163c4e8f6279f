"""Private keys that nothing but a signature tells apart, found by it in the session that needs one.

What names one of them is the public value that its signatures fit; see ``pkcs11.refs``.
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
from lockwright.pkcs11.refs import OF, base_of, mark
from lockwright.pkcs11.session import Session

_DATA = 32


def signing(
    session: Session, ref: str, every: Sequence[tuple[int, TokenObject]]
) -> tuple[int, TokenObject] | None:
    """The private key that ``refs.by_value`` named; None if none of its twins signs so.

    Args:
        session: a session of the user.
        ref: the ref.
        every: everything on the token with its handles, of this session.
    """
    base, _, wanted = ref.partition(OF)
    values = {obj.public_value for _handle, obj in every if obj.public_value}
    meant = [value for value in values if mark(value) == wanted]
    for handle, obj in every:
        if base_of(obj) == base and _signs_for(session, handle, obj, meant):
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
