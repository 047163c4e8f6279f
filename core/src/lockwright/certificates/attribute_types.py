"""Types of attributes in names: what people call them, and how their values are written."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.records import dataclass

NUMERIC_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING = 0x12, 0x13, 0x14, 0x16
UTF8_STRING, UNIVERSAL_STRING, BMP_STRING, VISIBLE_STRING = 0x0C, 0x1C, 0x1E, 0x1A

COMMON_NAME = "2.5.4.3"
COUNTRY = "2.5.4.6"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of attribute."""

    oid: str
    """Its object identifier, dotted."""
    name: str
    """What people call it."""
    standard: bool = False
    """Whether RFC 4514, section 3, gives it this name."""
    tag: int = UTF8_STRING
    """String type of its values."""
    most: int | None = None
    """Characters of a value, at most (RFC 5280, A.1); None where nothing is said."""
    exactly: bool = False
    """Whether it has exactly ``most`` characters."""


# The Russian ones: order 795 of the FSB of Russia, as order 31 of 2021 changed it.
KINDS = (
    Kind(COMMON_NAME, "CN", standard=True, most=64),
    Kind("2.5.4.7", "L", standard=True, most=128),
    Kind("2.5.4.8", "ST", standard=True, most=128),
    Kind("2.5.4.10", "O", standard=True, most=64),
    Kind("2.5.4.11", "OU", standard=True, most=64),
    Kind(COUNTRY, "C", standard=True, tag=PRINTABLE_STRING, most=2, exactly=True),
    Kind("2.5.4.9", "STREET", standard=True),
    Kind("0.9.2342.19200300.100.1.25", "DC", standard=True, tag=IA5_STRING),
    Kind("0.9.2342.19200300.100.1.1", "UID", standard=True),
    Kind("1.2.840.113549.1.9.1", "E", tag=IA5_STRING, most=255),
    Kind("2.5.4.4", "SN", most=32768),
    Kind("2.5.4.42", "GN", most=32768),
    Kind("2.5.4.12", "T", most=64),
    Kind("2.5.4.5", "serialNumber", tag=PRINTABLE_STRING, most=64),
    Kind("2.5.4.43", "initials", most=32768),
    Kind("2.5.4.65", "pseudonym", most=128),
    Kind("2.5.4.17", "postalCode"),
    Kind("2.5.4.16", "postalAddress"),
    Kind("2.5.4.13", "description"),
    Kind("2.5.4.15", "businessCategory"),
    Kind("2.5.4.97", "organizationIdentifier"),
    Kind("1.2.840.113549.1.9.2", "unstructuredName", most=255),
    Kind("1.2.643.3.131.1.1", "INN", tag=NUMERIC_STRING, most=12, exactly=True),
    Kind("1.2.643.100.4", "INNLE", tag=NUMERIC_STRING, most=10, exactly=True),
    Kind("1.2.643.100.1", "OGRN", tag=NUMERIC_STRING, most=13, exactly=True),
    Kind("1.2.643.100.5", "OGRNIP", tag=NUMERIC_STRING, most=15, exactly=True),
    Kind("1.2.643.100.3", "SNILS", tag=NUMERIC_STRING, most=11, exactly=True),
)
BY_OID: Mapping[str, Kind] = {kind.oid: kind for kind in KINDS}
"""Each type by its object identifier."""
BY_NAME: Mapping[str, Kind] = {kind.name.lower(): kind for kind in KINDS} | {
    other: kind
    for kind in KINDS
    for other in {
        "CN": ("commonname",),
        "E": ("email", "emailaddress"),
        "SN": ("surname",),
        "GN": ("givenname", "g"),
        "T": ("title",),
        "ST": ("s", "stateorprovincename"),
        "L": ("localityname",),
        "O": ("organizationname",),
        "OU": ("organizationalunitname",),
        "C": ("countryname",),
        "STREET": ("streetaddress",),
        "DC": ("domaincomponent",),
        "UID": ("userid",),
    }.get(kind.name, ())
}
"""Each type by what people call it, in lower case."""
