"""Delete objects one by one, and never leave a certificate's key without its certificate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lockwright.i18n import N_
from lockwright.models import Failure, ObjectKind, Token, TokenObject
from lockwright.pkcs11.constants import CKR
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.standard.listing import read_all
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.secret import Secret

_Found = tuple[int, TokenObject]


@translated(N_("delete objects"))
def delete(module: Module, token: Token, pin: Secret, refs: Sequence[str]) -> Sequence[Failure]:
    """Delete objects, in the order given.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        refs: which objects; one that is no longer there counts as gone.

    Returns:
        What the token refused. A private key that stays keeps what shares its ``CKA_ID``: those
        come back untried.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """
    with user_session(module, token, pin) as session:
        found = {obj.ref: (handle, obj) for handle, obj in read_all(session)}
        return _destroy_all(session, (found[ref] for ref in refs if ref in found))


@translated(N_("delete everything"))
def wipe(module: Module, token: Token, pin: Secret) -> Sequence[Failure]:
    """Delete every object, private keys first; label and PIN stay.

    Returns:
        What the token refused.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in; nothing is gone.
    """
    with user_session(module, token, pin) as session:
        found = read_all(session)
        found.sort(key=lambda each: each[1].kind is not ObjectKind.PRIVATE_KEY)
        return _destroy_all(session, found)


def _destroy_all(session: Session, found: Iterable[_Found]) -> list[Failure]:
    failures: list[Failure] = []
    kept: set[bytes] = set()
    for handle, obj in found:
        if obj.id and obj.id in kept:
            failures.append(Failure(obj.ref, None))
            continue
        rv = _destroy(session, handle)
        if rv is not None:
            failures.append(Failure(obj.ref, rv))
            if obj.kind is ObjectKind.PRIVATE_KEY:
                kept.add(obj.id)
    return failures


def _destroy(session: Session, handle: int) -> int | None:
    """Destroy an object; the return value if it is still there."""
    try:
        session.destroy(handle)
    except CkrError as error:
        return None if error.value == CKR.OBJECT_HANDLE_INVALID else error.value
    return None
