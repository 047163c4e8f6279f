"""Entries of the corpus: keys of every type that is met, by themselves and in certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corpus_entry import CERTIFICATE, KEY_PAIR, Entry
from corpus_token import CorpusToken
from entries_certificates import FILES, stored
from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.der import encode, oid
from lockwright_testkit.raw import Value
from odd_der import gost_info, made

XCH_A, TC26_A = "1.2.643.2.2.36.0", "1.2.643.7.1.2.1.1.1"
STREEBOG, GOST_94 = "1.2.643.7.1.1.2.2", "1.2.643.2.2.30.1"
Attributes = Mapping[int, Value]
POINT = bytes(range(1, 65))
_OCTETS = 4
_EXTRACTABLE: Attributes = {CKA.SENSITIVE: False, CKA.EXTRACTABLE: True}


def typed(kind: str, label: str) -> Callable[[dict[str, Any]], bool]:
    """Whether the JSON of a container, or of a single object, has a key of a type."""

    def right(document: dict[str, Any]) -> bool:
        found = [each for each in document["containers"] if each["label"] == label]
        keys = [each["key"]["type"] for each in found if each["key"]]
        alone = [each["key_type"] for each in document["objects"] if each["label"] == label]
        of_certificates = [c["key_type"] for each in found for c in each["certificates"]]
        return set(keys + alone + of_certificates) == {kind}

    return right


def pair(number: int, label: str, public: Attributes, private: Attributes) -> Any:
    """A key pair as its two templates."""
    common: Attributes = {CKA.KEY_TYPE: number, CKA.ID: label.encode(), CKA.LABEL: label}
    return (
        {CKA.CLASS: CKO.PUBLIC_KEY, CKA.PRIVATE: False, **common, **public},
        {CKA.CLASS: CKO.PRIVATE_KEY, CKA.PRIVATE: True, **_EXTRACTABLE, **common, **private},
    )


def gost(label: str, sets: str, digest: str, value: bytes) -> Sequence[Attributes]:
    """A pair as JaCarta's and Rutoken's modules show it; ``value`` is CKA_VALUE of the public."""
    both: Attributes = {CKA.GOSTR3410_PARAMS: oid(sets), CKA.GOSTR3411_PARAMS: oid(digest)}
    private: Attributes = {**both, CKA.VALUE: bytes(range(32)), CKA.GOST28147_PARAMS: b""}
    made_pair: Sequence[Attributes] = pair(
        CKK.GOSTR3410, label, {**both, CKA.VALUE: value}, private
    )
    return made_pair


def keys(
    label: str,
    kind: str,
    shown: tuple[str, str],
    *objects: Attributes,
    gone: Sequence[str],
) -> Entry:
    """Key objects made by C_CreateObject.

    Args:
        label: label of them all, and name of the entry.
        kind: the type in JSON.
        shown: the type on the screen, in English and in Russian.
        objects: their templates.
        gone: kinds of objects that go with the label.
    """
    return Entry(
        name=label,
        made="by hand",
        fill=lambda token: token.create(*objects),
        english=(label, shown[0]),
        russian=(label, shown[1]),
        deletes={label: tuple(gone)},
        json=typed(kind, label),
    )


def same(shown: str) -> tuple[str, str]:
    return shown, shown


def russian(shown: str) -> tuple[str, str]:
    return f"GOST R {shown}", f"ГОСТ Р {shown}"


def secret(label: str, number: int, bits: int, kind: str) -> Entry:
    template: Attributes = {
        CKA.CLASS: CKO.SECRET_KEY,
        CKA.KEY_TYPE: number,
        CKA.LABEL: label,
        CKA.PRIVATE: True,
    }
    value: Attributes = {CKA.VALUE: bytes([0x01] * (bits // 8)), **_EXTRACTABLE}
    entry = keys(label, kind, same(kind), {**template, **value}, gone=())
    return Entry(**{**vars(entry), "deletes": {}})


def certified(kind: str, file: str, shown: tuple[str, str]) -> Entry:
    """A certificate of a key of that type."""
    return Entry(
        name=f"certificate-{file}",
        made="openssl 3.0.22",
        fill=stored((FILES / f"{file}.der").read_bytes(), f"certificate-{file}"),
        english=(shown[0],),
        russian=(shown[1],),
        deletes={f"certificate-{file}": CERTIFICATE},
        json=typed(kind, f"certificate-{file}"),
    )


def generated(curve: str, shown: str) -> Entry:
    """A pair that pkcs11-tool made."""

    def fill(token: CorpusToken) -> None:
        given = ("--id", "abcd", "--label", curve.lower(), "--login", "--pin", token.pin)
        tool = (
            "pkcs11-tool",
            "--module",
            token.module,
            "--keypairgen",
            "--key-type",
            f"EC:{curve}",
        )
        token.tool(*tool, *given)

    return Entry(
        name=f"pkcs11-tool-{curve.lower()}",
        made="pkcs11-tool 0.23",
        fill=fill,
        english=(shown,),
        deletes={curve.lower(): KEY_PAIR},
        json=typed(shown, curve.lower()),
    )


def ec_pair(label: str, parameters: bytes) -> Any:
    point = encode(_OCTETS, b"\x04" + POINT)
    both: Attributes = {CKA.EC_PARAMS: parameters}
    return pair(CKK.EC, label, {**both, CKA.EC_POINT: point}, {**both, CKA.VALUE: bytes(32)})


def edwards(label: str, parameters: bytes) -> Any:
    both: Attributes = {CKA.EC_PARAMS: parameters}
    public: Attributes = {**both, CKA.EC_POINT: encode(_OCTETS, bytes(32))}
    return pair(CKK.EC_EDWARDS, label, public, {**both, CKA.VALUE: bytes(32)})


def two_of_one_name(token: CorpusToken) -> None:
    for last in b"\x01", b"\x02":
        token.create(*gost("gost-twins", XCH_A, STREEBOG, POINT[:-1] + last))


def told_apart_by_value(document: dict[str, Any]) -> bool:
    keys = [key for each in document["containers"] if each["key"] for key in each["key"]["objects"]]
    refs = [key["ref"] for key in keys if key["kind"] == "public-key"]
    return len(set(refs)) == len(refs) == 1 + 2 and not any("#" in ref for ref in refs)


def on_jacarta(token: CorpusToken) -> None:
    """A pair of its own, and the certificate of its key under an id of somebody else's choice."""
    token.create(*gost("jacarta-own", XCH_A, STREEBOG, POINT))
    info = gost_info("1.2.643.7.1.1.1.1", XCH_A, POINT, STREEBOG)
    token.certificate(made(info=info), label="jacarta-own certificate")


