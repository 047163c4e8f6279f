"""Certificates and CAs that cannot be checked: one sentence each, before anything is spent."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import AddedToken

PIN = ("--pin-file", "user.pin")
CORPUS = Path(__file__).parents[3] / "tests" / "corpus" / "certificates"
GOST = "GOST R 34.10-2012 256"
KEYS = {
    "gost2012-256-tc26-a": f"{GOST} TC26-256-A",
    "gost2012-512-a": "GOST R 34.10-2012 512 TC26-512-A",
    "gost2001-a": "GOST R 34.10-2001 CryptoPro-A",
    "sm2": "SM2",
    "secp256k1": "ec:secp256k1",
    "brainpoolp256r1": "ec:brainpoolp256r1",
    "ed25519": "Ed25519",
}
OF_OUR_OWN_RULE = {"brainpoolp256r1", "ed25519"}
"""Keys that a CA may have, though no token here has one (decision 25)."""


def stored(program: Program, certificate: Path, *more: str, trust: str = "ca.pem") -> Ended:
    return program.run("enroll", "--certificate", str(certificate), "--trust", trust, *more)


def refused(ended: Ended, code: str, words: str) -> None:
    """It is said before a PIN is asked for, which nobody gives here."""
    assert ended.code == 9, ended
    assert ended.error["code"] == code
    assert words in ended.error["message"]
    assert "No try was spent" in ended.error["cost"]
    assert ended.error["advice"]


@pytest.mark.parametrize(("file", "kind"), KEYS.items())
def test_a_certificate_whose_key_cannot_be_checked(
    program: Program, token: AddedToken, ca: TestCa, file: str, kind: str
) -> None:
    ended = stored(program, CORPUS / f"{file}.der", *PIN, "--json")

    refused(ended, "certificate-unsupported", f"its key is {kind}, which cannot be checked")


@pytest.mark.parametrize(
    ("file", "kind"), [each for each in KEYS.items() if each[0] not in OF_OUR_OWN_RULE]
)
def test_a_trusted_ca_whose_key_cannot_be_checked(
    program: Program, token: AddedToken, ca: TestCa, file: str, kind: str
) -> None:
    (program.home / "a.pem").write_bytes(pem(ca.issue(ca.key.public_key())))

    ended = stored(program, Path("a.pem"), *PIN, "--json", trust=str(CORPUS / f"{file}.der"))

    refused(ended, "certificate-unsupported", f"its key is {kind}, which cannot be checked")


def test_a_certificate_whose_signature_cannot_be_checked(
    program: Program, token: AddedToken, ca: TestCa
) -> None:
    ended = stored(program, CORPUS / "ec-under-gost.der", *PIN, "--json")

    refused(ended, "certificate-unsupported", f"its signature is made by an algorithm ({GOST})")


@pytest.mark.parametrize("as_trust", [False, True])
def test_a_certificate_of_version_2(
    program: Program, token: AddedToken, ca: TestCa, *, as_trust: bool
) -> None:
    file = CORPUS / "version-2.der"
    (program.home / "a.pem").write_bytes(pem(ca.issue(ca.key.public_key())))
    given = (Path("a.pem"), str(file)) if as_trust else (file, "ca.pem")

    ended = stored(program, given[0], *PIN, "--json", trust=given[1])

    refused(ended, "certificate-unreadable", "it is of X.509 version 2")


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.der")), ids=lambda file: file.stem)
@pytest.mark.parametrize("as_trust", [False, True])
def test_every_odd_certificate_is_refused_in_sentences_of_ours(
    program: Program, token: AddedToken, ca: TestCa, file: Path, *, as_trust: bool
) -> None:
    (program.home / "a.pem").write_bytes(pem(ca.issue(ca.key.public_key())))
    given = (Path("a.pem"), str(file)) if as_trust else (file, "ca.pem")

    ended = stored(program, given[0], *PIN, "--lang", "ru", trust=given[1])

    assert (ended.code, ended.out) == (9, ""), ended
    assert ended.err.count("\n") == 3, "what happened, what it cost, what to do"
    assert not {"Warning", "error", "parse", "ASN", ".py"} & set(ended.err.split())


def test_all_of_it_is_in_the_persons_language(
    program: Program, token: AddedToken, ca: TestCa
) -> None:
    ended = stored(program, CORPUS / "gost2012-256-tc26-a.der", *PIN, "--lang", "ru")

    assert ended.err.splitlines()[0] == (
        "Ошибка: Сертификат C=RU,O=Банк,CN=Петрова Анна использовать нельзя: его ключ —"
        " ГОСТ Р 34.10-2012 256 TC26-256-A, такие здесь не проверить."
    )
