"""Private keys that nothing but a signature tells apart, found by it in the session that needs one.

What names one of them is the public value that its signatures fit; see ``pkcs11.refs``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lockwright.models import TokenObject
from lockwright.pkcs11 import ecdsa
from lockwright.pkcs11.constants import CKM
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.refs import OF, base_of, mark
from lockwright.pkcs11.session import Session
from lockwright.secret import Secret

_DATA = 32


def signing(
    session: Session, ref: str, every: Sequence[tuple[int, TokenObject]], pin: Secret
) -> tuple[int, TokenObject] | None:
    """The private key that ``refs.by_value`` named; None if none of its twins signs so.

    Two that do are one key twice, of which either would do, but then no ref named one of them.

    Args:
        session: a session of the user.
        ref: the ref.
        every: everything on the token with its handles, of this session.
        pin: the user PIN, for a key that wants it for each signature.
    """
    base, _, wanted = ref.partition(OF)
    twins = [(h, obj) for h, obj in every if base_of(obj) == base]
    values = {o.public_value for _, o in every for _, key in twins[:1] if _may_be_of(o, key)}
    fitting = ((h, obj, _signs_for(session, h, obj, values, pin)) for h, obj in twins)
    found = [(h, obj) for h, obj, value in fitting if value is not None and mark(value) == wanted]
    return (found[0][0], replace(found[0][1], ref=ref)) if len(found) == 1 else None


def _may_be_of(obj: TokenObject, key: TokenObject) -> bool:
    """Whether an object is where the other half of a key would be, which a trial looked at, too."""
    return obj.id == key.id and (bool(key.id) or obj.label == key.label)


def _signs_for(
    session: Session, key: int, obj: TokenObject, values: Iterable[bytes | None], pin: Secret
) -> bytes | None:
    """The public value that a private key signs for, empty for none; None if it does not sign."""
    if obj.key_type not in ecdsa.CURVES:
        return None
    digest = hashlib.sha256(os.urandom(_DATA)).digest()
    try:
        signature = session.sign(key, CKM.ECDSA, digest, pin)
    except CkrError:
        return None
    fits = (v for v in values if v and ecdsa.fits(obj.key_type, v, signature, digest))
    return next(fits, b"")
