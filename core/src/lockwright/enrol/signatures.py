"""Signatures of keys that are elsewhere, made and checked."""

from __future__ import annotations

import secrets

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives._asymmetric import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lockwright.enrol.token_key import Sign, SigningKey, digest_for, private_key
from lockwright.enrol.trust import spki
from lockwright.models import SignatureScheme
from lockwright.pkcs11.der import NULL, SEQUENCE, encode, oid

_PROOF = 32


def sign(key: SigningKey, data: bytes) -> bytes:
    """Sign with a key that is in a token."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, PKCS1v15(), digest_for(key))
    return key.sign(data, ec.ECDSA(digest_for(key)))


def signature_algorithm(key: SigningKey) -> bytes:
    """AlgorithmIdentifier of what ``sign`` makes, DER (RFC 5758, RFC 4055)."""
    if isinstance(key, rsa.RSAPrivateKey):
        return encode(SEQUENCE, oid("1.2.840.113549.1.1.11"), NULL)
    wide = isinstance(digest_for(key), hashes.SHA384)
    return encode(SEQUENCE, oid("1.2.840.10045.4.3.3" if wide else "1.2.840.10045.4.3.2"))


def verifies(
    signer: x509.Certificate,
    digest: hashes.HashAlgorithm | None,
    signature: bytes,
    data: bytes,
    *,
    padded: AsymmetricPadding | None = None,
) -> bool:
    """Whether a signature is that of a certificate's key; never that of a key of an unknown kind.

    Args:
        signer: the certificate.
        digest: what the data are hashed with; None for Ed25519 and Ed448, which do it themselves.
        signature: the signature.
        data: what is signed.
        padded: padding of an RSA signature; None for PKCS #1 v1.5.
    """
    try:
        return _fits(signer.public_key(), digest, signature, data, padded)
    except (UnsupportedAlgorithm, ValueError):
        return False


def _fits(
    public_key: object,
    digest: hashes.HashAlgorithm | None,
    signature: bytes,
    data: bytes,
    padded: AsymmetricPadding | None = None,
) -> bool:
    try:
        match public_key, digest:
            case rsa.RSAPublicKey() as public, hashes.HashAlgorithm():
                public.verify(signature, data, padded or PKCS1v15(), digest)
            case ec.EllipticCurvePublicKey() as public, hashes.HashAlgorithm():
                public.verify(signature, data, ec.ECDSA(digest))
            case (ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()) as public, None:
                public.verify(signature, data)
            case _:
                return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def proves(certificate: bytes, sign_with: Sign) -> bool:
    """Whether a key signs, here some random data, so that a certificate fits.

    Args:
        certificate: DER.
        sign_with: signs with the key.
    """
    return proves_key(spki(x509.load_der_x509_certificate(certificate)), sign_with)


def proves_by_pss(public_key: bytes, sign_with: Sign) -> bool | None:
    """Whether a key signs by RSA-PSS, here some random data, so that a public key fits.

    Args:
        public_key: DER SubjectPublicKeyInfo.
        sign_with: signs with the key.

    Returns:
        Whether it fits; None of a key that is no RSA key.
    """
    key, data = load_der_public_key(public_key), secrets.token_bytes(_PROOF)
    if not isinstance(key, rsa.RSAPublicKey):
        return None
    digest = hashes.SHA256()
    padded = PSS(MGF1(digest), digest.digest_size)
    return _fits(key, digest, sign_with(SignatureScheme.RSA_PSS_SHA256, data), data, padded)


def proves_key(public_key: bytes, sign_with: Sign) -> bool:
    """Whether a key signs, here some random data, so that a public key fits.

    Args:
        public_key: DER SubjectPublicKeyInfo.
        sign_with: signs with the key.

    Raises:
        TypeError, ValueError, UnsupportedAlgorithm: nothing here knows keys of its kind.
    """
    data = secrets.token_bytes(_PROOF)
    key = private_key(public_key, sign_with)
    return _fits(key.public_key(), digest_for(key), sign(key, data), data)
