"""Certificates by hand: each part as it should be, unless an entry says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lockwright.pkcs11.der import BIT_STRING, SEQUENCE, encode, oid

SET, UTF8, PRINTABLE, NUMERIC, T61, BMP, IA5 = 0x31, 0x0C, 0x13, 0x12, 0x14, 0x1E, 0x16
CN, O, C, E = "2.5.4.3", "2.5.4.10", "2.5.4.6", "1.2.840.113549.1.9.1"  # noqa: E741  # its name
SHA256_RSA = encode(SEQUENCE, oid("1.2.840.113549.1.1.11"), b"\x05\x00")
_MODULUS = (1 << 2047 | 1).to_bytes(256)


def sequence(*parts: bytes) -> bytes:
    return encode(SEQUENCE, *parts)


def attribute(kind: str, value: bytes | str, tag: int = UTF8) -> bytes:
    return sequence(oid(kind), encode(tag, value.encode() if isinstance(value, str) else value))


def name(*attributes: bytes) -> bytes:
    """A name of parts of one attribute each."""
    return sequence(*(encode(SET, each) for each in attributes))


def utc(text: str) -> bytes:
    return encode(0x17, text.encode())


def generalized(text: str) -> bytes:
    return encode(0x18, text.encode())


def rsa_info() -> bytes:
    key = sequence(encode(2, b"\0", _MODULUS), encode(2, b"\1\0\1"))
    return key_info(sequence(oid("1.2.840.113549.1.1.1"), b"\x05\x00"), key)


def key_info(algorithm: bytes, key: bytes) -> bytes:
    return sequence(algorithm, encode(BIT_STRING, b"\0", key))


def ec_info(curve: str, point: bytes) -> bytes:
    return key_info(sequence(oid("1.2.840.10045.2.1"), oid(curve)), point)


def gost_info(algorithm: str, sets: str, point: bytes, digest: str | None = None) -> bytes:
    """A key of GOST R 34.10 (RFC 9215): its point is in an OCTET STRING, little-endian."""
    parameters = sequence(oid(sets), oid(digest) if digest else b"")
    return key_info(sequence(oid(algorithm), parameters), encode(4, point))


def extension(kind: str, value: bytes, critical: bytes = b"") -> bytes:
    return sequence(oid(kind), critical, encode(4, value))


def made(  # noqa: PLR0913  # a certificate has these parts
    *,
    version: bytes | None = b"\xa0\x03\x02\x01\x02",
    serial: bytes = b"\x02\x02\x4a\x01",
    algorithm: bytes = SHA256_RSA,
    issuer: bytes | None = None,
    validity: Sequence[bytes] = (utc("240101000000Z"), utc("400101000000Z")),
    subject: bytes | None = None,
    info: bytes | None = None,
    extensions: Sequence[bytes] = (),
    sign: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """A certificate; its signature is none, unless ``sign`` makes one."""
    tbs = sequence(
        version or b"",
        serial,
        algorithm,
        name(attribute(CN, "Lab CA")) if issuer is None else issuer,
        sequence(*validity),
        name(attribute(CN, "Anna Petrova")) if subject is None else subject,
        rsa_info() if info is None else info,
        encode(0xA3, sequence(*extensions)) if extensions else b"",
    )
    signature = bytes(256) if sign is None else sign(tbs)
    return sequence(tbs, algorithm, encode(BIT_STRING, b"\0", signature))
