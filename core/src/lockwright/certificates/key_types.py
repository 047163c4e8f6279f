"""The type of the key in a certificate, by the same names as the keys of a token."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lockwright.certificates.asn1 import (
    BIT_STRING,
    INTEGER,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    Broken,
    Node,
    node,
    nodes,
    oid,
)
from lockwright.pkcs11 import key_types

_FIXED: Mapping[str, str] = {
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
    "1.3.101.110": "x25519",
    "1.3.101.111": "x448",
    **{f"2.16.840.1.101.3.4.3.{17 + n}": f"ml-dsa-{s}" for n, s in enumerate((44, 65, 87))},
    **{f"2.16.840.1.101.3.4.4.{1 + n}": f"ml-kem-{s}" for n, s in enumerate((512, 768, 1024))},
}
"""Algorithms that have nothing to choose (RFC 8410, RFC 9881, RFC 9935)."""


def key_type(info: bytes) -> str:
    """The type of a key, such as ``ec:p256``; the dotted algorithm if that is all there is.

    Args:
        info: SubjectPublicKeyInfo as ``Reading`` has it.
    """
    algorithm, key, *_rest = nodes(node(info).content)
    kind, *parameters = nodes(algorithm.content)
    name = oid(kind.content)
    if name in _FIXED:
        return _FIXED[name]
    read = _READ.get(name)
    try:
        return read(parameters[0] if parameters else None, key) if read else name
    except (Broken, IndexError):
        return name


def _rsa(_parameters: Node | None, key: Node) -> str:
    return f"rsa:{_first_bits(node(_bits(key)))}"


def _rsa_pss(parameters: Node | None, key: Node) -> str:
    return _rsa(parameters, key).replace("rsa", "rsa-pss")


def _ec(parameters: Node | None, _key: Node) -> str:
    return key_types.curve(parameters.whole if parameters else b"")


def _dsa(parameters: Node | None, _key: Node) -> str:
    return f"dsa:{_first_bits(parameters)}" if parameters else "dsa"


def _dh(parameters: Node | None, _key: Node) -> str:
    return f"dh:{_first_bits(parameters)}" if parameters else "dh"


def _gost(bits: int, *, of_2001: bool = False) -> Callable[[Node | None, Node], str]:
    def read(parameters: Node | None, _key: Node) -> str:
        named = list(nodes(parameters.content)) if parameters else []
        sets = oid(named[0].content) if named and named[0].tag == OBJECT_IDENTIFIER else None
        return key_types.gost(bits, sets, "1.2.643.2.2.30.1" if of_2001 else "1.2.643.7.1.1.2.2")

    return read


def _first_bits(sequence: Node | None) -> int:
    """Bits of the first number in a sequence."""
    number = node(sequence.content) if sequence and sequence.tag == SEQUENCE else None
    if number is None or number.tag != INTEGER:
        raise Broken
    return int.from_bytes(number.content).bit_length()


def _bits(key: Node) -> bytes:
    if key.tag != BIT_STRING:
        raise Broken
    return key.content[1:]


_READ: Mapping[str, Callable[[Node | None, Node], str]] = {
    "1.2.840.113549.1.1.1": _rsa,
    "1.2.840.113549.1.1.10": _rsa_pss,
    "1.2.840.10045.2.1": _ec,
    "1.2.840.10040.4.1": _dsa,
    "1.2.840.113549.1.3.1": _dh,
    "1.2.840.10046.2.1": _dh,
    "1.2.643.2.2.19": _gost(256, of_2001=True),
    "1.2.643.7.1.1.1.1": _gost(256),
    "1.2.643.7.1.1.1.2": _gost(512),
}
