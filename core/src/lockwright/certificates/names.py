"""Names in certificates: read as far as they can be, written for programs and for people."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from lockwright.certificates.asn1 import (
    MOST,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    SET,
    Broken,
    Node,
    node,
    nodes,
    oid,
)
from lockwright.certificates.attribute_types import (
    BMP_STRING,
    BY_OID,
    COMMON_NAME,
    IA5_STRING,
    NUMERIC_STRING,
    PRINTABLE_STRING,
    T61_STRING,
    UNIVERSAL_STRING,
    UTF8_STRING,
    VISIBLE_STRING,
)
from lockwright.records import dataclass

_CODECS = {
    UTF8_STRING: "utf-8",
    BMP_STRING: "utf-16-be",
    UNIVERSAL_STRING: "utf-32-be",
    **dict.fromkeys((NUMERIC_STRING, PRINTABLE_STRING, IA5_STRING, VISIBLE_STRING), "ascii"),
}
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_CYRILLIC = re.compile(rb"[\xa8\xb8\xc0-\xff]+")
"""Letters of Russian in Windows-1251."""
_A_WORD = 3
"""Letters from which a word is one, not an accident."""
_ESCAPED = re.compile(r'[,+"\\<>;]|\A[ #]| \Z')
_PERSON = ("2.5.4.4", "2.5.4.42")
"""Surname and given name, which stand for a common name."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A type and a value."""

    oid: str
    """The type, dotted."""
    value: Node
    """The value as it is encoded."""
    text: str | None
    """The value as text; None for what is none."""
    faithful: bool
    """Whether the text is encoded as the value says."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its parts in the order of the encoding, each of one attribute or of several."""

    parts: tuple[tuple[Attribute, ...], ...]

    @property
    def attributes(self) -> Sequence[Attribute]:
        """All of them."""
        return [attribute for part in self.parts for attribute in part]

    @property
    def faithful(self) -> bool:
        """Whether every text is encoded as its type says."""
        return all(attribute.faithful for attribute in self.attributes)

    def rfc4514(self) -> str:
        """The name for programs (RFC 4514): nine types by name, the others dotted with ``#hex``."""
        return ",".join("+".join(map(_standard, part)) for part in reversed(self.parts))

    def exact(self) -> str:
        """The same, and ``#hex`` where a value has not the usual string type of its kind.

        What ``subjects.parse`` makes of it has the same bytes.
        """
        return ",".join("+".join(map(_exact, part)) for part in reversed(self.parts))

    def for_people(self, between: str = ", ") -> str:
        """The whole name, each type by what people call it.

        Args:
            between: what stands between its parts.
        """
        return between.join(" + ".join(map(_spoken, part)) for part in reversed(self.parts))

    def title(self) -> str:
        """What the name is called by: its common name, or else the person's or its last one."""
        first = {each.oid: each.text for each in reversed(self.attributes) if each.text}
        person = " ".join(first[kind] for kind in _PERSON if kind in first)
        called = first.get(COMMON_NAME) or person or next(map(first.get, first), None)
        return called or self.for_people()


def read_name(found: Node) -> Name:
    """A name as it is encoded.

    Raises:
        Broken: it is none.
    """
    if found.tag != SEQUENCE:
        raise Broken
    return Name(tuple(_part(each) for each in _all(found)))


def as_text(name: bytes) -> str:
    """A name, DER, as RFC 4514 writes it.

    Raises:
        Broken: it is none.
    """
    return read_name(node(name)).rfc4514()


def comparable(name: bytes) -> Hashable:
    """What is equal for equal names, in whatever string types and case (RFC 5280, 7.1).

    Args:
        name: DER.
    """
    try:
        parts = read_name(node(name)).parts
    except Broken:
        return name
    return tuple(frozenset((each.oid, _folded(each)) for each in part) for part in parts)


def _folded(attribute: Attribute) -> str | bytes:
    """A value without what makes no difference: case, and how many blanks there are."""
    return " ".join((attribute.text or "").split()).casefold() or attribute.value.content


def _part(found: Node) -> tuple[Attribute, ...]:
    if found.tag != SET:
        raise Broken
    return tuple(_attribute(each) for each in _all(found))


def _attribute(found: Node) -> Attribute:
    if found.tag != SEQUENCE:
        raise Broken
    kind, value = _all(found)
    if kind.tag != OBJECT_IDENTIFIER:
        raise Broken
    text, faithful = text_of(value)
    return Attribute(oid(kind.content), value, text, faithful)


def _all(found: Node) -> Sequence[Node]:
    """The elements inside; nothing may be left over, since what is left out changes a name."""
    inside = list(nodes(found.content))
    read = inside[-1].end if inside else 0
    if read != len(found.content) or len(inside) >= MOST:
        raise Broken
    return inside


def text_of(value: Node) -> tuple[str | None, bool]:
    """A value as text, None for what is none, and whether it is encoded as it says.

    Old programs write Windows-1251 under whatever type; it is known by words of nothing but
    Russian letters.
    """
    data = value.content
    if value.tag == T61_STRING:
        text = _utf8(data) or _windows1251(data) or data.decode("latin-1")
        return text, data.isascii()
    codec = _CODECS.get(value.tag)
    if codec is None:
        return None, True
    try:
        return data.decode(codec), True
    except UnicodeDecodeError:
        pass
    if value.tag == BMP_STRING:
        return _but_the_last(data), False
    return None if value.tag == UNIVERSAL_STRING else _utf8(data) or _windows1251(data), False


def _but_the_last(data: bytes) -> str | None:
    """What has an octet too many, without it."""
    try:
        return data[: len(data) // 2 * 2].decode("utf-16-be")
    except UnicodeDecodeError:
        return None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _windows1251(data: bytes) -> str | None:
    foreign = [word for word in _WORDS.findall(data) if not word.isascii()]
    russian = all(map(_CYRILLIC.fullmatch, foreign)) and max(map(len, foreign)) >= _A_WORD
    if b"\0" in data or not russian:
        return None
    return data.decode("cp1251", errors="replace")


def _exact(attribute: Attribute) -> str:
    kind = BY_OID.get(attribute.oid)
    if kind is None or kind.tag != attribute.value.tag or not attribute.faithful:
        return f"{attribute.oid}=#{attribute.value.whole.hex()}"
    return _standard(attribute)


def _standard(attribute: Attribute) -> str:
    """RFC 4514, 2.3 and 2.4."""
    kind = BY_OID.get(attribute.oid)
    if kind is None or not kind.standard or attribute.text is None:
        name = kind.name if kind is not None and kind.standard else attribute.oid
        return f"{name}=#{attribute.value.whole.hex()}"
    text = _ESCAPED.sub(lambda found: f"\\{found[0]}", attribute.text)
    return f"{kind.name}={text}".replace("\0", "\\00")


def _spoken(attribute: Attribute) -> str:
    kind = BY_OID.get(attribute.oid)
    name = kind.name if kind else attribute.oid
    return f"{name}={attribute.value.whole.hex() if attribute.text is None else attribute.text}"
