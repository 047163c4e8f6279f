"""Certificates as EST carries them: certs-only CMS, DER or BER, in base64."""

from __future__ import annotations

import base64
import binascii
import re
from codecs import BOM_UTF8
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7
from pyasn1.codec.ber.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.error import PyAsn1Error
from pyasn1_alt_modules import rfc5652

from lockwright.certificates import parts
from lockwright.certificates.strict import quiet
from lockwright.enrol.supported import loaded
from lockwright.enrol.trust import der, spki
from lockwright.i18n import N_

_BINARY = re.compile(rb"\x30[\x80-\x84]")
"""A SEQUENCE whose length takes several bytes, or is not said; no base64 begins so."""
_ARMOUR = b"-----"


def transfer_encoded(encoded: bytes) -> bytes:
    """DER as EST sends it: base64 in lines, the last one ended, which every server takes."""
    return base64.encodebytes(encoded)


def transfer_decoded(body: bytes) -> bytes:
    """The DER in a body, however it is broken into lines (RFC 8951, section 3).

    Read, too, is what differs from that and can mean nothing else, since what a CA issued is in it:
    DER or BER as it stands, PEM's first and last line, a byte order mark before, NULs behind, as
    libest sends them elsewhere.

    Raises:
        ValueError: it is not base64; the text says so.
    """
    if _BINARY.match(body):
        return body
    lines = body.removeprefix(BOM_UTF8).rstrip(b"\0 \t\r\n").splitlines()
    kept = b"".join(line for line in lines if not line.startswith(_ARMOUR))
    try:
        return base64.b64decode(b"".join(kept.split()), validate=True)
    except binascii.Error:
        problem = N_("it is not base64")
    raise ValueError(problem)


def certificates_in(body: bytes, public_key: bytes | None = None) -> list[x509.Certificate]:
    """The certificates of a certs-only CMS (RFC 5652), in no order that means anything.

    Args:
        body: the body of an answer.
        public_key: the key that one must be for, DER SubjectPublicKeyInfo; None for any.

    Returns:
        Those that can be read; strangers of unknown kinds among them do not matter.

    Raises:
        ValueError: there are none, or none that can be read is for the key; the text says why.
    """
    content = transfer_decoded(body)
    try:
        found, unread = _strict(content), ""
    except (ValueError, x509.InvalidVersion):
        found, unread = _each(_lenient(content))
    if unread and not any(public_key in {None, spki(each)} for each in found):
        raise ValueError(unread)
    if not found:
        raise ValueError(N_("it holds no certificate"))
    return found


def _each(sent: list[bytes]) -> tuple[list[x509.Certificate], str]:
    """Those that can be read, and why the first of the others cannot; empty if all can."""
    found, unread = [], ""
    for each in sent:
        try:
            found.append(loaded(each))
        except ValueError as error:
            unread = unread or str(error)
    return found, unread


def one_for(
    public_key: bytes, found: list[x509.Certificate], anchors: Sequence[bytes] = ()
) -> tuple[bytes, tuple[bytes, ...]]:
    """The certificate for a key, and the others, as DER.

    Args:
        public_key: DER SubjectPublicKeyInfo.
        found: what the server sent, one at least. If none is for the key, the first stands for it,
            and the core refuses it.
        anchors: the CA's trusted certificates, DER.

    Raises:
        ValueError: all are the CA's own, roots that are trusted or CAs below others: the one that
            was ordered was left out.
    """
    mine = next((c for c in found if spki(c) == public_key), None)
    if mine is None and all(_is_the_cas_own(der(each), anchors) for each in found):
        raise ValueError(N_("the certificate that was ordered is not in it"))
    mine = mine or found[0]
    return der(mine), tuple(der(other) for other in found if other != mine)


def _is_the_cas_own(certificate: bytes, anchors: Sequence[bytes]) -> bool:
    read = parts.of_certificate(certificate)
    return certificate in anchors or (read.is_of_a_ca and not read.is_own_issuer)


def _strict(content: bytes) -> list[x509.Certificate]:
    # Servers do not sort the set, which DER asks for; cryptography reads it anyway, and warns.
    with quiet():
        return pkcs7.load_der_pkcs7_certificates(content)


def _lenient(content: bytes) -> list[bytes]:
    """What cryptography does not read as PKCS#7 at all, because it is not DER; DER."""
    try:
        outer, _rest = decode(content, asn1Spec=rfc5652.ContentInfo())
        inner, _rest = decode(outer["content"], asn1Spec=rfc5652.SignedData())
        found = [choice["certificate"] for choice in inner["certificates"]]
        return [bytes(encode(one)) for one in found]
    except (PyAsn1Error, ValueError, KeyError, TypeError):
        problem = N_("it is not CMS with certificates")
    raise ValueError(problem)
