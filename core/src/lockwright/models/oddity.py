"""What may be odd about a certificate: stable words for programs."""

from __future__ import annotations

from enum import StrEnum


class Oddity(StrEnum):
    """Something that a strict reader refuses, or that could not be read."""

    NO_VALUE = "no-value"
    """The token holds no certificate, but where it is to be had (``CKA_URL``), or nothing."""
    OTHER_KIND = "other-kind"
    """It is no X.509 certificate of a key (``CKA_CERTIFICATE_TYPE``): an attribute certificate,
    one of WTLS, or a vendor's own."""
    NO_CERTIFICATE = "no-certificate"
    """What is there is no certificate."""
    CUT_SHORT = "cut-short"
    """Its end is missing."""
    BYTES_BEHIND = "bytes-behind"
    """Something stands behind it."""
    NOT_DER = "not-der"
    """It is not encoded as DER wants."""
    VERSION = "version"
    """Its version is neither 1 nor 3."""
    SERIAL = "serial"
    """Its serial number is not positive, or longer than 20 bytes."""
    TIME = "time"
    """A time is written otherwise than RFC 5280 says."""
    VALIDITY_REVERSED = "validity-reversed"
    """It ends before it begins."""
    TEXT = "text"
    """A text in a name is not encoded as it says."""
    SERIAL_UNREADABLE = "serial-unreadable"
    """Its serial number cannot be read."""
    ISSUER_UNREADABLE = "issuer-unreadable"
    """Its issuer cannot be read."""
    VALIDITY_UNREADABLE = "validity-unreadable"
    """A time cannot be read."""
    SUBJECT_UNREADABLE = "subject-unreadable"
    """Its subject cannot be read."""
    KEY_UNREADABLE = "key-unreadable"
    """Its public key cannot be read."""
    STRICT = "strict"
    """A strict reader refuses it for another reason, such as an extension."""
