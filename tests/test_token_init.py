"""A token's first day: a blank one gets its label and PINs, and one that was used is emptied."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lockwright import Config, PinPolicy, Runner, Secret
from lockwright.audit import verify
from lockwright.errors import (
    INITIALISED,
    NOTHING,
    UNCHANGED,
    UNKNOWN_COST,
    LabelRefused,
    LastTry,
    LockwrightError,
    NoBlankToken,
    NotOffered,
    PinIncorrect,
    PinRefused,
    PlanStale,
    TokenBlank,
    TokenBusy,
    TokenRefused,
    TokenRemoved,
)
from lockwright.models import PinState, Token
from lockwright.operations.care.labels import check_label, found_again
from lockwright_testkit.containers import container
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

FIRST, NEW = "Harbour-Gate-61", "Kettle-Moss-42"
KEY = bytes(range(24))
SLOW = 3000
"""Milliseconds that the token takes for the user PIN; the program is killed meanwhile."""
FILES = ("--new-so-pin-file", "first.pin", "--new-pin-file", "new.pin")
AGAIN = ("--so-pin-file", "first.pin", "--new-pin-file", "new.pin")
INITIALISED_BY_SO = ("jacarta-pki", "jacarta-pro", "etoken")
"""Personalities that their administrator's PIN initialises."""


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    made = Program(tmp_path)
    for name, value in (("first", FIRST), ("new", NEW), ("so", SO_PIN), ("user", USER_PIN)):
        made.secret(f"{name}.pin", value)
    return made


@pytest.fixture(params=INITIALISED_BY_SO)
def device(sim: SimulatorFactory, request: pytest.FixtureRequest) -> Simulator:
    made: Simulator = sim(request.param)
    return made


def runner(device: Simulator, **config: object) -> Runner:
    settings = {"audit": None, **config}
    return Runner(Config(**settings), modules=[device.module])  # type: ignore[arg-type]  # as named


def on(runner: Runner, token: Token, pin: str) -> int:
    """How many objects are on a token."""
    return len(runner.list(token, Secret(pin)).all_objects)


def with_key(runner: Runner, pin: str = USER_PIN) -> Token:
    """The token, with a key pair on it."""
    token = runner.find()
    runner.request(token, Secret(pin), "CN=Anna", key_type="ec:p256")
    return token


def test_a_blank_token_gets_its_label_and_both_pins(program: Program) -> None:
    done = program.run("token", "init", "--label", "Анна П.", "--blank", "--yes", *FILES, "--json")

    schema = json.loads((files("lockwright.cli") / "schemas" / "token-init.json").read_text())
    Draft202012Validator(schema).validate(done.document)
    (token,) = program.run("tokens", "--json").document["tokens"]
    assert (token["serial"], token["label"]) == (done.document["token"], "Анна П.")
    assert (done.document["was_blank"], done.document["lost"]) == (True, [])
    assert done.document["lost_unseen"] is False
    assert program.run("list", "--pin-file", "new.pin").code == 0
    assert program.run("unblock", *AGAIN).code == 0, "the SO PIN is the one that was given"


def test_a_token_in_use_loses_everything_and_keeps_its_so_pin(
    program: Program, softhsm: SoftHSM
) -> None:
    made = softhsm.add_token("Anna", so_pin=FIRST)
    container(TestCa.root(), "CN=work")
    named = ("token", "init", "--label", "Boris", "--yes", "--token", made.serial)

    done = program.run(*named, *AGAIN, "--json")

    kinds = [each["kind"] for each in done.document["lost"]]
    assert sorted(kinds) == ["certificate", "public-key"]
    assert done.document["lost_unseen"] is True, "the private key could not be listed"
    assert program.run("list", "--pin-file", "new.pin", "--json").document["containers"] == []
    assert program.run("unblock", *AGAIN).code == 0
    verify(program.audit)
    told = program.audit.read_text()
    assert '"label":"Boris"' in told
    assert FIRST not in told
    assert NEW not in told


