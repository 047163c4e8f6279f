"""``lockwright respond``: what is given, what is refused with which exit code, what comes out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lockwright.models import KeyForm
from lockwright.spoken import request_check
from lockwright_testkit import responding_adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

SERIAL, REQUEST = "0B53001435596976", "A892D75601617C5D"
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
CHECK = request_check(SERIAL, bytes.fromhex(REQUEST))
ZERO_VECTOR = "1951EC3EF81BBABB"  # Microsoft's smart card minidriver specification
GIVEN = {
    "--vendor": responding_adapter.NAME,
    "--model": responding_adapter.KEY_MODEL,
    "--serial": SERIAL,
    "--request": REQUEST,
    "--key-file": "admin.key",
    "--ticket": "4711",
}


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program of the bank's side, with a key."""
    responding_adapter.install(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    made = Program(tmp_path)
    made.secret("admin.key", KEY + "\n")
    made.secret("zero.key", "00" * 24)
    made.secret("hsm.pin", USER_PIN)
    return made


@pytest.fixture
def uri(softhsm: SoftHSM) -> str:
    """A key in an HSM."""
    return add_key(softhsm, softhsm.add_token("bankhsm"), bytes.fromhex(KEY), "admin")


def respond(program: Program, *more: str, **changed: str | None) -> Ended:
    """Run the command; an option is changed by its name, or left out with None."""
    given = GIVEN | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    words = [word for name, value in given.items() if value is not None for word in (name, value)]
    return program.run("respond", *words, *more)


def openssl(key: str, block: str) -> str:
    """3DES by another program."""
    done = subprocess.run(
        ["openssl", "enc", "-des-ede3", "-nopad", "-K", key],
        input=bytes.fromhex(block),
        capture_output=True,
        check=True,
    )
    return done.stdout.hex().upper()


# --- what comes out -------------------------------------------------------------------------------


def test_openssl_finds_the_same_response(program: Program) -> None:
    ended = respond(program, "--json")

    assert ended.code == 0
    assert ended.document["response"] == openssl(KEY, REQUEST)
    assert openssl("00" * 24, REQUEST) == ZERO_VECTOR


def test_a_person_sees_groups_and_what_to_do(program: Program) -> None:
    ended = respond(program)

    response = openssl(KEY, REQUEST)
    assert ended.code == 0
    assert " ".join(response[i : i + 4] for i in range(0, 16, 4)) in ended.out
    assert "group by group" in ended.err


def test_the_document_says_what_was_answered_and_its_check(program: Program) -> None:
    document = respond(program, "--json", "--lang", "ru").document

    assert document["token"] == SERIAL
    assert document["request"] == "A892 D756 0161 7C5D"
    assert document["check"] == {"words": CHECK.words("ru"), "digits": CHECK.digits}
    assert document["spoken"].replace(" ", "").startswith(document["response"])
    assert len(document["spoken"].split()) == 5


@pytest.mark.parametrize("typed", ["a892 d756 0161 7c5d", "А892-D756-О161-7С5D"])
def test_a_request_is_taken_as_people_write_it(program: Program, typed: str) -> None:
    ended = respond(program, "--json", request=typed)

    assert ended.document["response"] == openssl(KEY, REQUEST)


def test_what_was_read_otherwise_is_said(program: Program) -> None:
    assert "digit 0" in respond(program, request="A892D756O1617C5D").err


def test_a_key_in_an_hsm_gives_the_same(program: Program, uri: str) -> None:
    ended = respond(program, "--json", key_file=None, key_uri=uri, hsm_pin_file="hsm.pin")

    assert ended.code == 0, ended
    assert ended.document["response"] == openssl(KEY, REQUEST)


def test_the_hsms_module_may_be_named_beside_the_uri(
    program: Program, softhsm: SoftHSM, uri: str
) -> None:
    ended = respond(
        program,
        "--json",
        key_file=None,
        key_uri=uri.partition("?")[0],
        hsm_module=str(softhsm.module),
        hsm_pin_file="hsm.pin",
    )

    assert ended.document["response"] == openssl(KEY, REQUEST)


def test_a_key_in_text_is_what_it_is_said_to_be(program: Program) -> None:
    program.secret("admin.key", "correct horse battery")
    filled = b"correct horse battery".ljust(24, b"\0").hex()

    assert respond(program).code == 15
    ended = respond(program, "--json", key_format="text")
    assert ended.document["response"] == openssl(filled, REQUEST)


def test_a_password_goes_to_the_models_that_have_one(program: Program) -> None:
    program.secret("admin.key", "secret words")

    ended = respond(
        program, "--json", model=responding_adapter.PASSWORD_MODEL, key_format="password"
    )

    assert bytes.fromhex(ended.document["response"]).endswith(b"sdrow terces")


def test_the_configuration_names_the_key_in_the_hsm_by_the_serial_number(
    program: Program, softhsm: SoftHSM
) -> None:
    uri = add_key(softhsm, softhsm.add_token("bankhsm"), bytes.fromhex(KEY), f"admin-{SERIAL}")
    pattern = uri.replace(SERIAL, "{serial}")
    (program.home / "bank.toml").write_text(f'[respond]\nkey_uri = "{pattern}"\n')
    hsm = {"config": "bank.toml", "key_file": None, "hsm_pin_file": "hsm.pin"}

    other = respond(program, "--json", **hsm | {"serial": "0B53001435590000"})
    assert "keys in the HSM that fit the URI: 0" in refused(other, 15, "key-unusable")
    assert respond(program, "--json", **hsm).document["response"] == openssl(KEY, REQUEST)


def test_a_file_that_is_given_stands_before_the_configured_hsm(program: Program) -> None:
    (program.home / "bank.toml").write_text('[respond]\nkey_uri = "pkcs11:object={serial}"\n')

    assert respond(program, config="bank.toml").code == 0


# --- what is refused ------------------------------------------------------------------------------


def refused(ended: Ended, code: int, name: str) -> str:
    assert (ended.code, ended.error["code"]) == (code, name), ended
    told: str = ended.error["message"]
    return told


def test_a_request_is_answered_once(program: Program) -> None:
    assert respond(program).code == 0

    refused(respond(program, "--json"), 15, "request-answered")


@pytest.mark.parametrize("said", [CHECK.digits, CHECK.words("en"), CHECK.words("ru")])
def test_a_check_that_fits_is_taken_as_digits_and_as_words(program: Program, said: str) -> None:
    assert respond(program, check=said).code == 0


@pytest.mark.parametrize("said", ["0000 0000", "garbage garbage", "", CHECK.digits[:4]])
def test_a_check_that_does_not_fit_stops_it(program: Program, said: str) -> None:
    refused(respond(program, "--json", check=said), 15, "check-differs")

    assert respond(program).code == 0  # nothing was used up


@pytest.mark.parametrize("request_", ["A892D75601617C5", "A892D75601617C5G", "A892D75601617C5D00"])
def test_what_is_no_request_is_refused_before_a_key_is_read(
    program: Program, request_: str
) -> None:
    ended = respond(program, "--json", request=request_, key_file="no-such-file")

    refused(ended, 15, "request-malformed")


def test_a_letter_that_no_serial_number_has_is_named_before_a_key_is_read(
    program: Program,
) -> None:
    spelled = SERIAL.replace("B", "\N{CYRILLIC CAPITAL LETTER VE}")
    ended = respond(program, "--json", serial=spelled, key_file="no-such-file")

    assert "U+0412 CYRILLIC" in refused(ended, 15, "serial-malformed")


def test_limits_are_passed_by_neither_another_spelling_nor_another_name(program: Program) -> None:
    (program.home / "bank.toml").write_text("[respond]\nper_serial = 1\nper_operator = 2\n")
    known = {"config": "bank.toml"}
    assert respond(program, **known).code == 0

    other = known | {"serial": SERIAL.lower().removeprefix("0"), "request": "0000000000000001"}
    refused(respond(program, "--json", **other), 15, "too-many-answers")
    other = known | {"serial": "another", "request": "0000000000000001"}
    assert respond(program, operator="Boris", **other).code == 0
    other |= {"serial": "a-third", "request": "0000000000000002"}
    refused(respond(program, "--json", operator="Clara", **other), 15, "too-many-answers")


def test_a_key_that_everybody_knows_is_refused_unless_told_otherwise(program: Program) -> None:
    refused(respond(program, "--json", key_file="zero.key"), 15, "default-key")

    ended = respond(program, "--json", "--allow-default-key", key_file="zero.key")
    assert ended.document["response"] == ZERO_VECTOR


def test_a_rule_that_is_not_public_is_said_with_what_to_do(program: Program) -> None:
    ended = respond(program, model="JaCarta GOST 2.0", key_file="no-such-file")

    assert ended.code == 12
    assert "JaCarta GOST 2.0 is not public" in ended.err
    assert "vendor's own workstation" in ended.err


def test_an_unknown_vendor_is_told_with_those_that_are(program: Program) -> None:
    assert responding_adapter.NAME in refused(
        respond(program, "--json", vendor="x"), 4, "unknown-vendor"
    )


def test_a_key_that_others_can_read_is_refused(program: Program) -> None:
    program.secret("admin.key", KEY, mode=0o640)

    told = refused(respond(program, "--json"), 3, "secret-file-exposed")
    assert "holds a secret" in told


def test_a_wrong_pin_of_the_hsm_is_told_as_such(program: Program, uri: str) -> None:
    program.secret("hsm.pin", "Wrong-pin-1")

    ended = respond(program, "--json", key_file=None, key_uri=uri, hsm_pin_file="hsm.pin")

    assert "HSM" in refused(ended, 5, "pin-incorrect")


def test_a_pin_in_a_uri_is_refused_without_repeating_it(program: Program, uri: str) -> None:
    ended = respond(program, "--json", key_file=None, key_uri=f"{uri}&pin-value=Hush-17")

    assert ended.code in {2, 4}
    assert "Hush-17" not in ended.out + ended.err


@pytest.mark.parametrize("stray", ["--key", "--hsm-pin", "--password"])
def test_a_key_on_the_command_line_is_refused_without_repeating_it(
    program: Program, stray: str
) -> None:
    ended = respond(program, stray, KEY)

    assert ended.code == 2
    assert KEY not in ended.out + ended.err


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"key_uri": "pkcs11:object=a"}, "either --key-file or --key-uri"),
        ({"key_file": None, "key_uri": "pkcs11:a=b", "key_format": "hex"}, "--key-format goes"),
        ({"hsm_module": "/x.so"}, "go with --key-uri"),
        ({"hsm_pin_file": "hsm.pin"}, "go with --key-uri"),
        ({"key_format": "base64"}, "base64"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(
    program: Program, changed: dict[str, str | None], told: str
) -> None:
    ended = respond(program, **changed)

    assert ended.code == 2
    assert told in ended.err


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_what_is_missing_is_named_where_nobody_can_be_asked(program: Program, missing: str) -> None:
    ended = respond(program, **{missing.removeprefix("--").replace("-", "_"): None})

    assert ended.code == 2
    assert ("--reason" if missing == "--ticket" else missing) in ended.err


def test_all_that_is_missing_is_named_at_once(program: Program) -> None:
    told = program.run("respond").err

    for name in ("--vendor", "--model", "--serial", "--request", "--reason", "--key-file"):
        assert name in told


def test_every_form_of_a_key_is_named_in_the_help(program: Program) -> None:
    text = program.run("respond", "--help").out

    assert all(form.value in text for form in KeyForm)


# --- who and why, in Russian ----------------------------------------------------------------------


def test_the_record_names_the_operator_and_the_reason(program: Program) -> None:
    ended = respond(program, operator="Иванова", reason="забыла PIN-код", ticket=None)

    assert ended.code == 0
    trail = program.audit.read_text()
    assert "Иванова" in trail
    assert "забыла PIN-код" in trail


def test_it_speaks_russian(program: Program) -> None:
    text = program.run("respond", "--help", "--lang", "ru").out
    assert "Ответ" in text
    assert "карточки клиента" in text
    assert "Ответ для токена" in respond(program, "--lang", "ru").out
    assert "уже был дан Ответ" in respond(program, "--lang", "ru").err


def test_the_ledger_lies_where_the_configuration_says(program: Program) -> None:
    (program.home / "bank.toml").write_text('[respond]\nledger = "ledger/answered.db"\n')

    assert respond(program, config="bank.toml").code == 0

    assert (program.home / "ledger" / "answered.db").is_file()
