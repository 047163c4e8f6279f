"""A small CA for tests: roots, intermediates, certificates, all made on the spot."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

_YEAR = timedelta(days=365)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(*granted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in granted for name in _USAGES})


_SIGNS, _ENCIPHERS = _usage("digital_signature"), _usage("key_encipherment")
_ISSUES = _usage("key_cert_sign", "crl_sign")
_CMC_RA = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.28")


@dataclass(frozen=True)
class TestCa:
    """A CA whose key is in memory. All that it issues passes a strict reading of RFC 5280."""

    __test__ = False  # pytest: a helper, not a test

    certificate: x509.Certificate
    """Its own certificate."""
    key: ec.EllipticCurvePrivateKey
    """Its key."""

    @classmethod
    def root(cls, name: str = "CN=Test CA", *, path_length: int | None = None) -> Self:
        """A self-signed CA."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name.from_rfc4514_string(name)
        builder = _builder(subject, key.public_key(), subject, key.public_key())
        builder = _as_ca(builder, path_length).add_extension(_ISSUES, critical=True)
        return cls(builder.sign(key, hashes.SHA256()), key)

    def intermediate(self, name: str = "CN=Test sub-CA", *, ca: bool = True) -> TestCa:
        """A CA below this one; with ``ca=False`` a certificate that only pretends to be one."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(name, key.public_key()).add_extension(_ISSUES, critical=True)
        if ca:
            builder = _as_ca(builder, None)
        return TestCa(builder.sign(self.key, hashes.SHA256()), key)

    def crossed(self, by: TestCa, name: x509.Name | None = None) -> x509.Certificate:
        """What another CA says of this one's name and key, such as the old key of the new one.

        Args:
            by: the other CA.
            name: the name as it writes it; None for this one's own bytes.
        """
        issuer, own = by.certificate.subject, name or self.certificate.subject
        builder = _builder(own, self.key.public_key(), issuer, by.key.public_key())
        builder = builder.add_extension(_ISSUES, critical=True)
        return _as_ca(builder, None).sign(by.key, hashes.SHA256())

    def speaker(self, name: str = "CN=Test RA") -> TestCa:
        """A certificate below this CA whose holder may sign what a CA says (id-kp-cmcRA)."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            self._builder(name, key.public_key())
            .add_extension(_SIGNS, critical=True)
            .add_extension(x509.ExtendedKeyUsage([_CMC_RA]), critical=False)
        )
        return TestCa(builder.sign(self.key, hashes.SHA256()), key)

    def issue(
        self,
        public_key: CertificatePublicKeyTypes,
        name: str = "CN=Anna Petrova",
        *,
        starts: timedelta = timedelta(days=-1),
        lasts: timedelta = _YEAR,
        signs: bool = True,
    ) -> x509.Certificate:
        """A certificate for a key.

        Args:
            public_key: the key.
            name: subject, RFC 4514.
            starts: start of validity, counted from now.
            lasts: how long it is valid.
            signs: whether its key may sign; otherwise its key usage says it may not.
        """
        usage = _SIGNS if signs else _ENCIPHERS
        builder = self._builder(name, public_key, starts, lasts)
        return builder.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    def server(self, *names: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """A certificate for a TLS server, with its key.

        Args:
            names: its host names and addresses.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        alternative = x509.SubjectAlternativeName([_general_name(name) for name in names])
        builder = (
            self._builder(f"CN={names[0]}", key.public_key())
            .add_extension(_SIGNS, critical=True)
            .add_extension(alternative, critical=False)
        )
        return builder.sign(self.key, hashes.SHA256()), key

    def _builder(
        self,
        name: str,
        public_key: CertificatePublicKeyTypes,
        starts: timedelta = timedelta(days=-1),
        lasts: timedelta = _YEAR,
    ) -> x509.CertificateBuilder:
        """A certificate below this CA, but for what its holder may do."""
        subject = x509.Name.from_rfc4514_string(name)
        issuer = self.certificate.subject
        return _builder(subject, public_key, issuer, self.key.public_key(), starts, lasts)

    def answer(self, request: bytes, **how: Any) -> bytes:
        """The certificate for a PKCS#10 request, PEM; ``how`` as for ``issue``."""
        csr = x509.load_pem_x509_csr(request)
        return pem(self.issue(csr.public_key(), csr.subject.rfc4514_string(), **how))


def pem(*certificates: x509.Certificate) -> bytes:
    """Certificates as PEM, one after the other."""
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM, unencrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def server_context(ca: TestCa, *names: str) -> ssl.SSLContext:
    """A TLS server's context, with a certificate made on the spot.

    Args:
        ca: the CA that issues it.
        names: the server's host names and addresses.
    """
    certificate, key = ca.server(*names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(key_pem(key) + pem(certificate, ca.certificate))
        context.load_cert_chain(file)
    return context


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    public_key: CertificatePublicKeyTypes,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePublicKey,
    starts: timedelta = timedelta(days=-1),
    lasts: timedelta = _YEAR,
) -> x509.CertificateBuilder:
    own = x509.SubjectKeyIdentifier.from_public_key(public_key)
    issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    begin = datetime.now(UTC) + starts
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + lasts)
        .add_extension(own, critical=False)
        .add_extension(issuers, critical=False)
    )


def _as_ca(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return builder.add_extension(constraints, critical=True)
