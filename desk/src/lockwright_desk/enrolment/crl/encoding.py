"""A revocation list put together from entries that are DER already, and taken apart again.

``cryptography`` builds a list from an object for each entry, and copies what it has for every one
that is added; no other thread runs meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from lockwright.enrol.token_key import SigningKey, digest_for
from lockwright.pkcs11.der import NULL, SEQUENCE, elements, encode, integer, oid

from lockwright_desk.enrolment.crl.entries import extension, time

_BIT_STRING, _EXTENSIONS = 0x03, 0xA0
_VERSION_2 = integer(b"\x01")
_ENTRIES_AT = 5
"""Where the entries are in a list that has an end (RFC 5280, 5.1)."""
_ECDSA = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3"}
_RSA_SHA256 = "1.2.840.113549.1.1.11"


def signed_list(
    key: SigningKey,
    issuer: x509.Name,
    begin: datetime,
    end: datetime,
    entries: bytes,
    extensions: tuple[x509.ExtensionType, ...],
) -> bytes:
    """A list, signed.

    Args:
        key: the CA's key.
        issuer: the CA's name.
        begin: from when it is true.
        end: when there is a newer one.
        entries: its entries, DER, one after the other.
        extensions: its extensions, none of them critical.

    Returns:
        ``CertificateList``, DER.
    """
    algorithm = _algorithm(key)
    to_be_signed = encode(
        SEQUENCE,
        _VERSION_2,
        algorithm,
        issuer.public_bytes(),
        time(begin),
        time(end),
        encode(SEQUENCE, entries) if entries else b"",
        encode(_EXTENSIONS, encode(SEQUENCE, *map(extension, extensions))),
    )
    signature = _signed(key, to_be_signed)
    return encode(SEQUENCE, to_be_signed, algorithm, encode(_BIT_STRING, b"\0", signature))


def entries_of(der: bytes) -> bytes:
    """The entries of a list as ``signed_list`` takes them."""
    whole = next(elements(der))
    to_be_signed = next(elements(whole.content))
    parts = list(elements(to_be_signed.content))
    found = parts[_ENTRIES_AT]
    return found.content if found.tag == SEQUENCE else b""


def _algorithm(key: SigningKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return encode(SEQUENCE, oid(_RSA_SHA256), NULL)
    return encode(SEQUENCE, oid(_ECDSA[digest_for(key).name]))


def _signed(key: SigningKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), digest_for(key))
    return key.sign(data, ec.ECDSA(digest_for(key)))
