"""Take over a key and its certificate from a PKCS#12 file, where the bank lets that be done."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.calls.adapters import Calls
from lockwright.contract import hooks
from lockwright.errors import (
    CertificateAlreadyStored,
    CertificateForAnotherKey,
    KeyAlreadyThere,
    KeyFileAmbiguous,
    KeyFileUnreadable,
    TokenFull,
    TokenRefused,
)
from lockwright.i18n import N_
from lockwright.models import KeyPair, ObjectKind, StoredCertificate, Token
from lockwright.operations.care.offered import refuse_not_offered
from lockwright.operations.enrolment.by_hand import checked_path, room, undone_on_error
from lockwright.operations.listing import listing
from lockwright.operations.object_labels import check_object_label, label_of
from lockwright.operations.signer import signer
from lockwright.pkcs11.public_values import of_info
from lockwright.records import dataclass
from lockwright.secret import Secret

if TYPE_CHECKING:
    from cryptography import x509

_ID_BYTES = 16
_KEYS = {ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}
_BAG = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"
_KEY_BAGS = (_BAG + b"\x01", _BAG + b"\x02")
"""``keyBag`` and ``pkcs8ShroudedKeyBag`` (RFC 7292, 4.2), which say their kind in the clear."""


@dataclass(frozen=True, slots=True)
class CaCertificate:
    """A CA certificate that a file brings along."""

    certificate: bytes
    """DER."""
    id: bytes
    """Its subject key identifier, which it gets as ``CKA_ID`` (RFC 5280, 4.2.1.2)."""
    name: str
    """Common name of the CA; its subject (RFC 4514) if it has none."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a PKCS#12 file holds, opened and checked."""

    key: Secret = field(repr=False)
    """The private key, DER PrivateKeyInfo; whoever opened the file wipes it."""
    public_key: bytes
    """Its public key, DER SubjectPublicKeyInfo."""
    certificate: bytes
    """Its certificate, DER."""
    subject: str
    """Subject of that (RFC 4514)."""
    name: str
    """Common name of that."""
    cas: tuple[CaCertificate, ...] = ()
    """Of its CA certificates those that the certificate leads through to a trusted CA."""