def grouped_by_point(document: dict[str, Any]) -> bool:
    (found,) = (each for each in document["containers"] if each["label"] == "jacarta-own")
    kinds = sorted(key["kind"] for key in found["key"]["objects"])
    return kinds == sorted(KEY_PAIR) and len(found["certificates"]) == 1


PRIME, BASE = (1 << 1023 | 1).to_bytes(128), b"\x02"
DSA: Attributes = {CKA.PRIME: PRIME, 0x131: (1 << 159 | 1).to_bytes(20), 0x132: BASE}
DH: Attributes = {CKA.PRIME: PRIME, 0x132: BASE}
EXPLICIT = encode(0x30, b"\x02\x01\x01", encode(0x30, oid("1.2.840.10045.1.1")))
_256, _2001 = "34.10-2012 256", "34.10-2001"
ENTRIES: Sequence[Entry] = (
    keys(
        "gost-raw",
        f"gost2012-256:{XCH_A}",
        russian(f"{_256} CryptoPro-XchA"),
        *gost("gost-raw", XCH_A, STREEBOG, POINT),
        gone=KEY_PAIR,
    ),
    keys(
        "gost-wrapped",
        f"gost2012-256:{TC26_A}",
        russian(f"{_256} TC26-256-A"),
        *gost("gost-wrapped", TC26_A, STREEBOG, encode(_OCTETS, POINT)),
        gone=KEY_PAIR,
    ),
    keys(
        "gost-raw-begins-with-04",
        f"gost2012-256:{XCH_A}",
        russian(_256),
        *gost("gost-raw-begins-with-04", XCH_A, STREEBOG, b"\x04\x3e" + POINT[2:]),
        gone=KEY_PAIR,
    ),
    keys(
        "gost-2001",
        f"gost2001:{XCH_A}",
        russian(f"{_2001} CryptoPro-XchA"),
        *gost("gost-2001", XCH_A, GOST_94, POINT),
        gone=KEY_PAIR,
    ),
    keys(
        "gost-other-set",
        "gost2012-256:1.2.643.9.9",
        russian(f"{_256} 1.2.643.9.9"),
        *gost("gost-other-set", "1.2.643.9.9", STREEBOG, POINT),
        gone=KEY_PAIR,
    ),
    certified(f"gost2012-256:{TC26_A}", "gost2012-256-tc26-a", russian(f"{_256} TC26-256-A")),
    certified(f"gost2012-256:{XCH_A}", "gost2012-256-xcha", russian(f"{_256} CryptoPro-XchA")),
    certified(
        "gost2012-512:1.2.643.7.1.2.1.2.1", "gost2012-512-a", russian("34.10-2012 512 TC26-512-A")
    ),
    certified("gost2001:1.2.643.2.2.35.1", "gost2001-a", russian(f"{_2001} CryptoPro-A")),
    certified("ec:p256", "ec-under-gost", same("ec:p256")),
    certified("ec:sm2", "sm2", same("SM2")),
    certified("ec:secp256k1", "secp256k1", same("ec:secp256k1")),
    certified("ec:brainpoolp256r1", "brainpoolp256r1", same("ec:brainpoolp256r1")),
    certified("ed25519", "ed25519", same("Ed25519")),
    certified("ed448", "ed448", same("Ed448")),
    generated("brainpoolP384r1", "ec:brainpoolp384r1"),
    generated("secp256k1", "ec:secp256k1"),
    keys(
        "ec-sm2",
        "ec:sm2",
        same("SM2"),
        *ec_pair("ec-sm2", oid("1.2.156.10197.1.301")),
        gone=KEY_PAIR,
    ),
    keys(
        "ec-other",
        "ec:1.2.3.4",
        same("ec:1.2.3.4"),
        *ec_pair("ec-other", oid("1.2.3.4")),
        gone=KEY_PAIR,
    ),
    keys(
        "ec-explicit",
        "ec:explicit",
        same("ec:explicit"),
        *ec_pair("ec-explicit", EXPLICIT),
        gone=KEY_PAIR,
    ),
    keys(
        "ed25519-by-number",
        "ed25519",
        same("Ed25519"),
        *edwards("ed25519-by-number", oid("1.3.101.112")),
        gone=KEY_PAIR,
    ),
    keys(
        "ed25519-by-name",
        "ed25519",
        same("Ed25519"),
        *edwards("ed25519-by-name", encode(0x13, b"edwards25519")),
        gone=KEY_PAIR,
    ),
    keys(
        "dsa-1024",
        "dsa:1024",
        same("dsa:1024"),
        *pair(CKK.DSA, "dsa-1024", {**DSA, CKA.VALUE: PRIME}, {**DSA, CKA.VALUE: b"\x11"}),
        gone=KEY_PAIR,
    ),
    keys(
        "dh-1024",
        "dh:1024",
        same("dh:1024"),
        *pair(CKK.DH, "dh-1024", {**DH, CKA.VALUE: PRIME}, {**DH, CKA.VALUE: b"\x11"}),
        gone=KEY_PAIR,
    ),
    secret("aes-256", CKK.AES, 256, "aes:256"),
    secret("des3-key", CKK.DES3, 192, "des3"),
    secret("generic-secret", CKK.GENERIC_SECRET, 160, "generic-secret:160"),
    Entry(
        name="gost-twins",
        made="by hand",
        fill=two_of_one_name,
        english=("gost-twins", f"GOST R {_256} CryptoPro-XchA"),
        russian=(f"ГОСТ Р {_256} CryptoPro-XchA",),
        json=told_apart_by_value,
    ),
    Entry(
        name="jacarta-own-key",
        made="by hand, on the simulated JaCarta-2 GOST",
        fill=on_jacarta,
        english=("jacarta-own", f"GOST R {_256} CryptoPro-XchA", "Anna Petrova"),
        russian=("jacarta-own", f"ГОСТ Р {_256} CryptoPro-XchA", "Anna Petrova"),
        deletes={"jacarta-own": (*KEY_PAIR, *CERTIFICATE)},
        json=grouped_by_point,
        token=lambda makers: makers.simulated(makers.sim("jacarta-gost2")),
    ),
)
