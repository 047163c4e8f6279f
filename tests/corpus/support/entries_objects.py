"""Entries of the corpus: what belongs together and does not look so, and the other way round."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from corpus_entry import CERTIFICATE, KEY_PAIR, Entry
from corpus_token import CorpusToken
from lockwright.pkcs11.constants import CKA, CKO
from odd_keys import OVER, Template, issued, name, pair, private, public

PRIVATE, PUBLIC = ("private-key",), ("public-key",)
WHOLE = (*KEY_PAIR, *CERTIFICATE)
SHARED = ("same id as another key", "тот же идентификатор, что у другого ключа")
DIFFER = ("its objects have several ids", "идентификаторы объектов разные")
BY_ID = ("together by id alone", "связан только по идентификатору")
NO_KEY = ("certificate only, no private key", "только сертификат, закрытого ключа нет")


def entry(
    kind: str,
    *objects: Template,
    said: Sequence[tuple[str, str]] = (),
    shown: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    deletes: Mapping[str, Sequence[str]],
    expired: Sequence[str] = (),
    **more: Any,
) -> Entry:
    """Objects made by hand.

    Args:
        kind: what is odd.
        objects: their templates.
        said: texts of the list, in English and Russian.
        shown: what is in the list in both.
        rows: labels of what is in one container; no two containers may have any of another.
        deletes: what each name takes.
        expired: what ``--expired`` takes.
        more: further fields of the entry.
    """

    def fill(token: CorpusToken) -> None:
        token.create(*objects)

    def right(document: Mapping[str, Any]) -> bool:
        found = [sorted(_labels(container)) for container in document["containers"]]
        return all(sorted(row) in found for row in rows)

    return Entry(
        name=kind,
        made="by hand",
        fill=fill,
        english=(*shown, *(english for english, _russian in said)),
        russian=(*shown, *(russian for _english, russian in said)),
        deletes={each: tuple(kinds) for each, kinds in deletes.items()},
        expired=tuple(expired),
        json=right,
        **more,
    )


def _labels(container: Mapping[str, Any]) -> list[str]:
    keys = container["key"]["objects"] if container["key"] else []
    return [each["label"] for each in (*keys, *container["certificates"])]


def _shown_name(*told: bytes) -> str:
    """The name of a private key that shows no public key and stands alone."""
    return hashlib.sha256(b"container\0alone\0" + b"".join(told)).hexdigest()[:12]


def data(label: str, content: bytes) -> Template:
    return {CKA.CLASS: CKO.DATA, CKA.LABEL: label, CKA.VALUE: content}


LONG = "x" * 255

ENTRIES: Sequence[Entry] = (
    entry(
        "two-key-pairs-of-one-id-and-label",
        *pair(101, b"\x11\x01", "twin"),
        *pair(102, b"\x11\x01", "twin"),
        said=[SHARED],
        shown=[name(101), name(102)],
        rows=[["twin", "twin"], ["twin", "twin"]],
        deletes={name(101): KEY_PAIR, name(102): KEY_PAIR},
    ),
    entry(
        "two-hidden-key-pairs-of-one-id",
        *pair(1, b"\x11\x02", "hidden one"),
        *pair(2, b"\x11\x02", "hidden two"),
        said=[SHARED],
        rows=[["hidden one"] * 2, ["hidden two"] * 2],
        deletes={"hidden one": KEY_PAIR, "hidden two": KEY_PAIR},
    ),
    entry(
        "two-hidden-key-pairs-of-one-id-and-label",
        *pair(32, b"\x11\x32", "alike"),
        *pair(33, b"\x11\x32", "alike"),
        said=[
            SHARED,
            ("which public key is its own is unclear", "неясно, какой открытый ключ его"),
        ],
        rows=[["alike"]] * 4,
        deletes={name(32): KEY_PAIR, name(33): KEY_PAIR},
        token=lambda makers: makers.softhsm(),
    ),
    entry(
        "two-certificates-of-one-id",
        issued(3, b"\x11\x03", "first of two", "First"),
        issued(4, b"\x11\x03", "second of two", "Second"),
        said=[SHARED, NO_KEY],
        rows=[["first of two"], ["second of two"]],
        deletes={"first of two": CERTIFICATE, "second of two": CERTIFICATE},
    ),
    entry(
        "ca-certificate-with-the-id-of-a-key",
        *pair(5, b"\x11\x05", "own"),
        issued(5, b"\x11\x05", "own", "Owner", OVER),
        issued(6, b"\x11\x05", "its CA", "A CA"),
        said=[SHARED, ("expired", "истёк")],
        rows=[["own"] * 3, ["its CA"]],
        deletes={"own": WHOLE, "its CA": CERTIFICATE},
        expired=WHOLE,
    ),
    entry(
        "renewed-under-the-same-key",
        *pair(7, b"\x11\x07", "renewed"),
        issued(7, b"\x11\x07", "renewed", "Old one", OVER),
        issued(7, b"\x11\x07", "renewed", "New one"),
        shown=["Old one", "New one"],
        deletes={"renewed": (*WHOLE, *CERTIFICATE)},
        expired=CERTIFICATE,
    ),
    entry(
        "key-and-certificate-of-different-ids",
        *pair(103, b"\x11\x08", "p11tool key"),
        issued(103, b"\x12\x08", "p11tool certificate", "Anna"),
        said=[DIFFER],
        rows=[["p11tool key", "p11tool key", "p11tool certificate"]],
        deletes={"p11tool key": WHOLE, "1108": WHOLE, "1208": CERTIFICATE},
    ),
    entry(
        "key-pair-without-id",
        *pair(104, b"", "no id"),
        rows=[["no id", "no id"]],
        deletes={"no id": KEY_PAIR},
    ),
    entry(
        "hidden-key-pair-without-id",
        *pair(8, b"", "no id, hidden"),
        said=[BY_ID],
        rows=[["no id, hidden"] * 2],
        deletes={"no id, hidden": KEY_PAIR},
    ),
    entry(
        "key-pair-without-id-and-label",
        *pair(105, b"", ""),
        shown=[name(105)],
        rows=[["", ""]],
        deletes={name(105): KEY_PAIR},
    ),
    entry(
        "label-of-the-certificate-alone",
        *pair(106, b"\x11\x0a", ""),
        issued(106, b"\x11\x0a", "Server-Cert", "server"),
        rows=[["", "", "Server-Cert"]],
        shown=["Server-Cert"],
        deletes={"Server-Cert": WHOLE},
    ),
    entry(
        "no-label-anywhere",
        *pair(9, b"\x11\x0b", ""),
        issued(9, b"\x11\x0b", "", "Only a subject"),
        shown=["Only a subject"],
        deletes={"110b": WHOLE, "Only a subject": WHOLE, "CN=Only a subject": WHOLE},
    ),
    entry(
        "one-certificate-twice",
        *[issued(10, b"\x11\x0c", "double", "Double")] * 2,
        rows=[["double", "double"]],
        deletes={"double": CERTIFICATE * 2},
    ),
    entry(
        "public-key-alone",
        public(11, b"\x11\x0d", "half"),
        said=[("public key only", "только открытый ключ")],
        deletes={"half": PUBLIC},
    ),
    entry(
        "key-gone-certificate-left",
        public(12, b"\x11\x0e", "left"),
        issued(12, b"\x11\x0e", "left", "Left behind"),
        said=[NO_KEY],
        rows=[["left", "left"]],
        deletes={"left": (*PUBLIC, *CERTIFICATE)},
    ),
    entry(
        "point-without-octet-string",
        private(13, b"\x11\x0f", "raw"),
        public(13, b"\x11\x0f", "raw", raw=True),
        issued(13, b"\x11\x0f", "raw", "Raw"),
        rows=[["raw"] * 3],
        deletes={"raw": WHOLE},
    ),
    entry(
        "modulus-with-zeros-in-front",
        private(107, b"\x11\x10", "zeros"),
        public(107, b"\x11\x10", "zeros", zeros=1),
        issued(107, b"\x11\x10", "zeros", "Zeros"),
        rows=[["zeros"] * 3],
        deletes={"zeros": WHOLE},
    ),
    entry(
        "id-that-ends-in-00",
        *pair(14, b"le-1\0", "CryptoPro"),
        *pair(15, b"le-1", "not CryptoPro"),
        shown=[b"le-1\0".hex()],
        deletes={b"le-1\0".hex(): KEY_PAIR, "0x" + b"le-1".hex(): KEY_PAIR},
    ),
    entry(
        "label-that-is-the-id-of-another",
        *pair(16, b"\x11\x16", "1117"),
        *pair(17, b"\x11\x17", "1116"),
        shown=[name(16), name(17)],
        deletes={name(16): KEY_PAIR, name(17): KEY_PAIR},
    ),
    entry(
        "label-that-is-the-name-of-another",
        private(108, b"", ""),
        *pair(18, b"\x11\x18", name(108)),
        deletes={"1118": KEY_PAIR},
    ),
    entry(
        "labels-that-differ-in-case",
        *pair(19, b"\x11\x19", "Case"),
        *pair(20, b"\x11\x20", "case"),
        rows=[["Case", "Case"], ["case", "case"]],
        deletes={"Case": KEY_PAIR, "case": KEY_PAIR},
    ),
    entry(
        "labels-that-look-alike",
        *pair(21, b"", "Alike"),
        *pair(22, b"", "Al\u200bike"),
        shown=[name(22), "Al�ike"],
        deletes={"Alike": KEY_PAIR, name(22): KEY_PAIR},
    ),
    entry(
        "label-that-acts-on-the-screen",
        *pair(23, b"\x11\x23", "red \x1b[31m\r\nline"),
        shown=["red �[31m��line"],
        deletes={"1123": KEY_PAIR},
    ),
    entry(
        "label-like-an-option",
        *pair(24, b"\x11\x24", "--yes"),
        deletes={"1124": KEY_PAIR},
    ),
    entry(
        "label-of-blanks",
        *pair(25, b"\x11\x25", "   "),
        deletes={"1125": KEY_PAIR},
    ),
    entry(
        "long-id-and-label",
        *pair(26, bytes(range(64, 128)), LONG),
        shown=[LONG, bytes(range(64, 128)).hex()],
        deletes={LONG: KEY_PAIR, bytes(range(64, 128)).hex(): KEY_PAIR},
    ),
    entry(
        "hidden-key-with-a-certificate-alone",
        private(27, b"\x11\x27", "from Java"),
        issued(27, b"\x11\x27", "from Java", "Java"),
        said=[BY_ID],
        rows=[["from Java", "from Java"]],
        deletes={"from Java": (*PRIVATE, *CERTIFICATE), "1127": (*PRIVATE, *CERTIFICATE)},
    ),
    entry(
        "hidden-key-with-a-strangers-certificate",
        private(28, b"\x11\x28", "lonely"),
        issued(29, b"\x11\x28", "stranger", "Stranger", OVER),
        said=[BY_ID],
        deletes={"lonely": PRIVATE, name(29): CERTIFICATE},
        expired=CERTIFICATE,
        token=lambda makers: makers.softhsm(),  # a name of it is settled only by a signature
    ),
    entry(
        "hidden-key-with-two-certificates-of-its-id",
        private(30, b"\x11\x30", "of one"),
        issued(30, b"\x11\x30", "its own", "Own"),
        issued(31, b"\x11\x30", "another", "Another"),
        said=[("which public key is its own is unclear", "неясно, какой открытый ключ его")],
        rows=[["of one"], ["its own"], ["another"]],
        deletes={"another": CERTIFICATE, "its own": CERTIFICATE},
        token=lambda makers: makers.softhsm(),
    ),
    entry(
        "private-key-under-two-ids",
        *pair(109, b"\x11\x31", "copied"),
        private(109, b"\x12\x31", "copy"),
        said=[("the key is there more than once", "ключ записан не один раз")],
        rows=[["copied", "copied"], ["copy"]],
        deletes={"copy": PRIVATE, "1131": KEY_PAIR},
    ),
    entry(
        "two-data-objects-alike",
        data("note", b"one"),
        data("note", b"two"),
        shown=["#1", "#2"],
        deletes={},
    ),
    entry(
        "secret-key",
        {
            CKA.CLASS: CKO.SECRET_KEY,
            CKA.KEY_TYPE: 0x1F,
            CKA.LABEL: "for files",
            CKA.VALUE: bytes(16),
        },
        shown=["for files"],
        said=[("secret key", "секретный ключ")],
        deletes={},
    ),
)
