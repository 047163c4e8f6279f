"""Entries of the corpus: certificates that a strict reader refuses, or that people misread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import odd_der as der
from corpus_entry import CERTIFICATE, Entry
from corpus_token import CorpusToken, certificate
from lockwright.pkcs11.constants import CKA
from lockwright.pkcs11.der import encode, oid
from odd_der import BMP, CN, T61, attribute, made, name, utc

FILES = Path(__file__).parents[1] / "certificates"
ANNA = ("Anna Petrova", "Lab CA", "2040-01-01")
UNREADABLE = "cannot be read"
IN_RUSSIAN = "не читается"


def stored(what: bytes, label: str) -> Callable[[CorpusToken], None]:
    return lambda token: token.certificate(what, label=label)


def entry(
    kind: str,
    what: bytes | Callable[[CorpusToken], None],
    english: Sequence[str] = ANNA,
    russian: Sequence[str] | None = None,
    *,
    oddities: Sequence[str],
    expired: bool = False,
    tool: str = "by hand",
    **fields: Any,
) -> Entry:
    """An odd certificate.

    Args:
        kind: what is odd; its label, too.
        what: DER, or how it comes onto the token.
        english: what is shown of it.
        russian: what is shown of it in Russian; None for the same.
        oddities: what JSON says is odd.
        expired: whether ``--expired`` takes it.
        tool: what made it.
        fields: what else its JSON says.
    """

    def right(document: Mapping[str, Any]) -> bool:
        containers = document["containers"]
        (found,) = (each for each in containers if each["label"] == kind)
        (only,) = found["certificates"]
        return bool(only["oddities"] == list(oddities) and fields.items() <= only.items())

    return Entry(
        name=kind,
        made=tool,
        fill=what if callable(what) else stored(what, kind),
        english=tuple(english),
        russian=tuple(english if russian is None else russian),
        deletes={kind: CERTIFICATE},
        expired=CERTIFICATE if expired else (),
        json=right,
    )


def file(kind: str, *oddities: str, **fields: Any) -> Entry:
    """One that is kept in a file."""
    return entry(kind, (FILES / f"{kind}.der").read_bytes(), oddities=oddities, **fields)


def named(kind: str, holder: bytes, *shown: str, oddities: Sequence[str] = (), **f: Any) -> Entry:
    return entry(kind, made(subject=holder), (*shown, "2040-01-01"), oddities=oddities, **f)


def valid(kind: str, start: bytes, end: bytes, *shown: str, **how: Any) -> Entry:
    return entry(kind, made(validity=(start, end)), ("Anna Petrova", *shown), **how)


def without_value(token: CorpusToken) -> None:
    """Its hashes are of nothing that is here."""
    plain = certificate(b"", key_id=b"\x0c", label="url")
    digests = {CKA_HASH_OF_SUBJECT_KEY: bytes(20), CKA_HASH_OF_ISSUER_KEY: bytes(20)}
    token.create({**plain, CKA.URL: "http://ca.test/anna.cer", **digests})


def silent(token: CorpusToken) -> None:
    token.certificate(PLAIN, label="silent")
    token.retype_certificate(2)


def is_silent(document: Mapping[str, Any]) -> bool:
    (only,) = document["objects"]
    return only["kind"] == "certificate" and only["unreadable"] is True


CKA_HASH_OF_SUBJECT_KEY, CKA_HASH_OF_ISSUER_KEY = 0x8A, 0x8B
PLAIN = made()
TWICE = der.extension("2.5.29.15", bytes.fromhex("03020780"))
LETTERS = "Ш" * 10_000
ENTRIES: Sequence[Entry] = (
    file("version-2", "version"),
    file("negative-serial", "serial", serial="-6f5545"),
    entry(
        "t61-cp1251",
        (FILES / "t61-cp1251.der").read_bytes(),
        ("Петрова Анна", "2040-01-01"),
        oddities=["text"],
    ),
    file("nuls-behind", "bytes-behind"),
    file("boolean-01", "strict"),
    entry(
        "time-without-seconds",
        (FILES / "time-without-seconds.der").read_bytes(),
        ("Anna Petrova", "2035-01-01"),
        oddities=["time"],
    ),
    entry(
        "cyrillic-45",
        (FILES / "cyrillic-45.der").read_bytes(),
        ("Общество с ограниченной ответственностью Заря",),
        oddities=[],
    ),
    entry(
        "inn-snils",
        (FILES / "inn-snils.der").read_bytes(),
        ("Петрова Анна Сергеевна",),
        oddities=[],
    ),
    entry("version-1", made(version=None), oddities=[]),
    entry("version-9", made(version=b"\xa0\x03\x02\x01\x08"), oddities=["version"]),
    entry("version-no-number", made(version=b"\xa0\x02\x05\x00"), oddities=["version"]),
    entry("serial-0", made(serial=b"\x02\x01\x00"), oddities=["serial"], serial="0"),
    entry(
        "serial-30-bytes",
        made(serial=encode(2, b"\x11" * 30)),
        oddities=["serial"],
        serial="11" * 30,
    ),
    entry("serial-empty", made(serial=b"\x02\x00"), oddities=["serial-unreadable"], serial=None),
    entry(
        "default-encoded",
        made(extensions=[der.extension("2.5.29.15", bytes.fromhex("03020780"), b"\x01\x01\x00")]),
        oddities=["strict"],
    ),
    entry("bytes-behind", PLAIN + b"\xff" * 40, oddities=["bytes-behind"]),
    entry("cut-in-the-signature", PLAIN[:-100], oddities=["cut-short"]),
    entry(
        "cut-in-the-subject",
        PLAIN[:90],
        ("cut-in-the-subject", "2040-01-01", "Lab CA"),
        oddities=["cut-short", "subject-unreadable", "key-unreadable"],
        subject=None,
    ),
    entry(
        "no-certificate",
        b"\x04\x10" + bytes(16),
        (UNREADABLE,),
        (IN_RUSSIAN,),
        oddities=["no-certificate"],
        subject=None,
        not_after=None,
    ),
    entry("noise", bytes(range(256)), (UNREADABLE,), (IN_RUSSIAN,), oddities=["no-certificate"]),
    entry("deep", b"\x30\x80" * 4000, (UNREADABLE,), (IN_RUSSIAN,), oddities=["no-certificate"]),
    entry(
        "long-length",
        b"\x30\x84\xff\xff\xff\xff\x30\x03",
        (UNREADABLE,),
        (IN_RUSSIAN,),
        oddities=["no-certificate"],
    ),
    entry("indefinite-length", b"\x30\x80" + PLAIN[4:] + b"\0\0", oddities=["not-der"]),
    named(
        "utf8-cp1251",
        name(attribute(CN, "Петрова Анна".encode("cp1251"))),
        "Петрова Анна",
        oddities=["text"],
    ),
    named(
        "utf8-broken",
        name(attribute(CN, b"\xc3\x28Anna")),
        "0c06c328416e6e61",
        oddities=["text"],
        subject="CN=#0c06c328416e6e61",
    ),
    named(
        "t61-latin-1",
        name(attribute(CN, "Jürgen Müller".encode("latin-1"), T61)),
        "Jürgen Müller",
        oddities=["text"],
    ),
    named("bmp", name(attribute(CN, "Анна".encode("utf-16-be"), BMP)), "Анна", subject="CN=Анна"),
    named("bmp-odd-length", name(attribute(CN, b"\x04\x10\x04", BMP)), "А", oddities=["text"]),
    valid(
        "generalized-2030",
        utc("240101000000Z"),
        der.generalized("20300101000000Z"),
        "2030-01-01",
        oddities=["time"],
    ),
    valid(
        "year-0000",
        der.generalized("00000101000000Z"),
        utc("400101000000Z"),
        "2040-01-01",
        oddities=["validity-unreadable"],
        not_before=None,
    ),
    valid(
        "year-9999",
        utc("240101000000Z"),
        der.generalized("99991231235959Z"),
        "9999-12-31",
        oddities=[],
        not_after="9999-12-31T23:59:59Z",
    ),
    valid(
        "year-9999-behind-utc",
        utc("240101000000Z"),
        der.generalized("99991231235959-0500"),
        oddities=["validity-unreadable"],
        not_after=None,
    ),
    valid(
        "month-13",
        utc("241301000000Z"),
        utc("401301000000Z"),
        UNREADABLE,
        russian=("Anna Petrova", IN_RUSSIAN),
        oddities=["validity-unreadable"],
    ),
    valid(
        "ends-before-it-begins",
        utc("400101000000Z"),
        utc("240101000000Z"),
        "2024-01-01",
        oddities=["validity-reversed"],
        expired=True,
    ),
    valid(
        "expired",
        utc("200101000000Z"),
        utc("240101000000Z"),
        "expired",
        russian=("Anna Petrova", "истёк"),
        oddities=[],
        expired=True,
    ),
    entry(
        "subject-empty",
        made(subject=der.sequence()),
        ("(no name)",),
        ("(без имени)",),
        oddities=[],
        subject="",
    ),
    entry(
        "rdn-of-two",
        made(
            subject=der.sequence(encode(der.SET, attribute(CN, "Anna"), attribute(der.O, "Bank")))
        ),
        ("Anna",),
        oddities=[],
        subject="CN=Anna+O=Bank",
    ),
    named("rdn-empty", der.sequence(encode(der.SET)), oddities=[]),
    named(
        "attribute-odd",
        name(attribute("1.2.3.4.5", b"\x01", 0x02), attribute(CN, "Anna")),
        "Anna",
        subject="CN=Anna,1.2.3.4.5=#020101",
    ),
    named("attribute-broken", name(b"\x30\x03\x06\x01\x80"), oddities=["subject-unreadable"]),
    named("ten-thousand-characters", name(attribute(CN, LETTERS)), "Ш" * 100),
    named(
        "control-characters",
        name(attribute(CN, "Anna\x1b[31m\nPetrova\x00")),
        "Anna\ufffd[31m",
        subject="CN=Anna\x1b[31m\nPetrova\\00",
    ),
    named("bidi", name(attribute(CN, "Anna\u202eavorteP")), "Anna\ufffdavorteP"),
    entry("extension-twice", made(extensions=[TWICE, TWICE]), oddities=["strict"]),
    entry("signature-unknown", made(algorithm=der.sequence(oid("1.2.3.4"))), oddities=[]),
    entry(
        "empty-name-of-issuer",
        made(issuer=der.sequence()),
        ("(no name)",),
        ("(без имени)",),
        oddities=[],
    ),
    Entry(
        name="refuses-every-look",
        made="by hand, in SoftHSM's file",
        fill=silent,
        english=("certificate", UNREADABLE, "b1fda155f210"),
        russian=("сертификат", IN_RUSSIAN, "b1fda155f210"),
        deletes={"b1fda155f210": CERTIFICATE},
        json=is_silent,
    ),
    entry("url", without_value, ("http://ca.test/anna.cer",), oddities=["no-value"]),
)
