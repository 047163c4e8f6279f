"""A private key of which only the public half is here; what signs is the token.

``cryptography`` signs requests, certificates and lists with it like with any other.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives._asymmetric import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.utils import Buffer

from lockwright.models import SignatureScheme

Sign = Callable[[SignatureScheme, bytes], bytes]
SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_WIDEST_FOR_SHA256 = 256


def private_key(public_key: bytes, sign: Sign) -> SigningKey:
    """A key that signs on the token.

    Args:
        public_key: its public half, DER SubjectPublicKeyInfo.
        sign: signs a whole message on the token.
    """
    public = serialization.load_der_public_key(public_key)
    match public:
        case rsa.RSAPublicKey():
            return _TokenRsaKey(public, sign)
        case ec.EllipticCurvePublicKey():
            return _TokenEcKey(public, sign)
        case _:
            raise TypeError(f"no token signs with {type(public).__name__}")


def digest_for(key: SigningKey) -> hashes.SHA256 | hashes.SHA384:
    """The digest that goes with a key: SHA-384 on a curve wider than P-256, else SHA-256."""
    wide = isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size > _WIDEST_FOR_SHA256
    return hashes.SHA384() if wide else hashes.SHA256()


class _TokenRsaKey(rsa.RSAPrivateKey):
    """An RSA key of which only the public half is here; what signs is the token."""

    def __init__(self, public: rsa.RSAPublicKey, sign: Sign) -> None:
        self._public = public
        self._sign = sign

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public

    def sign(self, data: Buffer, padding: AsymmetricPadding, algorithm: object) -> bytes:
        if not isinstance(padding, PKCS1v15) or not isinstance(algorithm, hashes.SHA256):
            raise TypeError("an RSA key of a token signs PKCS #1 v1.5 with SHA-256")
        return self._sign(SignatureScheme.RSA_PKCS1_SHA256, bytes(data))

    def decrypt(self, *_whatever: object) -> bytes:
        raise _stays()

    def private_numbers(self) -> rsa.RSAPrivateNumbers:
        raise _stays()

    def private_bytes(self, *_how: object) -> bytes:
        raise _stays()

    def __copy__(self) -> rsa.RSAPrivateKey:
        return self

    def __deepcopy__(self, _memo: object) -> rsa.RSAPrivateKey:
        return self


class _TokenEcKey(ec.EllipticCurvePrivateKey):
    """An EC key of which only the public half is here; what signs is the token."""

    def __init__(self, public: ec.EllipticCurvePublicKey, sign: Sign) -> None:
        self._public = public
        self._sign = sign

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Buffer, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        wide = isinstance(signature_algorithm.algorithm, hashes.SHA384)
        scheme = SignatureScheme.ECDSA_SHA384 if wide else SignatureScheme.ECDSA_SHA256
        return self._sign(scheme, bytes(data))

    def exchange(self, *_whatever: object) -> bytes:
        raise _stays()

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise _stays()

    def private_bytes(self, *_how: object) -> bytes:
        raise _stays()

    def __copy__(self) -> ec.EllipticCurvePrivateKey:
        return self

    def __deepcopy__(self, _memo: object) -> ec.EllipticCurvePrivateKey:
        return self


def _stays() -> TypeError:
    return TypeError("the key is on the token and stays there")
