"""A token with a PIN pad: it asks for its PINs itself, and nobody is asked for them here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

NEW = "Kettle-Moss-42"
MODEL = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
KEY = ("enroll", "--csr-out", "-", "--subject", "CN=work", "--key-type", "ec:p256")


@pytest.fixture(params=["python-pkcs11", "pykcs11"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Program:
    made = Program(tmp_path)
    file = tmp_path / "config" / "lockwright" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[adapters.softhsm]\nbinding = "{request.param}"\n')
    made.secret("user.pin", USER_PIN)
    return made


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    """Somebody at the pad types the right PINs."""
    pad: dict[str, Setting] = {
        "pad": True,
        "pad.user.pin": USER_PIN,
        "pad.so.pin": SO_PIN,
        "pad.new.pin": NEW,
    }
    return sim(settings={**MODEL, **pad, "user.tries.max": 3})


def run(program: Program, token: Simulator, *words: str) -> Ended:
    return program.run(*words, "--module", token.module)


def test_the_pin_is_entered_on_the_pad_and_asked_for_nowhere_else(
    program: Program, token: Simulator
) -> None:
    made = run(program, token, *KEY)
    listed = run(program, token, "list", "--login")

    assert made.code == 0
    assert listed.code == 0
    assert "work" in listed.out
    assert "Enter on the token's own PIN pad, each time it asks: user PIN." in listed.err


def test_a_person_at_a_terminal_is_told_to_use_the_pad(
    program: Program, token: Simulator, terminal: Terminal
) -> None:
    screen = terminal(program, "list", "--login", "--module", str(token.module))
    code, said = screen.ends()

    assert code == 0
    assert "token's own PIN pad" in said
    assert "User PIN:" not in screen.everything


def test_a_pin_is_changed_on_the_pad_with_one_question_of_its_own(
    program: Program, token: Simulator
) -> None:
    changed = run(program, token, "pin", "change")
    token.set("pad.user.pin", NEW)

    assert changed.code == 0
    assert "user PIN, new user PIN" in changed.err
    assert "at least 8 characters" in changed.err, "the pad cannot tell the bank's rules"
    assert token.counts().get("C_Login", 0) == 0
    assert run(program, token, "list", "--login").code == 0


def test_a_lost_pin_is_replaced_on_the_pad(program: Program, token: Simulator) -> None:
    token.set("user.tries", 0, slot=0)

    done = run(program, token, "unblock", "--json")
    token.set("pad.user.pin", NEW)

    assert done.code == 0
    assert done.document["pin"]["state"] == "ok"
    assert run(program, token, "list", "--login").code == 0


def test_a_pin_that_is_given_is_used_though_there_is_a_pad(
    program: Program, token: Simulator
) -> None:
    token.set("pad.answer", "nothing")

    listed = run(program, token, "list", "--pin-file", "user.pin")

    assert listed.code == 0
    assert "PIN pad" not in listed.err


def test_a_wrong_pin_on_the_pad_spends_a_try_and_is_told(
    program: Program, token: Simulator
) -> None:
    token.set("pad.user.pin", "wrong-pin")

    refused = run(program, token, "list", "--login", "--json")

    assert refused.code == 5
    assert refused.error["code"] == "pin-incorrect"
    assert refused.error["facts"]["tries_left"] is None
    assert token.tries() == 2


def test_the_last_try_is_spared_on_a_pad_too(program: Program, token: Simulator) -> None:
    token.set("user.tries", 1, slot=0)

    spared = run(program, token, "list", "--login", "--json")
    allowed = run(program, token, "list", "--login", "--use-last-try")

    assert spared.error["code"] == "last-try"
    assert allowed.code == 0
    assert "this is the last try before it locks!" in allowed.err


@pytest.mark.parametrize("answer", ["cancels", "nothing"])
@pytest.mark.parametrize("words", [("list", "--login"), ("pin", "change"), ("unblock",)])
def test_a_pad_that_is_left_alone_costs_nothing(
    program: Program, token: Simulator, answer: str, words: tuple[str, ...]
) -> None:
    token.set("pad.answer", answer)

    ended = run(program, token, *words, "--json")

    assert ended.code == 5
    assert ended.error["code"] == "pin-not-entered"
    assert ended.error["cost"] == "No try was spent and nothing on the token was changed."
    assert token.tries() == 3


def test_a_new_pin_that_the_token_refuses_is_told(program: Program, token: Simulator) -> None:
    token.set("pad.new.pin", "1")

    refused = run(program, token, "pin", "change", "--json")

    assert refused.code == 6
    assert refused.error["code"] == "pin-refused-by-token"


def test_a_person_at_the_pad_has_time(program: Program, token: Simulator) -> None:
    config = program.home / "config" / "lockwright" / "config.toml"
    config.write_text(config.read_text() + "[deadlines]\ncall = 1\npad = 20\n")
    token.set("delay.C_Login", 2500)

    listed = run(program, token, "list", "--login")
    given = run(program, token, "list", "--pin-file", "user.pin", "--json")

    assert listed.code == 0
    assert json.loads(given.out)["error"]["code"] == "module-hung"


def test_a_token_is_initialised_and_its_so_pin_changed_on_the_pad(
    program: Program, token: Simulator
) -> None:
    serial = token.show()["slot0.serial"]
    done = run(
        program, token, "token", "init", "--label", "Boris", "--yes", "--token", serial, "--json"
    )
    assert (done.code, done.document["label"]) == (0, "Boris"), done.err
    token.set("pad.user.pin", NEW)
    assert run(program, token, "list", "--login").code == 0
    assert run(program, token, "so-pin", "change").code == 0
    wrong = run(program, token, "unblock", "--json")
    assert wrong.error["code"] == "pin-incorrect", "the pad still types the old SO PIN"


def test_a_blank_token_asks_for_its_first_so_pin_on_the_pad(
    program: Program, token: Simulator
) -> None:
    token.set("initialized", value=False, slot=0)
    token.set("pad.answer", "cancels")
    words = ("token", "init", "--label", "Boris", "--blank", "--yes", "--json")
    assert run(program, token, *words).error["code"] == "pin-not-entered"
    token.set("pad.answer", "types")
    done = run(program, token, *words)
    assert (done.code, done.document["new_so_pin"]) == (0, True), done.err
