"""Names of people and organisations in requests and lists."""

from __future__ import annotations

import subprocess

import pytest
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import AddedToken

PIN = ("--pin-file", "user.pin")
PERSON = (
    "E=anna@bank.test,SNILS=12345678901,INN=007700000000,T=Начальник,GN=Анна Сергеевна,"
    "SN=Петрова,CN=Петрова Анна,street=Ленина 1,O=Банк,C=ru"
)
COMPANY = "ogrn=1027700132195,INNLE=7707083893,OGRNIP=304500116000157,CN=ООО Заря"


def asked(program: Program, subject: str, *more: str) -> Ended:
    return program.run("enroll", "--csr-out", "a.csr", "--subject", subject, *PIN, *more)


def parsed(program: Program) -> str:
    command = ("openssl", "asn1parse", "-in", "a.csr")
    return subprocess.run(
        command, cwd=program.home, capture_output=True, text=True, check=True
    ).stdout


def test_a_name_has_the_types_that_people_know(program: Program, token: AddedToken) -> None:
    assert asked(program, f"{PERSON},{COMPANY}").code == 0

    numbers = ("007700000000", "12345678901", "1027700132195", "7707083893", "304500116000157")
    for number in numbers:
        assert f"NUMERICSTRING     :{number}" in parsed(program)
    assert "IA5STRING         :anna@bank.test" in parsed(program)
    assert "PRINTABLESTRING   :ru" in parsed(program)


def test_a_common_name_of_64_letters_in_any_script_is_taken(
    program: Program, token: AddedToken
) -> None:
    ended = asked(program, f"CN={'Щ' * 64},O=Bank", "--json")

    assert ended.code == 0, ended.out
    assert ended.document["request"]["subject"] == f"CN={'Щ' * 64},O=Bank"
    assert ended.err == ""


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        (f"CN={'Щ' * 65}", "в CN знаков: 65, допускается не больше 64"),
        ("CN=Anna,INN=7700", "в INN должно быть 12 цифр"),
        ("CN=Anna,SNILS=123-456-789", "в SNILS должно быть 11 цифр"),
        ("CN=Anna,C=Россия", "в C должно быть 2 латинские буквы"),
        ("CN=Anna,E=анна@банк.рф", "в E есть недопустимый знак"),
        ("CN=Anna,ИНН=1", "оно записано не в виде"),
        ("CN=Anna,NICK=1", "NICK неизвестно"),
        ('CN=ООО "Заря"', 'перед знаком " должна стоять'),
        ("CN=", "у CN нет значения"),
    ],
)
def test_a_subject_that_cannot_be_is_told_in_the_persons_language(
    program: Program, token: AddedToken, subject: str, reason: str
) -> None:
    ended = asked(program, subject, "--lang", "ru")

    assert (ended.code, ended.out) == (9, "")
    assert reason in ended.err
    assert not (program.home / "a.csr").exists()
    assert program.run("list", "--json", *PIN).document["containers"] == []


def test_a_list_shows_who_it_is_and_all_of_the_name_on_demand(
    program: Program, token: AddedToken, ca: TestCa
) -> None:
    asked(program, PERSON)
    (program.home / "a.pem").write_bytes(ca.answer((program.home / "a.csr").read_bytes()))
    stored = program.run("enroll", "--certificate", "a.pem", "--trust", "ca.pem", *PIN)
    assert stored.code == 0, stored.err

    short = program.run("list").out
    whole = program.run("list", "--verbose").out
    (found,) = program.run("list", "--json").document["containers"]

    assert "Петрова Анна" in short
    assert "INN=007700000000" not in short
    assert "E=anna@bank.test, SNILS=12345678901, INN=007700000000, T=Начальник" in whole
    assert "serial number" in whole
    subject = found["certificates"][0]["subject"]
    assert subject.startswith("1.2.840.113549.1.9.1=#160e616e6e614062616e6b2e74657374,")
    assert "CN=Петрова Анна,STREET=Ленина 1,O=Банк,C=ru" in subject
