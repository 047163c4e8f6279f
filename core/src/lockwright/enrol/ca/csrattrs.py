"""What an EST server wants in a request: ``/csrattrs`` (RFC 8951, section 4; RFC 9908)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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
_OPEN = bytes((0x0C, 0))
"""An empty UTF8String, which stands for a value that the client chooses."""
_TEMPLATE = str(rfc9908.id_aa_certificationRequestInfoTemplate)
_UNREADABLE = (PyAsn1Error, ValueError, IndexError, KeyError)
"""What the decoder raises for bytes that are not as they should be."""


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

    key_types: tuple[str, ...] = ()
    """Key types, such as ``ec:p256``, of which any will do; empty if it names none."""
    subject: Subject | None = None
    """The subject of its template; None if it has none."""
    channel_binding: bool = False
    """Whether it wants the request bound to the TLS connection (``challengePassword``)."""
    whole: bool = True
    """Whether all of it could be read."""


def wishes_in(der: bytes) -> Wishes:
    """Read the body of an answer, as far as it can be read.

    Of several templates the first with a subject counts, and the keys of all are a choice. Where
    there is a template, what stands beside it does not count (RFC 9908, 4), but for the size of an
    RSA key that the template leaves open.

    Args:
        der: DER, not base64; empty for an answer without wishes.

    Raises:
        ValueError: it is not such a body; the text says so.
    """
    if not der:
        return Wishes()
    try:
        items, rest = decode(der, asn1Spec=univ.SequenceOf(componentType=univ.Any()))
    except _UNREADABLE:
        problem = N_("its attributes for the request (csrattrs) cannot be read")
    else:
        read = _Read(whole=not rest)
        for item in items:
            try:
                read.take(bytes(item))
            except _UNREADABLE:
                read.whole = False
        return read.wishes()
    raise ValueError(problem)


def name_of(subject: Subject) -> str:
    """A subject as text that keeps its string types (``subjects.exact``), an open value empty.

    Raises:
        ValueError: it is not a name.
    """
    attributes = [
        [encode(SEQUENCE, oid(kind), value or _OPEN) for kind, value in part] for part in subject
    ]
    der = encode(SEQUENCE, *(encode(SET, *sorted(part)) for part in attributes))
    return subjects.exact(subjects.parse(read_name(node(der)).exact(), complete=False))


@dataclass
class _Read:
    """What was read so far."""

    whole: bool
    """Whether all of it could be."""
    named: list[str] = field(default_factory=list)
    """Key types by attributes of their own."""
    templates: list[Any] = field(default_factory=list)
    """The templates."""
    bound: bool = False
    """Whether ``challengePassword`` stands beside them."""

    def take(self, item: bytes) -> None:
        """One of the sequence: an OID, or an attribute with its values."""
        if item[0] == _OID:
            name, _rest = decode(item, asn1Spec=univ.ObjectIdentifier())
            self.bound = self.bound or str(name) == _CHALLENGE
            return
        attribute, _rest = decode(item, asn1Spec=rfc5280.Attribute())
        kind, values = str(attribute["type"]), [bytes(each) for each in attribute["values"]]
        if kind == _TEMPLATE:
            self.templates += [decode(value, asn1Spec=_Template())[0] for value in values]
        elif kind in {_EC, _RSA}:
            self.named += filter(None, (_key_type(kind, value) for value in values))
        else:
            self.bound = self.bound or kind == _CHALLENGE

    def wishes(self) -> Wishes:
        """All of it together."""
        if not self.templates:
            return Wishes(_once(self.named), None, self.bound, self.whole)
        subjects_ = (tuple(_subject(each)) for each in self.templates)
        key_types = [kind for each in self.templates for kind in self._template_keys(each)]
        bound = any(_CHALLENGE in _attributes(each) for each in self.templates)
        return Wishes(_once(key_types), next(filter(None, subjects_), None), bound, self.whole)

    def _template_keys(self, template: Any) -> list[str]:
        """Its key type; the named sizes for an RSA key of no size; none if it has none."""
        if not template["subjectPKInfo"].isValue:
            return []
        if (found := _template_key(template)) is not None:
            return [found]
        if str(template["subjectPKInfo"]["algorithm"]["algorithm"]) != _RSA:
            return []
        return [each for each in self.named if each.startswith("rsa:")]


def _once(key_types: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key_types))


def _attributes(template: Any) -> list[str]:
    """The types of the attributes that a template asks for."""
    found = template["attributes"]
    return [str(each["type"]) for each in found] if found.isValue else []


def _key_type(algorithm: str, parameter: bytes) -> str | None:
    value, _rest = decode(parameter)
    if algorithm == _EC:
        return CURVE_NAMES.get(parameter, f"ec:{value}")
    return f"rsa:{int(value)}" if isinstance(value, univ.Integer) else None


def _template_key(template: Any) -> str | None:
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
