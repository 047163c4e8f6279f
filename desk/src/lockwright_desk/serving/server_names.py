"""By which name clients call the server: one that its certificate has."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from lockwright.certificates.unreadable import UNREADABLE

_ANY = "*"


def name_in(certificate: Path, host: str) -> str:
    """A name for the server's URL.

    Args:
        certificate: PEM, the server's certificate first.
        host: where it listens, which may be every address there is.

    Returns:
        ``host`` if the certificate has it, else the first name or address that it has; ``host``
        again where it has none.
    """
    found = _names_in(certificate)
    return host if host in found or not found else found[0]


def _names_in(certificate: Path) -> list[str]:
    """Its names without wildcards, then its addresses."""
    try:
        shown = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return []
    domains = [name for name in names.get_values_for_type(x509.DNSName) if _ANY not in name]
    return domains + [str(each) for each in names.get_values_for_type(x509.IPAddress)]
