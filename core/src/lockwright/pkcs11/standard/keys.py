"""Key pairs: make one on the token, and find those the user can sign with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lockwright.errors import UNKNOWN_COST, NotSupported, TokenRefused
from lockwright.i18n import N_, _
from lockwright.models import KeyPair, KeyRequest, Token
from lockwright.pkcs11.constants import CKA, CKM, CKO
from lockwright.pkcs11.errors import CkrError, explain
from lockwright.pkcs11.session import AttributeValue, Module, Session, Template
from lockwright.pkcs11.spki import CURVES, public_key
from lockwright.pkcs11.standard.listing import OTHER_ATTRIBUTES, ref_of
from lockwright.pkcs11.standard.sessions import translated, user_session
from lockwright.pkcs11.values import number
from lockwright.secret import Secret

_RSA_BITS = {"rsa:2048": 2048, "rsa:3072": 3072, "rsa:4096": 4096}
_F4 = (65537).to_bytes(3)
Attributes = Mapping[int, bytes]
_PUBLIC = (CKA.MODULUS, CKA.PUBLIC_EXPONENT, CKA.EC_PARAMS, CKA.EC_POINT)


@translated(N_("make a key pair"))
def generate(module: Module, token: Token, pin: Secret, request: KeyRequest) -> KeyPair:
    """Make a key pair on the token: sensitive, never extractable, made there.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        request: key type, a ``CKA_ID`` that is not in use, and label.

    Returns:
        The key pair; on any error no half of it is left.

    Raises:
        TokenFull: there is no room.
        NotSupported: the token makes no such key.
    """
    mechanism, kind = _kind(request.key_type)
    with user_session(module, token, pin) as session:
        if session.find({CKA.ID: request.id}):
            raise TokenRefused(action=N_("make a key pair"), name=N_("its CKA_ID is in use"))
        try:
            return _make(session, mechanism, kind, request)
        except BaseException:
            clear(session, request.id, token.serial)
            raise


@translated(N_("show its keys"))
def keys(module: Module, token: Token, pin: Secret, key_id: bytes | None) -> Sequence[KeyPair]:
    """Find the key pairs whose private key the user can sign with.

    A private key that shows no public key, neither itself nor in the only public key of its
    ``CKA_ID``, or of its id and label, is left out: a signature would have to tell whose it is.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: those with this ``CKA_ID``; None for any.
    """
    named: Template = {} if key_id is None else {CKA.ID: key_id}
    with user_session(module, token, pin, write=False) as session:
        public = _read(session, {CKA.CLASS: CKO.PUBLIC_KEY, **named})
        private = _read(session, {CKA.CLASS: CKO.PRIVATE_KEY, **named})
    signing = (key for key in private if number(key.get(CKA.SIGN, b"")))
    pairs = ((key, public_key(key) or _other_half(key, public)) for key in signing)
    return [
        KeyPair(
            id=key.get(CKA.ID, b""),
            label=key.get(CKA.LABEL, b"").decode(errors="replace"),
            public_key=info,
            ref=ref_of(key),
        )
        for key, info in pairs
        if info
    ]


def _other_half(key: Attributes, public: Sequence[Attributes]) -> bytes | None:
    """The public key of the only public key object that can be that of a private key."""
    same_id = [each for each in public if each.get(CKA.ID) == key.get(CKA.ID)]
    same_label = [each for each in same_id if each.get(CKA.LABEL) == key.get(CKA.LABEL)]
    for found in (same_id, same_label):
        infos = {public_key(each) for each in found}
        if len(infos) == 1:
            return infos.pop()
    return None


def _kind(key_type: str) -> tuple[CKM, dict[int, AttributeValue]]:
    """The mechanism that makes a key type, and what the public template says of it."""
    if key_type in _RSA_BITS:
        bits = _RSA_BITS[key_type]
        return CKM.RSA_PKCS_KEY_PAIR_GEN, {CKA.MODULUS_BITS: bits, CKA.PUBLIC_EXPONENT: _F4}
    if key_type in CURVES:
        return CKM.EC_KEY_PAIR_GEN, {CKA.EC_PARAMS: CURVES[key_type]}
    raise NotSupported(operation=_("make a key of the type {}").format(key_type))


def _make(session: Session, mechanism: CKM, kind: Template, request: KeyRequest) -> KeyPair:
    common: Template = {CKA.TOKEN: True, CKA.ID: request.id, CKA.LABEL: request.label}
    handle, _private = session.generate_key_pair(
        mechanism,
        {**common, **kind, CKA.VERIFY: True},
        {
            **common,
            CKA.PRIVATE: True,
            CKA.SENSITIVE: True,
            CKA.EXTRACTABLE: False,
            CKA.SIGN: True,
        },
    )
    info = public_key(session.read(handle, _PUBLIC))
    if info is None:
        raise TokenRefused(action=N_("show the public key"), name=N_("it has no value"))
    return KeyPair(request.id, request.label, info)


def clear(session: Session, key_id: bytes, serial: str) -> None:
    """Remove what was left half made, or say that it could not be removed."""
    try:
        for handle in session.find({CKA.ID: key_id}):
            session.destroy(handle)
    except CkrError as error:
        failure = explain(error, action=N_("remove a half-made key pair"), serial=serial)
    else:
        return
    failure.cost = UNKNOWN_COST
    raise failure


def _read(session: Session, template: Template) -> list[Attributes]:
    attributes = (*OTHER_ATTRIBUTES, CKA.SIGN, CKA.PUBLIC_EXPONENT)
    return [session.read(handle, attributes) for handle in session.find(template)]
