"""Subjects and alternative names as certificates of the field have them, byte by byte.

Banks' and the state's CAs of Russia, Microsoft's and old ones differ in string types, in the order
of the parts, and in what they write against the rules.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.pkcs11.der import BIT_STRING, SEQUENCE, elements, encode, oid

from lockwright_testkit.pki import TestCa

NUMERIC, PRINTABLE, T61, IA5, UTF8, UNIVERSAL, BMP = 0x12, 0x13, 0x14, 0x16, 0x0C, 0x1C, 0x1E
_SET, _OCTET_STRING, _EXTENSIONS = 0x31, 0x04, 0xA3
_TRUE = b"\x01\x01\xff"
_OTHER_NAME, _MAIL, _DIRECTORY = 0xA0, 0x81, 0xA4
_SUBJECT_AT = 5
"""After version, serial number, algorithm, issuer and validity (RFC 5280, 4.1)."""

_CN, _SN, _GN, _O, _OU, _L, _ST, _C = (f"2.5.4.{each}" for each in (3, 4, 42, 10, 11, 7, 8, 6))
_STREET, _TITLE, _NUMBER, _UNIQUE = (f"2.5.4.{each}" for each in (9, 12, 5, 45))
_INN, _INNLE = "1.2.643.3.131.1.1", "1.2.643.100.4"
_OGRN, _SNILS = "1.2.643.100.1", "1.2.643.100.3"
_E, _UNSTRUCTURED = "1.2.840.113549.1.9.1", "1.2.840.113549.1.9.2"
_DC = "0.9.2342.19200300.100.1.25"
_UPN = "1.3.6.1.4.1.311.20.2.3"

_PERSON = "Константинопольская-Преображенская Аполлинария"
_CODECS = {BMP: "utf-16-be", UNIVERSAL: "utf-32-be", T61: "cp1251", UTF8: "utf-8"}


def attribute(kind: str, text: str | bytes, tag: int = UTF8) -> bytes:
    """AttributeTypeAndValue; bytes stand as they are."""
    value = text.encode(_CODECS.get(tag, "ascii")) if isinstance(text, str) else text
    return encode(SEQUENCE, oid(kind), encode(tag, value))


def name(*parts: bytes | tuple[bytes, ...]) -> bytes:
    """Name, each part of one attribute or of several."""
    sets = ([each] if isinstance(each, bytes) else sorted(each) for each in parts)
    return encode(SEQUENCE, *(encode(_SET, *each) for each in sets))


def alternative(*names: bytes, critical: bool = False) -> bytes:
    """The extension with alternative names."""
    value = encode(_OCTET_STRING, encode(SEQUENCE, *names))
    return encode(SEQUENCE, oid("2.5.29.17"), _TRUE if critical else b"", value)


def renamed(
    ca: TestCa, certificate: x509.Certificate, subject: bytes, *extensions: bytes
) -> x509.Certificate:
    """A certificate of a CA with another subject and further extensions, byte by byte."""
    whole = next(elements(certificate.public_bytes(Encoding.DER)))
    signed, algorithm, _signature = elements(whole.content)
    fields = [each.whole for each in elements(signed.content)]
    fields[_SUBJECT_AT] = subject
    (others,) = elements(next(elements(fields[-1])).content)
    fields[-1] = encode(_EXTENSIONS, encode(SEQUENCE, others.content, *extensions))
    made = encode(SEQUENCE, *fields)
    signature = encode(BIT_STRING, b"\0", ca.key.sign(made, ec.ECDSA(hashes.SHA256())))
    return x509.load_der_x509_certificate(encode(SEQUENCE, made, algorithm.whole, signature))


_RU, _BANK = attribute(_C, "RU", PRINTABLE), attribute(_O, "АО «Банк»")
_ANNA = attribute(_CN, "Петрова Анна Сергеевна")
_LOGON = encode(_OTHER_NAME, oid(_UPN), encode(0xA0, encode(UTF8, b"anna@bank.example")))
_LETTERS = encode(_MAIL, b"anna@bank.example")

SUBJECTS: Mapping[str, bytes] = {
    "as RFC 5280 wants it": name(_RU, _BANK, _ANNA),
    "all printable": name(
        _RU, attribute(_O, "Bank", PRINTABLE), attribute(_CN, "Anna Petrova", PRINTABLE)
    ),
    "INN and SNILS as NumericString": name(
        _ANNA,
        attribute(_SN, "Петрова"),
        attribute(_GN, "Анна Сергеевна"),
        _RU,
        attribute(_INN, "007700000000", NUMERIC),
        attribute(_SNILS, "01234567890", NUMERIC),
    ),
    "an organization of Russia": name(
        attribute(_CN, 'ООО "Ромашка"'),
        attribute(_TITLE, "Генеральный директор"),
        attribute(_O, 'ООО "Ромашка"'),
        attribute(_STREET, "ул. Ленина, д. 1, корп. 2"),
        attribute(_L, "г. Москва"),
        attribute(_ST, "77 г. Москва"),
        _RU,
        attribute(_OGRN, "1027700000000", NUMERIC),
        attribute(_INNLE, "7700000000", NUMERIC),
        attribute(_E, "info@romashka.example", IA5),
    ),
    "INN with zeros in front, as it was before": name(
        _ANNA, attribute(_INN, "007700000000", NUMERIC), attribute(_OGRN, "1", NUMERIC)
    ),
    "INN as UTF8String": name(_ANNA, attribute(_INN, "7700000000")),
    "45 letters of Cyrillic": name(_RU, attribute(_CN, _PERSON[:45])),
    "64 letters of Cyrillic": name(_RU, attribute(_CN, (_PERSON * 2)[:64])),
    "more letters than RFC 5280 allows": name(_RU, attribute(_O, _PERSON * 2), _ANNA),
    "BMPString": name(_RU, attribute(_O, "Банк", BMP), attribute(_CN, "Петрова Анна", BMP)),
    "T61String in Windows-1251": name(_RU, attribute(_CN, "Петрова Анна", T61)),
    "T61String in Latin-1": name(_RU, attribute(_CN, "Jürgen Müller".encode("latin-1"), T61)),
    "UniversalString": name(_RU, attribute(_CN, "Петрова Анна", UNIVERSAL)),
    "UTF8String that is Windows-1251": name(_RU, attribute(_CN, "Петрова".encode("cp1251"))),
    "several attributes in one part": name(
        _RU, _BANK, (_ANNA, attribute(_NUMBER, "00042", PRINTABLE), attribute(_E, "a@b.ru", IA5))
    ),
    "one type twice in one part": name(_RU, (attribute(_OU, "Касса"), attribute(_OU, "12"))),
    "a domain": name(
        attribute(_DC, "example", IA5),
        attribute(_DC, "bank", IA5),
        attribute(_CN, "Users"),
        attribute(_CN, "Anna Petrova"),
    ),
    "the person first": name(_ANNA, attribute(_OU, "Б"), attribute(_OU, "А"), _BANK, _RU),
    "a country in small letters of UTF8String": name(attribute(_C, "ru"), _ANNA),
    "a letter's address as UTF8String": name(_ANNA, attribute(_E, "anna@bank.example")),
    "blanks and an empty value": name(attribute(_OU, ""), attribute(_CN, " Anna  Petrova ")),
    "a value that is no text": name(
        _ANNA, encode(SEQUENCE, oid(_UNIQUE), encode(BIT_STRING, b"\0\1\2"))
    ),
    "types that nobody knows": name(
        _ANNA, attribute(_UNSTRUCTURED, "tok-17"), attribute("1.2.643.2.2.999.1", "7", PRINTABLE)
    ),
    "nothing": name(),
}
"""Subjects, DER, by what is special about them."""

ALTERNATIVES: Mapping[str, bytes] = {
    "a logon and an address": alternative(_LOGON, _LETTERS),
    "critical": alternative(_LETTERS, critical=True),
    "an address in Cyrillic": alternative(encode(_MAIL, "анна@банк.рф".encode())),
    "another name of the directory": alternative(
        encode(_DIRECTORY, name(_RU, attribute(_INN, "7700000000", NUMERIC))), critical=True
    ),
}
"""Extensions with alternative names, DER, by what is special about them."""
