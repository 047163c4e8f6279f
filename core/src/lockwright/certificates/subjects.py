"""Subjects as people write them (RFC 4514), and as certificates have them.

``cryptography`` counts a common name in bytes, so that one of 33 Cyrillic letters is too long for
it, knows nine types by name, and warns of what it reads. RFC 5280, A.1, counts characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ObjectIdentifier

from lockwright.certificates import attribute_types as types
from lockwright.certificates.asn1 import node
from lockwright.certificates.attribute_types import BY_NAME, BY_OID, Kind
from lockwright.certificates.names import as_text, read_name, text_of
from lockwright.certificates.reading import read
from lockwright.certificates.strict import quiet
from lockwright.i18n import N_, _, ngettext

_TYPE = re.compile(r" *(?:(?P<oid>\d+(?:\.\d+)+)|(?P<name>[A-Za-z][A-Za-z0-9-]*)) *= *")
_VALUE = re.compile(
    r"#(?P<hex>(?:[0-9A-Fa-f]{2})+) *|"
    r"(?P<text>(?!#)(?:[^\\,+\"<>;]|\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f])*)"
)
_ESCAPES = re.compile(r"(?:\\[0-9A-Fa-f]{2})+|\\(.)", re.DOTALL)
_SYNTAX = N_("it is not written as NAME=VALUE,NAME=VALUE")
_ALPHABETS = {
    types.NUMERIC_STRING: re.compile(r"[0-9 ]*"),
    types.PRINTABLE_STRING: re.compile(r"[A-Za-z0-9 '()+,./:=?-]*"),
    types.IA5_STRING: re.compile(r"[\x00-\x7f]*"),
}


class NotAName(ValueError):
    """A text is no name; its text says why, for people, or as a msgid."""


def parse(text: str, *, complete: bool = True) -> x509.Name:
    """A name from its text, its types by ``attribute_types`` or dotted, in upper or lower case.

    Args:
        text: such as ``CN=Anna Petrova,INN=007700000000,C=RU``; empty for the empty name.
        complete: whether its values are what they will be; otherwise they are not judged.

    Raises:
        NotAName: it is none, or a value cannot be in one.
    """
    parts: list[list[x509.NameAttribute[str]]] = []
    at, joined = 0, False
    while text and at <= len(text):
        attribute, at = _attribute(text, at, complete=complete)
        parts[-1].append(attribute) if joined else parts.append([attribute])
        joined = text[at : at + 1] == "+"
        at += 1
    return _name(parts)


def with_values(name: x509.Name, value: Callable[[str], str]) -> x509.Name:
    """A name with each value put through a function.

    Raises:
        NotAName: a value that comes out cannot be in a name.
    """
    return _name(
        [
            [_made(part.oid.dotted_string, value(str(part.value)), part._type) for part in rdn]  # noqa: SLF001  # its only place
            for rdn in reversed(name.rdns)
        ]
    )


def written(name: x509.Name) -> str:
    """A name as RFC 4514 writes it, each value that has no name for its type as ``#hex``."""
    return as_text(name.public_bytes())


def exact(name: x509.Name) -> str:
    """A name as text from which ``parse`` makes the same bytes."""
    return read_name(node(name.public_bytes())).exact()


def escaped(value: str) -> str:
    """A value as it stands in a name (RFC 4514, 2.4), so that it stays one value."""
    text = re.sub(r'([",+;<>\\=])', r"\\\1", value).replace("\0", r"\00")
    text = f"{text[:-1]}\\ " if text.endswith(" ") else text
    return rf"\{text}" if text.startswith(("#", " ")) else text


def for_people(text: str) -> str:
    """A name of RFC 4514 with its types by what people call them; other texts as they are."""
    try:
        return read_name(node(parse(text, complete=False).public_bytes())).for_people(",")
    except ValueError:
        return text


def subject_text(certificate: x509.Certificate) -> str:
    """The subject of a certificate for people, as far as it can be read."""
    name = read(certificate.public_bytes(Encoding.DER)).subject
    return "" if name is None else name.for_people(",")


