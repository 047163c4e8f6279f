"""Extensions of certificates, as profiles name them (RFC 5280, section 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from lockwright_desk.configuration.profiles import (
    ALL_KEY_USAGES,
    EXTENDED_KEY_USAGES,
    KEY_USAGES,
    Profile,
)

_USAGES = (*ALL_KEY_USAGES, "encipher_only", "decipher_only")


def of_profile(profile: Profile) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """What a profile gives, each with whether it is critical."""
    yield usage(*(KEY_USAGES[name] for name in profile.key_usage)), True
    if profile.extended_key_usage:
        purposes = [EXTENDED_KEY_USAGES[name] for name in profile.extended_key_usage]
        yield x509.ExtendedKeyUsage(purposes), False


def of_server(names: Iterable[str]) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """What the certificate of the desk's own server has.

    Args:
        names: host names and addresses.
    """
    yield usage("digital_signature"), True
    yield x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False
    yield x509.SubjectAlternativeName([_general_name(name) for name in names]), False


def usage(*granted: str) -> x509.KeyUsage:
    """A key usage that grants these and nothing else."""
    return x509.KeyUsage(**{name: name in granted for name in _USAGES})


def issued_by(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """The link to the issuer's certificate: its own key identifier where it has one."""
    try:
        found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]  # a CA's key signs
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found.value)


def list_at(url: str) -> x509.CRLDistributionPoints:
    """Where the revocation list is."""
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return x509.CRLDistributionPoints([place])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