def opened(data: bytes, password: Secret, *, file: str, trust: Sequence[Path]) -> KeyFile:
    """Open a PKCS#12 file, and refuse what no token should get.

    Args:
        data: the file's content.
        password: what opens it.
        file: its name, for the errors.
        trust: files with the trusted CA certificates.

    Raises:
        KeyFileUnreadable: the password is wrong, or it is no PKCS#12 file with key and certificate.
        KeyFileAmbiguous: it has several keys, as far as their bags are not encrypted as a whole.
        CertificateForAnotherKey: they do not belong together.
        CertificateError: the certificate is not valid now, or not trusted.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # slow to import
    from cryptography.hazmat.primitives import serialization as forms  # noqa: PLC0415  # the same
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415  # the same
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415  # the same

    from lockwright.certificates.subjects import subject_text  # noqa: PLC0415  # the same
    from lockwright.enrol.request import common_name  # noqa: PLC0415  # the same
    from lockwright.enrol.soft_key import public_info  # noqa: PLC0415  # the same
    from lockwright.enrol.trust import der, spki  # noqa: PLC0415  # the same

    try:
        found = pkcs12.load_pkcs12(data, password.reveal())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    key = found and found.key
    if (
        found is None
        or found.cert is None
        or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    ):
        raise KeyFileUnreadable(file=file)
    if (keys := sum(data.count(bag) for bag in _KEY_BAGS)) > 1:
        raise KeyFileAmbiguous(file=file, keys=keys)
    leaf, public_key = found.cert.certificate, public_info(key.public_key())
    if spki(leaf) != public_key:
        raise CertificateForAnotherKey(subject=subject_text(leaf), serial=file)
    more = [each.certificate for each in found.additional_certs]
    pem = b"".join(each.public_bytes(forms.Encoding.PEM) for each in (leaf, *more))
    path = checked_path(pem, file=file, trust=trust)
    cas = tuple(_of_a_ca(each) for each in path[1:] if each in more)
    bare = key.private_bytes(forms.Encoding.DER, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    name = common_name(leaf.subject.public_bytes())
    return KeyFile(Secret(bare), public_key, der(leaf), subject_text(leaf), name, cas)


def _of_a_ca(certificate: x509.Certificate) -> CaCertificate:
    from cryptography import x509  # noqa: PLC0415  # slow to import

    from lockwright.enrol.request import common_name  # noqa: PLC0415  # the same
    from lockwright.enrol.trust import der  # noqa: PLC0415  # the same

    identifier = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key())
    name = common_name(certificate.subject.public_bytes())
    return CaCertificate(der(certificate), identifier.digest, name)


def take_over(  # what it works with, and what a person chose
    calls: Calls,
    token: Token,
    pin: Secret,
    found: KeyFile,
    label: str | None,
    *,
    with_cas: bool = False,
) -> StoredCertificate:
    """Write a key and its certificate to a token, and prove them by a signature.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        found: what the file holds.
        label: label of both; None for the common name of the certificate.
        with_cas: write the CA certificates of the file, too, as far as the token lacks them.

    Returns:
        The certificate as it is on the token; ``beside`` has the CA certificates.

    Raises:
        ObjectLabelRefused: nothing is given such a label.
        NotOffered: the token takes no keys.
        KeyAlreadyThere, CertificateAlreadyStored: it has it already; nothing was written.
        TokenFull: there is no room: the token said so before, or nothing is left of what was
            written.
        TokenRefused: the key that it took does not sign; nothing is left of it.
    """
    from lockwright.enrol.signatures import proves_key  # noqa: PLC0415  # cryptography is slow to import
    from lockwright.enrol.trust import fingerprint  # noqa: PLC0415  # the same

    check_object_label(label)
    refuse_not_offered(token, "import_key")
    content, value = listing(calls, token, pin), of_info(found.public_key)
    if any(obj.public_value == value for obj in content.all_objects if obj.kind in _KEYS):
        raise KeyAlreadyThere(subject=found.subject, serial=token.serial)
    if any(obj.value == found.certificate for obj in content.all_objects):
        raise CertificateAlreadyStored(subject=found.subject, serial=token.serial)
    named = label or label_of(found.name)
    pair = KeyPair(secrets.token_bytes(_ID_BYTES), named, found.public_key)
    there = {obj.value for obj in content.all_objects}
    cas = tuple(each for each in found.cas if with_cas and each.certificate not in there)
    written = [each.certificate for each in cas]

    with room(calls, token, pin):
        _require_room(calls, token, [found.public_key, found.certificate, *written])
    undone = undone_on_error(calls, token, pin, pair, written)
    with calls.staying(token), undone, room(calls, token, pin):
        calls(hooks.lockwright_import_key, token, pin, found.key, pair.public_key, pair.id, named)
        calls(hooks.lockwright_store, token, pin, pair.id, named, found.certificate)
        for each in cas:
            calls(hooks.lockwright_store, token, pin, each.id, each.name, each.certificate)
        if not proves_key(found.public_key, signer(calls, token, pin, pair)):
            raise TokenRefused(
                action=N_("sign with the key that it took over"),
                name=N_("the signature does not fit"),
            )
    beside = tuple(StoredCertificate(e.id, e.name, fingerprint(e.certificate)) for e in cas)
    return StoredCertificate(pair.id, named, fingerprint(found.certificate), beside)


def _require_room(calls: Calls, token: Token, public: Sequence[bytes]) -> None:
    """Refuse at once what cannot find room: objects take more than the values in them.

    Only what anyone may see is counted, since that is the memory that a token tells of.

    Raises:
        TokenFull: the token has less memory free than that; nothing was written.
    """
    memory = calls(hooks.lockwright_state, token).memory
    if memory is not None and memory.free < sum(map(len, public)):
        raise TokenFull(serial=token.serial, could_go=())
