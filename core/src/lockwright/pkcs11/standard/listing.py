"""Read every object of a token, each attribute once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lockwright.i18n import N_
from lockwright.models import ObjectKind, Token, TokenObject
from lockwright.pkcs11 import public_values
from lockwright.pkcs11.constants import CKA, CKO, CKR
from lockwright.pkcs11.errors import LOST, CkrError
from lockwright.pkcs11.key_types import key_type
from lockwright.pkcs11.refs import numbered
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.pkcs11.values import number, pack
from lockwright.secret import Secret

CERTIFICATE_ATTRIBUTES: Sequence[int] = (
    *(CKA.CLASS, CKA.PRIVATE, CKA.LABEL, CKA.ID, CKA.VALUE),
    *(CKA.CERTIFICATE_TYPE, CKA.URL),
)
"""What is read of a certificate."""
OTHER_ATTRIBUTES: Sequence[int] = (
    *(CKA.CLASS, CKA.PRIVATE, CKA.LABEL, CKA.ID, CKA.APPLICATION),
    *(CKA.KEY_TYPE, CKA.MODULUS, CKA.EC_PARAMS, CKA.EC_POINT, CKA.PRIME, CKA.VALUE_LEN),
    *(CKA.GOSTR3410_PARAMS, CKA.GOSTR3411_PARAMS, CKA.GOSTR3410_512PARAMS, CKA.PARAMETER_SET),
)
"""What is read of keys and data: never ``CKA_VALUE``, which may hold a secret."""
PUBLIC_ATTRIBUTES: Sequence[int] = (*OTHER_ATTRIBUTES, CKA.VALUE)
"""What is read of public keys, whose ``CKA_VALUE`` is the point where they have one (GOST)."""

_KINDS: Mapping[int, ObjectKind] = {
    CKO.CERTIFICATE: ObjectKind.CERTIFICATE,
    CKO.PRIVATE_KEY: ObjectKind.PRIVATE_KEY,
    CKO.PUBLIC_KEY: ObjectKind.PUBLIC_KEY,
    CKO.SECRET_KEY: ObjectKind.SECRET_KEY,
    CKO.DATA: ObjectKind.DATA,
}
_SOUGHT = (CKO.PUBLIC_KEY, CKO.PRIVATE_KEY, CKO.SECRET_KEY, CKO.DATA)
_IDENTIFYING = (
    *(CKA.CLASS, CKA.PRIVATE, CKA.ID, CKA.LABEL, CKA.APPLICATION, CKA.VALUE),
    *(CKA.KEY_TYPE, CKA.MODULUS, CKA.EC_PARAMS, CKA.EC_POINT),
)
_NO_CLASS = b"\xff"


@translated(N_("list its objects"))
def list_objects(
    module: Module,
    token: Token,
    pin: Secret | None,
    *,
    certificate_attributes: Sequence[int] = CERTIFICATE_ATTRIBUTES,
    other_attributes: Sequence[int] = OTHER_ATTRIBUTES,
    public_attributes: Sequence[int] = PUBLIC_ATTRIBUTES,
) -> Sequence[TokenObject]:
    """Read every object of a token.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN, or None to see only what anyone may see.
        certificate_attributes: what to read of certificates, where a token is slow to say all.
        other_attributes: what to read of keys and data.
        public_attributes: what to read of public keys.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
    """
    with user_session(module, token, pin, write=False) as session:
        wanted = certificate_attributes, other_attributes, public_attributes
        return [obj for _, obj in read_all(session, *wanted)]


def read_all(
    session: Session,
    certificate_attributes: Sequence[int] = CERTIFICATE_ATTRIBUTES,
    other_attributes: Sequence[int] = OTHER_ATTRIBUTES,
    public_attributes: Sequence[int] = PUBLIC_ATTRIBUTES,
) -> list[tuple[int, TokenObject]]:
    """Every object that the session sees, with its handle.

    Keys and data are searched for first, since what is neither may be asked for its value. What
    the token refuses to describe is there all the same, of the kind that it was found as.
    """
    kinds = {h: kind for kind in _SOUGHT for h in session.find({CKA.CLASS: kind})}
    of_kind = {None: certificate_attributes, CKO.PUBLIC_KEY: public_attributes}
    read = []
    for handle in session.find({}):
        kind = kinds.get(handle)
        attributes = _read(session, handle, of_kind.get(kind, other_attributes))
        if attributes is not None:
            read.append((handle, attributes, kind))
    if any(kind is None and not attributes for _, attributes, kind in read):
        certificates = set(session.find({CKA.CLASS: CKO.CERTIFICATE}))
        read = [(h, a, CKO.CERTIFICATE if h in certificates else kind) for h, a, kind in read]
    named = _named(_token_object(attributes, kind) for _, attributes, kind in read)
    return list(zip((handle for handle, _, _ in read), named, strict=True))


def _read(session: Session, handle: int, attributes: Sequence[int]) -> dict[int, bytes] | None:
    """What an object shows, nothing if the token refuses all; None of one that went meanwhile."""
    try:
        return session.read(handle, attributes)
    except CkrError as error:
        if error.value == CKR.OBJECT_HANDLE_INVALID:
            return None
        if error.value in LOST:
            raise
    found: dict[int, bytes] = {}
    for attribute in attributes:
        try:
            found |= session.read(handle, [attribute])
        except CkrError as error:
            if error.value in LOST:
                raise
    return found


def _token_object(attributes: Mapping[int, bytes], sought: int | None) -> TokenObject:
    """An object by what was read of it, and the class that it was found by, if it was."""
    unreadable = not attributes
    if sought is not None and CKA.CLASS not in attributes:
        attributes = {**attributes, CKA.CLASS: pack(sought)}
    kind = _KINDS.get(number(attributes.get(CKA.CLASS, _NO_CLASS)), ObjectKind.OTHER)
    return TokenObject(
        kind=kind,
        id=attributes.get(CKA.ID, b""),
        label=attributes.get(CKA.LABEL, b"").decode(errors="replace"),
        ref=ref_of(attributes),
        key_type=key_type(attributes),
        value=attributes.get(CKA.VALUE) if kind is ObjectKind.CERTIFICATE else None,
        private=bool(number(attributes.get(CKA.PRIVATE, b""))),
        public_value=_public_value(kind, attributes),
        certificate_type=_certificate_type(attributes),
        url=attributes[CKA.URL].decode(errors="replace") if CKA.URL in attributes else None,
        unreadable=unreadable,
    )


def _certificate_type(attributes: Mapping[int, bytes]) -> int | None:
    told = attributes.get(CKA.CERTIFICATE_TYPE)
    return None if told is None else number(told)


def _public_value(kind: ObjectKind, attributes: Mapping[int, bytes]) -> bytes | None:
    if kind is ObjectKind.CERTIFICATE:
        return public_values.of_certificate(attributes.get(CKA.VALUE, b""))
    if kind is ObjectKind.PUBLIC_KEY:
        return public_values.of_key(attributes)
    if kind is ObjectKind.PRIVATE_KEY:
        return public_values.of_key({k: v for k, v in attributes.items() if k != CKA.VALUE})
    return None


def ref_of(attributes: Mapping[int, bytes]) -> str:
    """Digest of what an object is, so that another session finds the same one.

    Args:
        attributes: those of its kind that ``read_all`` reads.
    """
    digest = hashlib.sha256()
    for attribute in _IDENTIFYING:
        value = attributes.get(attribute, b"")
        digest.update(len(value).to_bytes(4) + value)
    return digest.hexdigest()[:32]


def _named(objects: Iterable[TokenObject]) -> Iterator[TokenObject]:
    """Tell exact duplicates apart: the second one is ``#2``."""
    seen: Counter[str] = Counter()
    for obj in objects:
        seen[obj.ref] += 1
        yield replace(obj, ref=numbered(obj.ref, seen[obj.ref]))
