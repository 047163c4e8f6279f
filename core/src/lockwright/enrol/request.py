"""A PKCS#10 request whose signature is made on the token."""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives._asymmetric import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.utils import Buffer
from cryptography.x509.oid import NameOID

from lockwright.errors import BrokenRequest
from lockwright.models import SignatureScheme

Sign = Callable[[SignatureScheme, bytes], bytes]


def parse_subject(text: str) -> x509.Name:
    """A subject name from its RFC 4514 text, such as ``CN=Anna Petrova,O=Bank,C=RU``.

    Raises:
        BrokenRequest: the text is no name, or an empty one.
    """
    try:
        name = x509.Name.from_rfc4514_string(text)
    except ValueError as error:
        raise BrokenRequest(subject=text, reason=str(error) or "not a name") from error
    if not list(name):
        raise BrokenRequest(subject=text, reason="it is empty")
    return name


def common_name(name: x509.Name) -> str:
    """The name's common name, or all of it if it has none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def build_request(subject: x509.Name, public_key: bytes, sign: Sign) -> bytes:
    """A signed request for a key on a token.

    Args:
        subject: subject name.
        public_key: the key's public half, DER SubjectPublicKeyInfo.
        sign: signs the request's body on the token.

    Returns:
        The request, PEM, its signature checked.
    """
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    public = serialization.load_der_public_key(public_key)
    match public:
        case rsa.RSAPublicKey():
            request = builder.sign(_TokenRsaKey(public, sign), hashes.SHA256())
        case ec.EllipticCurvePublicKey():
            digest = hashes.SHA384() if public.key_size > 256 else hashes.SHA256()  # noqa: PLR2004
            request = builder.sign(_TokenEcKey(public, sign), digest)
        case _:
            raise TypeError(f"no request is made for {type(public).__name__}")
    if not request.is_signature_valid:
        raise BrokenRequest(subject=subject.rfc4514_string(), reason="the token's signature fails")
    return request.public_bytes(serialization.Encoding.PEM)


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
