#!/usr/bin/env bash
# cryptography: a policy that permits all extensions refuses certificatePolicies that is critical.
#
# To be expected: whether certificatePolicies and extKeyUsage are critical is the issuer's choice (RFC 5280,
# 4.2.1.4 and 4.2.1.12), and the path check of section 6 processes the former. ExtensionPolicy.permit_all(),
# which drops the web's rules, takes both, as OpenSSL does with -x509_strict.
# What happens: it takes the one and refuses the other as "unaccounted-for", though the library reads it;
# in a CA's certificate, too. It has to be named with may_be_present(), or the path be checked elsewhere.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl
python_with cryptography==50.0.2

cat >verify.py <<'PYTHON'
import datetime
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BEGIN, END = datetime.datetime(2026, 1, 1), datetime.datetime(2036, 1, 1)
CA_KEY, KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def signed(subject, key, *extensions):
    builder = x509.CertificateBuilder(name("Bank CA"), name(subject), key.public_key(), 7, BEGIN, END)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(CA_KEY, hashes.SHA256())


IDENTIFIER = x509.SubjectKeyIdentifier.from_public_key(CA_KEY.public_key())
ISSUER = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(IDENTIFIER), False
MAIL = x509.SubjectAlternativeName([x509.RFC822Name("anna@bank.example")]), False
CLIENT = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
POLICIES = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.643.100.113.1"), None)])
CA = signed(
    "Bank CA",
    CA_KEY,
    (x509.BasicConstraints(True, None), True),
    (x509.KeyUsage(False, False, False, False, False, True, True, False, False), True),
    (IDENTIFIER, False),
)
Path("ca.pem").write_bytes(CA.public_bytes(Encoding.PEM))


def taken(builder, certificate):
    verifier = builder.store(verification.Store([CA])).time(BEGIN).build_client_verifier()
    try:
        verifier.verify(certificate, [])
    except verification.VerificationError:
        return "refused"
    return "taken"


def by_openssl(certificate):
    Path("leaf.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    strict = ["-x509_strict", "-purpose", "any", "-attime", str(int(BEGIN.timestamp()) + 86400 * 2)]
    done = subprocess.run(["openssl", "verify", *strict, "-CAfile", "ca.pem", "leaf.pem"], capture_output=True)
    return "refused" if done.returncode else "taken"


AGNOSTIC, Policy = verification.Criticality.AGNOSTIC, verification.ExtensionPolicy
NAMED = Policy.permit_all().may_be_present(x509.CertificatePolicies, AGNOSTIC, None)
OF_A_CA = Policy.permit_all().require_present(x509.BasicConstraints, AGNOSTIC, None)
for what, extensions in {
    "use is critical": [MAIL, (CLIENT, True)],
    "policies": [MAIL, (POLICIES, False)],
    "policies are critical": [MAIL, (POLICIES, True)],
}.items():
    leaf = signed("Anna", KEY, ISSUER, *extensions)
    print(f"{what}: by OpenSSL {by_openssl(leaf)}", end="")
    for how, policy in ("all permitted", Policy.permit_all()), ("named as well", NAMED):
        builder = verification.PolicyBuilder().extension_policies(ca_policy=OF_A_CA, ee_policy=policy)
        print(f", {how} {taken(builder, leaf)}", end="")
    print()
PYTHON
"$python" verify.py >seen
expect seen <<'EOT'
use is critical: by OpenSSL taken, all permitted taken, named as well taken
policies: by OpenSSL taken, all permitted taken, named as well taken
policies are critical: by OpenSSL taken, all permitted refused, named as well taken
EOT
