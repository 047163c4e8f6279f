#!/usr/bin/env bash
# cryptography: two names compare equal, and their certificates make no chain.
#
# To be expected: either names are compared as RFC 5280 (7.1) asks, whatever string type an
# attribute has, or byte by byte; and issuer == subject tells which of the two a verifier does.
# What happens: x509.Name.__eq__ leaves the string type out of it, while the verifier and
# verify_directly_issued_by() compare bytes. OpenSSL takes the same chain. It arises where a CA
# writes PrintableString into what it issues and has UTF8String in its own certificate.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl
python_with cryptography==50.0.2

"$python" - >seen <<'PYTHON'
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC)
CA_KEY, KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
NO_USAGE = dict.fromkeys(
    ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
     "key_agreement", "encipher_only", "decipher_only"), False)


def name(text, kind):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text, kind)])


def certificate(subject, issuer, key, *extensions):
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), 1,
                                      NOW - timedelta(1), NOW + timedelta(30))
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(CA_KEY.public_key()), False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(CA_KEY, SHA256())


def outcome(doing):
    try:
        doing()
    except (ValueError, verification.VerificationError) as error:
        return type(error).__name__
    return "accepted"


utf8, printable = (name("Bank CA", _ASN1Type[f"{kind}String"]) for kind in ("UTF8", "Printable"))
ca = certificate(
    utf8, utf8, CA_KEY,
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (x509.KeyUsage(**NO_USAGE, key_cert_sign=True, crl_sign=True), True),
    (x509.SubjectKeyIdentifier.from_public_key(CA_KEY.public_key()), False))
verifier = verification.PolicyBuilder().store(verification.Store([ca])).build_client_verifier()
Path("ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
for kind, issuer in (("same string type", utf8), ("other string type", printable)):
    clerk = certificate(
        name("Clerk", _ASN1Type.UTF8String), issuer, KEY,
        (x509.SubjectAlternativeName([x509.RFC822Name("clerk@bank.example")]), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False))
    print(f"{kind}: issuer == subject is {clerk.issuer == ca.subject},",
          "issued by:", outcome(lambda: clerk.verify_directly_issued_by(ca)) + ",",
          "chain:", outcome(lambda: verifier.verify(clerk, [])))
    Path("clerk.pem").write_bytes(clerk.public_bytes(Encoding.PEM))
PYTHON
openssl verify -CAfile ca.pem clerk.pem 2>&1 | sed 's/clerk.pem/other string type, OpenSSL/' >>seen
expect seen <<'EOT'
same string type: issuer == subject is True, issued by: accepted, chain: accepted
other string type: issuer == subject is True, issued by: ValueError, chain: VerificationError
other string type, OpenSSL: OK
EOT