def test_what_is_lost_is_shown_and_the_serial_number_typed(
    program: Program, softhsm: SoftHSM, terminal: Terminal
) -> None:
    made = softhsm.add_token("Anna", so_pin=FIRST)
    container(TestCa.root(), "CN=work")
    screen = terminal(program, "token", "init", "--label", "Boris")
    shown = screen.answers("type the serial number", "no")
    assert "work" in shown
    assert "What only the user can see is lost, too" in shown
    assert "the label Anna becomes Boris. The SO PIN stays." in " ".join(shown.split())
    code, said = screen.ends()
    assert (code, f"That is not {made.serial}." in said) == (1, True)
    assert "Nothing was changed." in said

    screen = terminal(program, "token", "init", "--label", "Boris")
    screen.answers("type the serial number", made.serial)
    screen.answers("SO PIN:", FIRST)
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    assert screen.ends()[0] == 0

    screen = terminal(program, "token", "init", "--label", "Vera")
    assert "What only the user can see is lost; it" in screen.answers("type the serial", "no")


def test_a_new_so_pin_is_asked_for_twice_under_the_banks_rules(
    program: Program, terminal: Terminal
) -> None:
    screen = terminal(program, "token", "init", "--label", "Anna")
    assert "Blank, never initialised" in screen.answers("with the label Anna?", "y")
    assert "at least 8 characters" in screen.answers("New SO PIN:", "12345678")
    assert "The new SO PIN is refused:" in screen.answers("New SO PIN:", FIRST)
    screen.answers("once more:", FIRST)
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    code, said = screen.ends()
    assert (code, "Keep its SO PIN apart" in said) == (0, True)


def test_a_locked_so_pin_is_told_before_anything_is_typed(
    program: Program, sim: SimulatorFactory, terminal: Terminal
) -> None:
    device = sim("jacarta-pki", settings={"so.tries": 0})
    screen = terminal(program, "token", "init", "--label", "x", "--module", device.module)
    code, said = screen.ends()
    assert (code, "The SO PIN is locked." in said) == (5, True), said
    assert "type the serial number" not in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--yes",), "--yes needs --blank, or --token"),
        (("--yes", "--token", "pkcs11:token=Anna"), "the serial number itself"),
        ((), "Nobody can be asked"),
        (("--yes", "--blank", "--so-pin-file", "so.pin"), "--new-so-pin-file"),
    ],
)
def test_nothing_is_initialised_that_was_not_named(
    program: Program, softhsm: SoftHSM, arguments: tuple[str, ...], told: str
) -> None:
    softhsm.add_token("Anna")
    ended = program.run("token", "init", "--label", "x", *arguments, "--new-pin-file", "new.pin")
    assert (ended.code, told in " ".join(ended.err.split())) == (2, True), ended.err
    (token,) = program.run("tokens", "--json").document["tokens"]
    assert token["label"] == "Anna"


@pytest.mark.parametrize(
    "label", ["", "  ", " Anna", "Anna ", "A" * 33, "Анна" * 5, "An\nna", "An\0na", "An\udc80na"]
)
def test_a_label_that_no_token_gives_back_is_refused(label: str) -> None:
    with pytest.raises(LabelRefused):
        check_label(label)


def test_the_longest_label_is_given_back_as_it_was(sim: SimulatorFactory) -> None:
    with runner(sim("jacarta-pki")) as api:
        token = api.find()
        plan = api.care.plan_init(token, "Ж" * 16)
        now = api.care.init(token, Secret(SO_PIN), Secret(NEW), plan)
    assert now.identity.label == "Ж" * 16


def test_the_administrators_pin_initialises_and_stays(device: Simulator) -> None:
    with runner(device) as api:
        token = with_key(api)
        now = api.care.init(
            token, Secret(SO_PIN), Secret(NEW), api.care.plan_init(token, "Fresh one")
        )
        assert (now.serial, now.identity.label) == (token.serial, "Fresh one")
        assert on(api, now, NEW) == 0
        api.unblock(now, Secret(SO_PIN), Secret("Lantern-Ford-73"))


def test_a_wrong_so_pin_costs_one_try_and_nothing_is_gone(device: Simulator) -> None:
    """A classic eToken takes any SO PIN for its new one, if it is asked to."""
    with runner(device) as api:
        token = with_key(api)
        before, tries = on(api, token, USER_PIN), device.tries("so")
        plan = api.care.plan_init(token, "Fresh one")
        with pytest.raises(PinIncorrect) as caught:
            api.care.init(token, Secret("Wrong-pin-1"), Secret(NEW), plan)
        assert (device.tries("so"), caught.value.facts["role"]) == (tries - 1, "SO PIN")
        assert on(api, token, USER_PIN) == before


