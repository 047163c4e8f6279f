"""A PKCS#10 request whose signature is made on the token."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from lockwright.certificates import subjects
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.token_key import Sign, digest_for, private_key
from lockwright.errors import BrokenRequest
from lockwright.i18n import N_


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


def common_name(name: x509.Name) -> str:
    """The name's common name, or all of it if it has none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else subjects.written(name)


def public_key_of(request: bytes) -> bytes:
    """The public key in a PKCS#10 request, DER to DER SubjectPublicKeyInfo."""
    return public_info(x509.load_der_x509_csr(request).public_key())


def as_der(request: bytes) -> bytes:
    """A PKCS#10 request, PEM to DER."""
    return x509.load_pem_x509_csr(request).public_bytes(serialization.Encoding.DER)


def build_request(
    subject: x509.Name,
    public_key: bytes,
    sign: Sign,
    *,
    names: x509.SubjectAlternativeName | None = None,
) -> bytes:
    """A signed request for a key on a token.

    Args:
        subject: subject name.
        public_key: the key's public half, DER SubjectPublicKeyInfo.
        sign: signs the request's body on the token.
        names: alternative names; a renewal has those of the old certificate (RFC 7030, 4.2.2).

    Returns:
        The request, PEM, its signature checked.
    """
    key = private_key(public_key, sign)
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    request = builder.sign(key, digest_for(key))
    if not request.is_signature_valid:
        raise BrokenRequest(
            subject=subjects.written(subject),
            reason=N_("the signature that the token made is wrong"),
        )
    return request.public_bytes(serialization.Encoding.PEM)
