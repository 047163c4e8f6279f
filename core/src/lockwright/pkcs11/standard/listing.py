"""Read every object of a token, each attribute once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lockwright.i18n import N_
from lockwright.models import ObjectKind, Sought, Token, TokenObject
from lockwright.models.progress import Doing
from lockwright.pkcs11 import public_values, work
from lockwright.pkcs11.constants import CKA, CKO, CKR
from lockwright.pkcs11.errors import LOST, CkrError
from lockwright.pkcs11.key_types import key_type
from lockwright.pkcs11.refs import numbered
from lockwright.pkcs11.session import Module, Session, Template
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.pkcs11.values import number, pack
from lockwright.records import dataclass
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
"""What is read of public keys that show neither modulus nor ``CKA_EC_POINT``: their ``CKA_VALUE``
is the point (GOST) or the number (DSA)."""

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
_IN_TURN = [_KINDS[kind] for kind in _SOUGHT]
_SECRETIVE = {*_SOUGHT} - {CKO.PUBLIC_KEY}
"""Classes that are never asked for their value."""
_NO_CLASS = b"\xff"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read of objects, by what they are, where a token is slow to say all."""

    certificates: Sequence[int] = CERTIFICATE_ATTRIBUTES
    """Of certificates, and of what is neither key nor data."""
    others: Sequence[int] = OTHER_ATTRIBUTES
    """Of keys and data."""
    public: Sequence[int] = PUBLIC_ATTRIBUTES
    """Of public keys that show no value otherwise."""


ALL = Wanted()
"""All that lockwright has a use for."""


@translated(N_("list its objects"))
def list_objects(
    module: Module,
    token: Token,
    pin: Secret | None,
    sought: Sought | None,
    *,
    wanted: Wanted = ALL,
) -> Sequence[TokenObject]:
    """Read the objects of a token.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN, or None to see only what anyone may see.
        sought: which objects; None for all.
        wanted: what to read of them.

    Raises:
        PinIncorrect, PinLocked: the token did not let us in.
    """
    with user_session(module, token, pin, write=False) as session:
        return [obj for _, obj in read_all(session, sought, wanted)]


def read_all(
    session: Session, sought: Sought | None = None, wanted: Wanted = ALL
) -> list[tuple[int, TokenObject]]:
    """Every object that the session sees, with its handle.

    Certificates are searched for, since only they are asked for their value at once; what else is
    there says what it is when it is read, and is asked for the rest where there is any. All come in
    the token's order. SoftHSM (2.6) has none: what was found first in this process comes first.
    There keys and data do, as when each class was searched for.

    Args:
        session: a session with the token.
        sought: which objects; None for all.
        wanted: what to read of them.
    """
    every, certificates = _searched(session, sought)
    as_found = every[: len(certificates)] == certificates
    kinds = dict.fromkeys(certificates, CKO.CERTIFICATE)
    objects: dict[int, TokenObject] = {}
    silent: dict[int, Mapping[int, bytes]] = {}
    work.begins(Doing.READING, len(every))
    for handle in every:
        what = wanted.certificates if handle in kinds else wanted.others
        if (shown := _counted(session, handle, what)) is None:
            continue
        if CKA.CLASS in shown:
            objects[handle] = _whole(session, handle, shown, kinds.get(handle), wanted)
        else:
            silent[handle] = shown
    if silent:
        kinds = {h: kind for kind in _SOUGHT for h in session.find({CKA.CLASS: kind})} | kinds
        objects |= {h: _whole(session, h, o, kinds.get(h), wanted) for h, o in silent.items()}
    there = [handle for handle in every if handle in objects]
    found = list(zip(there, _named(objects[handle] for handle in there), strict=True))
    if as_found:
        found.sort(key=_searched_once)
    return [each for each in found if sought is None or sought.fits(each[1])]


def _whole(
    session: Session,
    handle: int,
    shown: Mapping[int, bytes],
    found_as: int | None,
    wanted: Wanted,
) -> TokenObject:
    """An object by what it shows, once it was asked for what only its class tells to ask for."""
    return _token_object(_completed(session, handle, shown, found_as, wanted), found_as)


def _searched(session: Session, sought: Sought | None) -> tuple[Sequence[int], Sequence[int]]:
    """What there is, and what of it are certificates."""
    named: Template = {} if sought is None or sought.id is None else {CKA.ID: sought.id}
    certificates = session.find({CKA.CLASS: CKO.CERTIFICATE, **named})
    if sought is not None and sought.kind is ObjectKind.CERTIFICATE:
        return certificates, certificates
    every = session.find(named)
    if len(certificates) == len(every):  # or the module searches whatever it is asked for
        others = set(session.find({CKA.CLASS: CKO.PRIVATE_KEY})) if every else ()
        certificates = [each for each in certificates if each not in others]
    return every, certificates


def _searched_once(found: tuple[int, TokenObject]) -> int:
    """The place of an object's class among those that were searched for one after the other."""
    kind = found[1].kind
    return _IN_TURN.index(kind) if kind in _IN_TURN else len(_IN_TURN)


def _completed(
    session: Session,
    handle: int,
    shown: Mapping[int, bytes],
    found_as: int | None,
    wanted: Wanted,
) -> Mapping[int, bytes]:
    """What an object shows, with what only its class tells to ask for."""
    kind = number(shown[CKA.CLASS]) if CKA.CLASS in shown else found_as
    if not shown or found_as == CKO.CERTIFICATE or kind in _SECRETIVE:
        return shown
    if kind == CKO.PUBLIC_KEY and shown.keys() & {CKA.MODULUS, CKA.EC_POINT}:
        return shown
    every = wanted.public if kind == CKO.PUBLIC_KEY else wanted.certificates
    rest = [each for each in every if each not in wanted.others]
    told = {**shown, **((_read(session, handle, rest) or {}) if rest else {})}
    return {each: told[each] for each in every if each in told}


def _counted(session: Session, handle: int, attributes: Sequence[int]) -> dict[int, bytes] | None:
    shown = _read(session, handle, attributes)
    work.did(Doing.READING)
    return shown


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
        ref = numbered(obj.ref, seen[obj.ref])
        yield obj if ref == obj.ref else replace(obj, ref=ref)
