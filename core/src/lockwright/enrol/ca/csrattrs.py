"""What an EST server wants in a request: ``/csrattrs`` (RFC 8951, section 4; RFC 9908)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyasn1.codec.der.decoder import decode
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, tag, univ
from pyasn1_alt_modules import rfc5280, rfc9908

from lockwright.certificates import subjects
from lockwright.certificates.asn1 import SET, node
from lockwright.certificates.names import read_name
from lockwright.i18n import N_
from lockwright.pkcs11.der import SEQUENCE, encode, oid
from lockwright.pkcs11.spki import CURVE_NAMES

_CHALLENGE = "1.2.840.113549.1.9.7"
_EC, _RSA = "1.2.840.10045.2.1", "1.2.840.113549.1.1.1"
_OID = 0x06
_TEMPLATE = str(rfc9908.id_aa_certificationRequestInfoTemplate)


class _Attributes(univ.SetOf):
    """The attributes of a template; none at all, like in a request without any."""

    componentType = rfc5280.Attribute()  # noqa: N815  # pyasn1 calls it so
    tagSet = tag.TagSet(  # noqa: N815  # pyasn1 calls it so
        (), tag.Tag(tag.tagClassContext, tag.tagFormatConstructed, 1)
    )


class _Template(univ.Sequence):
    """CertificationRequestInfoTemplate (RFC 9908, 3.4)."""

    componentType = namedtype.NamedTypes(  # noqa: N815  # pyasn1 calls it so
        *rfc9908.CertificationRequestInfoTemplate.componentType[:3],
        namedtype.OptionalNamedType("attributes", _Attributes()),
    )


Subject = tuple[tuple[tuple[str, bytes | None], ...], ...]
"""The parts of a name, each its attributes by their OID in dotted form with their values, DER; None
for a value that the client chooses."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a server wants; whatever else it names is ignored, as the RFC says."""

    key_type: str | None = None
    """Key type, such as ``ec:p256``; None if it names none."""
    subject: Subject | None = None
    """The subject of its template; None if it has none."""
    channel_binding: bool = False
    """Whether it wants the request bound to the TLS connection (``challengePassword``)."""


def wishes_in(der: bytes) -> Wishes:
    """Read the body of an answer.

    Args:
        der: DER, not base64; empty for an answer without wishes.

    Raises:
        ValueError: it is not such a body; the text says so.
    """
    if not der:
        return Wishes()
    try:
        items, _rest = decode(der, asn1Spec=univ.SequenceOf(componentType=univ.Any()))
        return _wishes([bytes(item) for item in items])
    except (PyAsn1Error, ValueError, IndexError, KeyError):
        problem = N_("its attributes for the request (csrattrs) cannot be read")
    raise ValueError(problem)


def name_of(subject: Subject) -> str:
    """A subject without gaps as text that keeps its string types (``subjects.exact``).

    Raises:
        ValueError: it is not a name.
    """
    attributes = [[encode(SEQUENCE, oid(k), value or b"") for k, value in part] for part in subject]
    der = encode(SEQUENCE, *(encode(SET, *sorted(part)) for part in attributes))
    return subjects.exact(subjects.parse(read_name(node(der)).exact()))


def _wishes(items: list[bytes]) -> Wishes:
    key_type: str | None = None
    subject: Subject | None = None
    bound = False
    for item in items:
        if item[0] == _OID:
            name, _rest = decode(item, asn1Spec=univ.ObjectIdentifier())
            bound = bound or str(name) == _CHALLENGE
            continue
        attribute, _rest = decode(item, asn1Spec=rfc5280.Attribute())
        kind, values = str(attribute["type"]), [bytes(each) for each in attribute["values"]]
        if kind == _TEMPLATE and values:
            template, _rest = decode(values[0], asn1Spec=_Template())
            subject = tuple(_subject(template)) or subject
            key_type = key_type or _template_key(template)
        elif kind in {_EC, _RSA} and values:
            key_type = key_type or _key_type(kind, values[0])
    return Wishes(key_type, subject, bound)


def _key_type(algorithm: str, parameter: bytes) -> str | None:
    value, _rest = decode(parameter)
    if algorithm == _EC:
        return CURVE_NAMES.get(parameter, f"ec:{value}")
    return f"rsa:{int(value)}" if isinstance(value, univ.Integer) else None


def _template_key(template: Any) -> str | None:
    if not template["subjectPKInfo"].isValue:
        return None
    algorithm = template["subjectPKInfo"]["algorithm"]
    kind = str(algorithm["algorithm"])
    if kind == _EC and algorithm["parameters"].isValue:
        return _key_type(kind, bytes(algorithm["parameters"]))
    if kind == _RSA and template["subjectPKInfo"]["subjectPublicKey"].isValue:
        # RFC 9908, 3.4: a key of the wished size stands for the size.
        der = template["subjectPKInfo"]["subjectPublicKey"].asOctets()
        numbers, _rest = decode(der)
        return f"rsa:{int(numbers[0]).bit_length()}"
    return None


def _subject(template: Any) -> Iterator[tuple[tuple[str, bytes | None], ...]]:
    if template["subject"].isValue:
        for part in template["subject"]["rdnSequence"]:
            yield tuple((str(each["type"]), _value(each["value"])) for each in part)


def _value(found: Any) -> bytes | None:
    return bytes(found) if found.isValue else None