def test_the_last_try_of_the_so_pin_is_spared(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with runner(device) as api:
        token = with_key(api)
        plan = api.care.plan_init(token, "Fresh one")
        while device.tries("so") > 1:
            with pytest.raises(PinIncorrect):
                api.care.init(token, Secret("Wrong-pin-1"), Secret(NEW), plan)
        with pytest.raises(LastTry):
            api.care.init(token, Secret(SO_PIN), Secret(NEW), plan)
        assert device.tries("so") == 1
        assert on(api, token, USER_PIN) > 0


@pytest.mark.parametrize("pin", ["short", "Fresh-one-1"])
def test_a_user_pin_against_the_rules_is_refused_before_anything_is_gone(
    sim: SimulatorFactory, pin: str
) -> None:
    """The last one is the label that the token is to have."""
    device = sim("jacarta-pki")
    with runner(device, policy=PinPolicy(min_length=8, refuse_guessable=True)) as api:
        token = with_key(api)
        plan = api.care.plan_init(token, "Fresh-one-1")
        with pytest.raises(PinRefused):
            api.care.init(token, Secret(SO_PIN), Secret(pin), plan)
        assert on(api, token, USER_PIN) > 0


def test_a_first_so_pin_against_the_rules_is_refused(program: Program) -> None:
    with Runner(Config(audit=None)) as api:
        token = api.care.find(blank=True)
        plan = api.care.plan_init(token, "Anna")
        with pytest.raises(PinRefused):
            api.care.init(token, Secret("12345678"), Secret(NEW), plan)
        assert not api.care.find(blank=True).identity.initialized


def test_of_a_token_that_asks_for_no_login_nothing_is_unseen(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki", settings={"login.required": False})
    with runner(device) as api:
        token = with_key(api, "")
        plan = api.care.plan_init(token, "Fresh one")
        assert plan.lost is not None
        assert not plan.unseen
        assert any(each.private for each in plan.lost.targets)


def test_a_plan_for_another_content_is_not_applied(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with runner(device) as api:
        plan = api.care.plan_init(api.find(), "Fresh one")
        token = with_key(api)
        with pytest.raises(PlanStale):
            api.care.init(token, Secret(SO_PIN), Secret(NEW), plan)
        assert on(api, token, USER_PIN) > 0


def test_where_the_user_pin_fails_it_is_told_and_the_next_one_mends_it(
    sim: SimulatorFactory,
) -> None:
    device = sim("jacarta-pki")
    with runner(device) as api:
        token = api.find()
        device.fault("C_InitPIN@1=0x30")
        with pytest.raises(LockwrightError) as caught:
            api.care.init(
                token, Secret(SO_PIN), Secret(NEW), api.care.plan_init(token, "Fresh one")
            )
        assert caught.value.cost == INITIALISED
        device.clear_faults()
        half = api.find()
        assert half.state.user_pin is not None
        assert half.state.user_pin.state is PinState.NOT_SET
        plan = api.care.plan_init(half, "Fresh one")
        assert plan.cut_short
        now = api.care.init(half, Secret(SO_PIN), Secret(NEW), plan)
        assert on(api, now, NEW) == 0


def test_a_token_of_the_new_label_that_took_its_place_is_not_taken_for_it(
    sim: SimulatorFactory,
) -> None:
    device = sim("jacarta-pki", serial="AAAABBBBCCCC0001")
    with runner(device) as api:
        token, finder = api.find(), api.care._finder
        device.set("slot0.label", "Fresh one")
        assert found_again(finder, token, "Fresh one", INITIALISED).serial == token.serial
        device.set("slot0.serial", "AAAABBBBCCCC0002")
        with pytest.raises(TokenRemoved) as caught:
            found_again(finder, token, "Fresh one", INITIALISED)
        assert caught.value.cost == INITIALISED


def test_killed_before_the_user_pin_a_second_init_mends_it(
    program: Program, sim: SimulatorFactory
) -> None:
    device = sim("jacarta-pki")
    device.set("delay.C_InitPIN", SLOW)
    serial = device.show()["slot0.serial"]
    command = ("token", "init", "--label", "Boris", "--yes", "--token", serial)
    pins = ("--so-pin-file", "so.pin", "--new-pin-file", "new.pin", "--module", str(device.module))
    with subprocess.Popen(
        [program.path, *command, *pins],
        cwd=program.home,
        env=program.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not device.counts().get("C_InitPIN"):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    device.set("delay.C_InitPIN", 0)

    done = program.run(*command, *pins, "--json")

    assert (done.code, done.document["had_no_user_pin"]) == (0, True)
    assert program.run("list", "--pin-file", "new.pin", "--module", device.module).code == 0


@pytest.mark.parametrize(
    ("rv", "error", "cost"), [("0xb6", TokenBusy, NOTHING), ("0x5", TokenRefused, UNCHANGED)]
)
def test_a_token_that_refuses_says_what_became_of_it(
    sim: SimulatorFactory, rv: str, error: type[LockwrightError], cost: str
) -> None:
    """``CKR_SESSION_EXISTS``: another program has a session, so nothing is done."""
    device = sim("jacarta-pki")
    with runner(device) as api:
        token = with_key(api)
        plan = api.care.plan_init(token, "Fresh one")
        device.fault(f"C_InitToken@1={rv}")
        with pytest.raises(error) as caught:
            api.care.init(token, Secret(SO_PIN), Secret(NEW), plan)
        assert caught.value.cost == cost
        assert on(api, token, USER_PIN) > 0


def test_where_nothing_shows_that_all_is_there_nothing_is_promised(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki")
    with runner(device) as api:
        token = api.find()
        plan = api.care.plan_init(token, "Fresh one")
        device.fault("C_InitToken@1=0x5")
        with pytest.raises(TokenRefused) as caught:
            api.care.init(token, Secret(SO_PIN), Secret(NEW), plan)
        assert caught.value.cost == UNKNOWN_COST


def test_only_blank_tokens_are_meant_where_that_is_asked(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pki", settings={"initialized": "no"})
    with runner(device) as api:
        token = api.care.find()
        assert (token.identity.initialized, token.adapter) == (False, "jacarta")
        assert api.care.plan_init(token, "First").new_so_pin
        with pytest.raises(TokenBlank):
            api.find()
        device.set("initialized", "yes", slot=0)
        assert api.care.find().identity.initialized
        with pytest.raises(NoBlankToken):
            api.care.find(blank=True)


@pytest.mark.parametrize(
    ("personality", "settings", "reason"),
    [
        ("jacarta-pki", {"admin.key": KEY}, "administrator is a key"),
        ("jacarta-gost2", {}, "only the vendor's workstation"),
    ],
)
@pytest.mark.parametrize("short", ["init", "change_so_pin"])
def test_what_a_vendor_does_otherwise_is_refused_with_the_reason(
    sim: SimulatorFactory, personality: str, settings: dict[str, bytes], reason: str, short: str
) -> None:
    with runner(sim(personality, settings=settings)) as api:
        token = api.find()
        asked: dict[str, Callable[[], object]] = {
            "init": lambda: api.care.plan_init(token, "Fresh one"),
            "change_so_pin": lambda: api.care.change_so_pin(token, Secret(SO_PIN), Secret(FIRST)),
        }
        with pytest.raises(NotOffered) as caught:
            asked[short]()
    assert reason in str(caught.value.facts["reason"])
    assert caught.value.cost == NOTHING


def test_an_etoken_with_an_initialization_key_says_so_and_keeps_all(sim: SimulatorFactory) -> None:
    """What it answers looks like a wrong SO PIN, which was right a moment ago."""
    device = sim("etoken", settings={"start.key": KEY})
    with runner(device) as api:
        token = with_key(api)
        tries = device.tries("so")
        with pytest.raises(NotOffered, match="initialization key"):
            api.care.init(token, Secret(SO_PIN), Secret(NEW), api.care.plan_init(token, "Fresh"))
        assert device.tries("so") == tries
        assert on(api, token, USER_PIN) > 0
