"""A PKCS#10 request whose signature is made on the token."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lockwright.certificates import subjects
from lockwright.certificates.asn1 import SET, node
from lockwright.certificates.attribute_types import COMMON_NAME
from lockwright.certificates.names import as_text, read_name
from lockwright.enrol.signatures import sign as signed
from lockwright.enrol.signatures import signature_algorithm
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.token_key import Sign, private_key
from lockwright.errors import BrokenRequest
from lockwright.i18n import N_
from lockwright.pkcs11.der import BIT_STRING, SEQUENCE, encode, oid

_VERSION_1 = b"\x02\x01\x00"
_ATTRIBUTES = 0xA0
_EXTENSION_REQUEST = "1.2.840.113549.1.9.14"


def parse_subject(text: str, *, complete: bool = True) -> x509.Name:
    """A subject name from its text, such as ``CN=Anna Petrova,O=Bank,C=RU``.

    Args:
        text: RFC 4514, its types also by the names that people use.
        complete: whether its values are what they will be; otherwise they are not judged.

    Raises:
        BrokenRequest: the text is not a name, or an empty one.
    """
    try:
        name = subjects.parse(text, complete=complete)
    except subjects.NotAName as error:
        raise BrokenRequest(subject=text, reason=str(error)) from error
    if not list(name):
        raise BrokenRequest(subject=text, reason=N_("it has no attributes"))
    return name


def common_name(name: bytes) -> str:
    """The common name in a name, DER, or all of it if it has none."""
    found = read_name(node(name))
    named = (each.text for each in found.attributes if each.oid == COMMON_NAME and each.text)
    return next(named, None) or found.rfc4514()


def public_key_of(request: bytes) -> bytes:
    """The public key in a PKCS#10 request, DER to DER SubjectPublicKeyInfo."""
    return public_info(x509.load_der_x509_csr(request).public_key())


def as_pem(request: bytes) -> str:
    """A PKCS#10 request, DER to PEM."""
    return x509.load_der_x509_csr(request).public_bytes(serialization.Encoding.PEM).decode()


def build_request(
    subject: bytes, public_key: bytes, sign: Sign, *, extensions: Sequence[bytes] = ()
) -> bytes:
    """A signed request for a key on a token (RFC 2986, 4).

    Args:
        subject: subject name, DER; it stands in the request as it is.
        public_key: the key's public half, DER SubjectPublicKeyInfo.
        sign: signs the request's body on the token.
        extensions: each Extension to ask for, DER, which stands in the request as it is.

    Returns:
        The request, DER, its signature checked.
    """
    key = private_key(public_key, sign)
    wanted = encode(SET, encode(SEQUENCE, *extensions))
    attributes = encode(SEQUENCE, oid(_EXTENSION_REQUEST), wanted) if extensions else b""
    info = encode(
        SEQUENCE,
        _VERSION_1,
        subject,
        public_info(key.public_key()),
        encode(_ATTRIBUTES, attributes),
    )
    signature = encode(BIT_STRING, b"\0", signed(key, info))
    request = encode(SEQUENCE, info, signature_algorithm(key), signature)
    if not x509.load_der_x509_csr(request).is_signature_valid:
        raise BrokenRequest(
            subject=as_text(subject),
            reason=N_("the signature that the token made is wrong"),
        )
    return request
