"""Delete objects one by one, and never take from a key that stays what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.i18n import N_
from lockwright.models import Failure, ObjectKind, Token, TokenObject
from lockwright.models.progress import Doing
from lockwright.pkcs11 import work
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.refs import OF
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.standard.alike import signing
from lockwright.pkcs11.standard.listing import read_all
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.secret import Secret

_Found = tuple[int, TokenObject]
_VALUE, _ID = b"v", b"i"


@translated(N_("delete objects"))
def delete(module: Module, token: Token, pin: Secret, refs: Sequence[str]) -> Sequence[Failure]:
    """Delete objects, in the order given.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        refs: which objects; one that is no longer there counts as gone. Of private keys that are
            alike, one is meant by ``refs.by_value``.

    Returns:
        What the token refused. A private key that stays keeps what belongs to it, that is what
        has its public value, or its ``CKA_ID`` if it shows none: those come back untried, as does
        what is no longer what was read of it.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """
    with user_session(module, token, pin) as session:
        every = read_all(session)
        found = {obj.ref: (handle, obj) for handle, obj in every}
        alike = {ref: signing(session, ref, every, pin) for ref in refs if OF in ref}
        found |= {ref: each for ref, each in alike.items() if each is not None}
        unknown = [Failure(ref, None) for ref, each in alike.items() if each is None]
        return unknown + _destroy_all(session, [found[r] for r in refs if r in found], every)


@translated(N_("delete everything"))
def wipe(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    """Delete every object, private keys first; label and PIN stay.

    In a login that is kept, what came onto the token since it was listed stays: nobody agreed to
    that.

    Returns:
        What the token refused; what is new comes back untried.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """
    with user_session(module, token, pin) as session:
        listed = session.remembered
        every = read_all(session)
        new = [Failure(obj.ref, None) for h, obj in every if listed and h not in listed]
        found = [each for each in every if not listed or each[0] in listed]
        found.sort(key=lambda each: each[1].kind is not ObjectKind.PRIVATE_KEY)
        return new + _destroy_all(session, found, every)


def _destroy_all(
    session: Session, found: Sequence[_Found], every: Sequence[_Found]
) -> list[Failure]:
    failures: list[Failure] = []
    kept: set[bytes] = set()
    work.begins(Doing.REMOVING, len(found))
    for handle, obj in found:
        if kept & _marks(obj):
            failures.append(Failure(obj.ref, None))
            continue
        failure = _destroy(session, handle, obj)
        if failure is not None:
            failures.append(failure)
            if obj.kind is ObjectKind.PRIVATE_KEY:
                kept |= _kept_by(obj, every)
    return failures


def _marks(obj: TokenObject) -> set[bytes]:
    """What tells whose an object is: its public value, and its id where a key shows none."""
    if obj.kind not in {ObjectKind.PUBLIC_KEY, ObjectKind.CERTIFICATE}:
        return set()
    return {_VALUE + (obj.public_value or b""), _ID + obj.id}


def _kept_by(key: TokenObject, every: Sequence[_Found]) -> set[bytes]:
    """Marks of what belongs to a private key; of one that shows no public value, may belong."""
    if key.public_value is not None:
        return {_VALUE + key.public_value}
    same_id = (obj for _handle, obj in every if obj.id == key.id)
    return {_ID + key.id} | {_VALUE + obj.public_value for obj in same_id if obj.public_value}


def _destroy(session: Session, handle: int, obj: TokenObject) -> Failure | None:
    """Destroy an object; what came of it if it is still there.

    Where it was read before in this session it is read again: another program may have changed it
    since, or have made another one under a handle that was free.
    """
    try:
        if not session.is_as_remembered(handle):
            return Failure(obj.ref, None)
        session.destroy(handle)
    except CkrError as error:
        gone = error.value == CKR.OBJECT_HANDLE_INVALID
        return None if gone else Failure(obj.ref, error.value)
    return None
