"""What ``cryptography`` raises for what it cannot read."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

UNREADABLE = (
    ValueError,
    KeyError,  # for a value that it has no name for
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""Half of it is no ``ValueError``; names and extensions raise it only when they are asked for."""
