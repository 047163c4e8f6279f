"""Sign with a key of the token."""

from __future__ import annotations

import hashlib

from lockwright.errors import KeyMissing
from lockwright.i18n import N_
from lockwright.models import SignatureScheme, Token
from lockwright.pkcs11.constants import CKA, CKM, CKO
from lockwright.pkcs11.session import Module, Session
from lockwright.pkcs11.spki import digest_info, ecdsa_signature
from lockwright.pkcs11.standard.sessions import locate, translated, user_session
from lockwright.secret import Secret

_ECDSA_HASHES = {
    SignatureScheme.ECDSA_SHA256: hashlib.sha256,
    SignatureScheme.ECDSA_SHA384: hashlib.sha384,
}


@translated(N_("sign"))
def sign(
    module: Module, token: Token, pin: Secret, key_id: bytes, scheme: SignatureScheme, data: bytes
) -> bytes:
    """Sign with a key of the token.

    Args:
        module: the session port.
        token: the token.
        pin: user PIN.
        key_id: ``CKA_ID`` of the key.
        scheme: how to sign.
        data: the whole message.

    Returns:
        The signature in the form the scheme says.

    Raises:
        KeyMissing: there is no such key.
    """
    mechanisms = module.mechanisms(locate(module, token).slot)
    with user_session(module, token, pin, write=False) as session:
        found = session.find({CKA.CLASS: CKO.PRIVATE_KEY, CKA.ID: key_id})
        if not found:
            raise KeyMissing(id=key_id.hex(), serial=token.serial)
        return sign_with(session, found[0], mechanisms, scheme, data)


def sign_with(
    session: Session,
    key: int,
    mechanisms: frozenset[int],
    scheme: SignatureScheme,
    data: bytes,
) -> bytes:
    """Sign in a session that is logged in.

    Args:
        session: the session.
        key: handle of the private key.
        mechanisms: those of the token.
        scheme: how to sign.
        data: the whole message.

    Returns:
        The signature in the form the scheme says.

    Raises:
        CkrError: the token refused.
    """
    if scheme in _ECDSA_HASHES:
        return ecdsa_signature(session.sign(key, CKM.ECDSA, _ECDSA_HASHES[scheme](data).digest()))
    if CKM.SHA256_RSA_PKCS in mechanisms:
        return session.sign(key, CKM.SHA256_RSA_PKCS, data)
    return session.sign(key, CKM.RSA_PKCS, digest_info(hashlib.sha256(data).digest()))