def subject_of(found: x509.Certificate | x509.CertificateSigningRequest) -> x509.Name:
    """The subject; what is odd about it is nobody's programming error, so nothing warns.

    Raises:
        ValueError: it cannot be read.
    """
    with quiet():
        return found.subject


def _attribute(text: str, at: int, *, complete: bool) -> tuple[x509.NameAttribute[str], int]:
    """An attribute, and where it ends."""
    kind = _TYPE.match(text, at)
    value = kind and _VALUE.match(text, kind.end())
    if not kind or not value:
        raise NotAName(_SYNTAX)
    end = value.end()
    if end < len(text) and text[end] not in ",+":
        reason = _("{character} must be written with a backslash before it")
        raise NotAName(reason.format(character=text[end]))
    oid = kind["oid"] or _oid_of(kind["name"])
    if value["hex"]:
        return _from_der(oid, bytes.fromhex(value["hex"]), judged=complete), end
    return _made(oid, _unescaped(value["text"]), None, judged=complete), end


def _oid_of(name: str) -> str:
    found = BY_NAME.get(name.lower())
    if found is None:
        reason = _("{name} is not known; write its number, such as 2.5.4.5, in its place")
        raise NotAName(reason.format(name=name))
    return found.oid


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        return found[1] or bytes.fromhex(found[0].replace("\\", "")).decode()

    # A blank at the end counts only behind a backslash.
    stripped = text.rstrip(" ")
    if (len(stripped) - len(stripped.rstrip("\\"))) % 2:
        stripped += " "
    try:
        return _ESCAPES.sub(plain, stripped)
    except UnicodeDecodeError:
        raise NotAName(_SYNTAX) from None


def _from_der(oid: str, der: bytes, *, judged: bool) -> x509.NameAttribute[str]:
    """An attribute whose value is given as it is encoded."""
    try:
        value = node(der)
        text, faithful = text_of(value)
        kind = _ASN1Type(value.tag)
    except ValueError:
        text, faithful, kind = None, False, _ASN1Type.UTF8String
    if text is None or not faithful:
        raise NotAName(_("the value of {name} is no text").format(name=_called(oid)))
    return _made(oid, text, kind, judged=judged)


def _made(
    oid: str, text: str, tag: _ASN1Type | None, *, judged: bool = True
) -> x509.NameAttribute[str]:
    kind = BY_OID.get(oid) or Kind(oid, oid)
    if judged:
        for problem in _problems(kind, text, kind.tag if tag is None else tag.value):
            raise NotAName(problem)
    type_ = tag or _ASN1Type(kind.tag)
    try:
        with quiet():
            # Its own check of a length counts bytes; no public argument goes without it.
            return x509.NameAttribute(ObjectIdentifier(oid), text, type_, _validate=False)
    except ValueError as error:
        raise NotAName(_SYNTAX) from error


def _problems(kind: Kind, text: str, tag: int) -> Iterator[str]:
    """What speaks against a value."""
    most = kind.most
    if not text:
        yield _("{name} has no value").format(name=kind.name)
    elif kind.exactly and most and (len(text) != most or not text.isascii() or not text.isalnum()):
        if kind.tag == types.NUMERIC_STRING:
            said = ngettext("{name} must have {n} digit", "{name} must have {n} digits", most)
        else:
            said = ngettext("{name} must have {n} letter", "{name} must have {n} letters", most)
        yield said.format(name=kind.name, n=most)
    elif most and len(text) > most:
        said = ngettext(
            "{name} has {found} characters, and {n} is allowed",
            "{name} has {found} characters, and {n} are allowed",
            most,
        )
        yield said.format(name=kind.name, found=len(text), n=most)
    if (alphabet := _ALPHABETS.get(tag)) and not alphabet.fullmatch(text):
        yield _("{name} has a character that it cannot have").format(name=kind.name)


def _called(oid: str) -> str:
    return BY_OID[oid].name if oid in BY_OID else oid


def _name(parts: list[list[x509.NameAttribute[str]]]) -> x509.Name:
    try:
        return x509.Name(x509.RelativeDistinguishedName(part) for part in reversed(parts))
    except ValueError as error:
        raise NotAName(_SYNTAX) from error
