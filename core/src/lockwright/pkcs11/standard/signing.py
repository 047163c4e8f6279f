"""Sign with a key of the token."""

from __future__ import annotations

import hashlib

from lockwright.errors import KeyMissing, KeyUnclear, NotSupported
from lockwright.i18n import N_
from lockwright.models import SignatureScheme, Token
from lockwright.pkcs11.constants import CKA, CKM, CKO
from lockwright.pkcs11.refs import TWIN
from lockwright.pkcs11.session import Module, Session, Template
from lockwright.pkcs11.spki import digest_info, ecdsa_signature
from lockwright.pkcs11.standard.listing import OTHER_ATTRIBUTES, ref_of
from lockwright.pkcs11.standard.sessions import locate, translated, user_session
from lockwright.secret import Secret

_ECDSA_HASHES = {
    SignatureScheme.ECDSA_SHA256: hashlib.sha256,
    SignatureScheme.ECDSA_SHA384: hashlib.sha384,
}


@translated(N_("sign"))
def sign(
    module: Module,
    token: Token,
    pin: Secret,
    key_id: bytes,
    scheme: SignatureScheme,
    data: bytes,
    ref: str | None = None,
) -> bytes:
    """Sign with a key of the token.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key.
        scheme: how to sign.
        data: the whole message.
        ref: which private key of this id; None for the only one. With ``#`` and a number it is one
            of those that are alike, whichever this session has at that place.

    Returns:
        The signature in the form the scheme says.

    Raises:
        KeyMissing: there is no such key.
        KeyUnclear: several fit; none of them was used.
        NotSupported: the token has no mechanism for the scheme.
    """
    mechanisms = module.mechanisms(locate(module, token).slot)
    with user_session(module, token, pin, write=False) as session:
        key = _key(session, token, key_id, ref)
        return sign_with(session, key, mechanisms, scheme, data, pin)


def _key(session: Session, token: Token, key_id: bytes, ref: str | None) -> int:
    """The handle of the one private key that is meant."""
    wanted: Template = {CKA.CLASS: CKO.PRIVATE_KEY, **({CKA.ID: key_id} if key_id else {})}
    found = session.find(wanted)
    if ref is not None:
        alike, _, number = ref.partition(TWIN)
        found = [h for h in found if ref_of(session.read(h, OTHER_ATTRIBUTES)) == alike]
        found = found[int(number) - 1 :][:1] if number.isdigit() and int(number) else found
    if not found:
        raise KeyMissing(id=key_id.hex() or "-", serial=token.serial)
    if len(found) > 1:
        raise KeyUnclear(id=key_id.hex() or "-", serial=token.serial)
    return found[0]


def sign_with(
    session: Session,
    key: int,
    mechanisms: frozenset[int],
    scheme: SignatureScheme,
    data: bytes,
    pin: Secret | None = None,
) -> bytes:
    """Sign in a session that is logged in.

    Args:
        session: the session.
        key: handle of the private key.
        mechanisms: those of the token.
        scheme: how to sign.
        data: the whole message.
        pin: the user PIN, for a key that wants it for each signature.

    Returns:
        The signature in the form the scheme says.

    Raises:
        CkrError: the token refused.
        NotSupported: it has no such mechanism.
    """
    if scheme in _ECDSA_HASHES:
        digest = _ECDSA_HASHES[scheme](data).digest()
        return ecdsa_signature(session.sign(key, CKM.ECDSA, digest, pin))
    if scheme is SignatureScheme.RSA_PSS_SHA256:
        return _by_pss(session, key, mechanisms, data, pin)
    if CKM.SHA256_RSA_PKCS in mechanisms:
        return session.sign(key, CKM.SHA256_RSA_PKCS, data, pin)
    return session.sign(key, CKM.RSA_PKCS, digest_info(hashlib.sha256(data).digest()), pin)


def _by_pss(
    session: Session, key: int, mechanisms: frozenset[int], data: bytes, pin: Secret | None
) -> bytes:
    if CKM.SHA256_RSA_PKCS_PSS in mechanisms:
        return session.sign(key, CKM.SHA256_RSA_PKCS_PSS, data, pin)
    if CKM.RSA_PKCS_PSS in mechanisms:
        return session.sign(key, CKM.RSA_PKCS_PSS, hashlib.sha256(data).digest(), pin)
    raise NotSupported(operation=N_("sign by RSA-PSS"))
