"""The bank's side for a JaCarta: the vectors, and a round trip with a token that is locked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lockwright.errors import LockwrightError, PinLocked, ResponseWrong
from lockwright.models import Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright.spoken import read_response, request_check, spell
from lockwright_jacarta import adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN as HSM_PIN
from lockwright_testkit.softhsm import SoftHSM

MODEL, SERIAL = "JaCarta Laser", "0B53001435596976"
VECTORS = {"00" * 24: "1951EC3EF81BBABB", "0102030405060708" * 3: "B0A1674747F4EB87"}
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
NEW = "Nova-pin-2"
KEYS = ("file", "hsm")

Respond = Callable[..., Ended]


@pytest.fixture
def bank(tmp_path: Path, softhsm: SoftHSM) -> Program:
    """The program on the bank's side, which sees an HSM and no token."""
    made = Program(tmp_path)
    made.secret("hsm.pin", HSM_PIN)
    return made


@pytest.fixture
def respond(bank: Program, softhsm: SoftHSM) -> Respond:
    """Answers a Request with a key that lies in a file or in the HSM."""
    token = softhsm.add_token("bankhsm")

    def answer(where: str, key: str, serial: str, request: str, *more: str) -> Ended:
        if where == "file":
            by: tuple[str, ...] = ("--key-file", str(bank.secret("admin.key", key)))
        else:
            uri = add_key(softhsm, token, bytes.fromhex(key), f"admin-{serial}")
            by = ("--key-uri", uri, "--hsm-pin-file", "hsm.pin")
        about = ("--vendor", "jacarta", "--model", MODEL, "--serial", serial, "--request", request)
        return bank.run("respond", *about, *by, "--ticket", "4711", "--json", *more)

    return answer


@pytest.mark.parametrize("where", KEYS)
@pytest.mark.parametrize(("key", "response"), VECTORS.items())
def test_the_vectors(respond: Respond, where: str, key: str, response: str) -> None:
    refused = respond(where, key, SERIAL, "A892D75601617C5D")
    assert (refused.code, refused.error["code"]) == (15, "default-key")

    # A key in the HSM is there by now; it would be two of the same name.
    serial = SERIAL[::-1]
    given = respond(where, key, serial, "A892D75601617C5D", "--allow-default-key")
    assert given.document["response"] == response


@pytest.mark.parametrize("spelled", ["0b53 0014-3559-6976", "0B53:0014:3559:6976"])
def test_a_serial_number_has_one_form_in_the_answer_the_record_and_the_uri(
    bank: Program, softhsm: SoftHSM, spelled: str
) -> None:
    uri = add_key(softhsm, softhsm.add_token("bankhsm"), bytes.fromhex(KEY), f"admin-{SERIAL}")
    about = ("--vendor", "jacarta", "--model", MODEL, "--serial", spelled)
    by = ("--key-uri", uri.replace(SERIAL, "{serial}"), "--hsm-pin-file", "hsm.pin")
    request = ("--request", "A892D75601617C5D", "--ticket", "4711", "--json")
    document = bank.run("respond", *about, *by, *request).document

    assert document["token"] == SERIAL
    lines = bank.audit.read_text().splitlines()
    [recorded] = {json.loads(line)["token"]["serial"] for line in lines}
    assert recorded == SERIAL


@pytest.mark.parametrize(
    ("spelled", "code"),
    [
        ("0B53-0014-3559-6976", "too-many-answers"),
        ("0b53001435596976", "too-many-answers"),
        ("B53001435596976", "too-many-answers"),
        ("0\N{CYRILLIC CAPITAL LETTER VE}53001435596976", "serial-malformed"),
        ("0B53\N{ZERO WIDTH SPACE}001435596976", "serial-malformed"),
    ],
)
def test_another_spelling_of_a_serial_number_passes_no_limit(
    bank: Program, respond: Respond, spelled: str, code: str
) -> None:
    limited = bank.home / "config" / "lockwright" / "config.toml"
    limited.parent.mkdir(parents=True)
    limited.write_text("[respond]\nper_serial = 1\n")
    assert respond("file", KEY, SERIAL, "A892D75601617C5D").code == 0

    assert respond("file", KEY, spelled, "0000000000000001").error["code"] == code


def test_a_key_made_of_the_default_pin_is_refused(bank: Program, respond: Respond) -> None:
    refused = respond("file", "00000000", SERIAL, "A892D75601617C5D", "--key-format", "text")

    assert refused.error["code"] == "default-key"


@pytest.mark.parametrize("model", ["JaCarta GOST 2.0", "PRO"])
def test_a_model_whose_rule_the_vendor_keeps_is_said_so(bank: Program, model: str) -> None:
    about = ("--vendor", "jacarta", "--model", model, "--serial", SERIAL)
    ended = bank.run(
        *("respond", *about, "--request", "A892D75601617C5D", "--key-file", "none"),
        *("--ticket", "4711", "--lang", "ru"),
    )

    assert ended.code == 12
    assert model in ended.err
    assert "рабочем месте администратора" in ended.err


# --- the round trip -------------------------------------------------------------------------------


@pytest.fixture
def locked(sim: SimulatorFactory) -> Iterator[tuple[Module, Token]]:
    """A JaCarta whose user PIN is locked and whose administrator is a key."""
    device = sim(
        "jacarta-pki",
        serial=SERIAL,
        settings={"admin.key": bytes.fromhex(KEY), "user.tries.max": 3, "user.unblocks.max": 5},
    )
    with closing(adapter.lockwright_open(device.module, {})) as module:
        token = Token(module.slots()[0].identity(module.info()), "jacarta", "a test")
        while not isinstance(error_of(module, token, "not-the-pin"), PinLocked):
            pass
        assert isinstance(error_of(module, token, USER_PIN), PinLocked)
        yield module, token


def error_of(module: Module, token: Token, pin: str) -> LockwrightError | None:
    """What the token says to a PIN; None if it opens."""
    try:
        adapter.lockwright_list(module, token, Secret(pin), None)
    except LockwrightError as error:
        return error
    return None


@pytest.mark.parametrize("where", KEYS)
def test_a_locked_token_is_unblocked_with_the_answer_to_its_request(
    locked: tuple[Module, Token], respond: Respond, where: str
) -> None:
    module, token = locked
    request = adapter.lockwright_unblock_challenge(module, token).data
    check = request_check(token.serial, request)

    ended = respond(
        where, KEY, token.serial, spell(request).lower(), "--check", check.words("ru").upper()
    )

    assert ended.code == 0, ended
    spoken = Secret(ended.document["spoken"])
    response = read_response(spoken, token.serial, request, 8).value
    adapter.lockwright_unblock_complete(module, token, response, Secret(NEW))
    assert error_of(module, token, NEW) is None


def test_the_answer_with_another_tokens_key_is_of_no_use(
    locked: tuple[Module, Token], respond: Respond
) -> None:
    module, token = locked
    request = adapter.lockwright_unblock_challenge(module, token).data

    ended = respond("file", KEY[::-1], token.serial, spell(request))

    response = Secret(bytes.fromhex(ended.document["response"]))
    with pytest.raises(ResponseWrong):
        adapter.lockwright_unblock_complete(module, token, response, Secret(NEW))
    assert isinstance(error_of(module, token, NEW), PinLocked)
