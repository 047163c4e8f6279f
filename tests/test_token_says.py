"""What tokens and modules say of themselves: key sizes, lingering flags, a service that is off."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

NEW = "Kettle-Moss-42"
MODEL = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
EVERY = ["rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384"]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    for name, pin in (("user", USER_PIN), ("so", SO_PIN), ("new", NEW)):
        made.secret(f"{name}.pin", pin)
    return made


def run(program: Program, token: Simulator, *words: str) -> Ended:
    return program.run(*words, "--module", token.module)


@pytest.mark.parametrize(
    ("sizes", "offered"),
    [
        ({}, EVERY),
        ({"rsa.max": 2048, "ec.max": 256}, ["rsa:2048", "ec:p256"]),
        ({"rsa.min": 3072, "ec.min": 384}, ["rsa:3072", "rsa:4096", "ec:p384"]),
        # Nothing, or bytes: such numbers rule nothing out.
        ({"rsa.max": 0, "ec.max": 0}, EVERY),
        ({"rsa.min": 128, "rsa.max": 256}, EVERY),
    ],
    ids=["all", "small", "large", "untold", "in bytes"],
)
def test_key_types_are_offered_as_the_token_says_their_sizes(
    program: Program, sim: SimulatorFactory, sizes: dict[str, int], offered: list[str]
) -> None:
    token = sim(settings={**MODEL, **sizes})

    (seen,) = run(program, token, "tokens", "--json").document["tokens"]

    assert seen["capabilities"]["key_types"] == offered


def test_the_key_type_that_is_taken_by_default_is_one_that_the_token_makes(
    program: Program, sim: SimulatorFactory
) -> None:
    token = sim(settings={**MODEL, "rsa.max": 1024})
    command = ("enroll", "--csr-out", "-", "--subject", "CN=work", "--pin-file", "user.pin")

    assert run(program, token, *command).code == 0
    listed = run(program, token, "list", "--json").document

    assert [each["key"]["type"] for each in listed["containers"]] == ["ec:p256"]


def test_after_an_unblock_the_step_that_is_named_works_though_the_flag_lingers(
    program: Program, sim: SimulatorFactory
) -> None:
    token = sim(settings={**MODEL, "user.tries": 1, "tries.linger": True})

    done = run(program, token, "unblock", "--so-pin-file", "so.pin", "--new-pin-file", "new.pin")
    step = done.err[done.err.index("lockwright list") :].split()[1:]
    named = run(program, token, *step, "--pin-file", "new.pin")
    after = run(program, token, "list", "--login", "--pin-file", "new.pin")

    assert done.code == 0
    assert "last try until somebody logs in" in done.err
    assert named.code == 0
    assert after.code == 0


def test_a_module_whose_service_is_off_is_not_called_unloadable(
    program: Program, sim: SimulatorFactory
) -> None:
    token = sim(settings={**MODEL, "faults": "C_Initialize@*=0x6"})

    failed = run(program, token, "list")
    told = run(program, token, "list", "--json").error

    assert failed.code == 11
    assert "was loaded, but does not work (C_Initialize: CKR_FUNCTION_FAILED)" in failed.err
    assert "See that the service that it needs runs" in failed.err
    assert told["code"] == "module-not-ready"
    assert told["ckr"] == "0x00000006"


def test_softhsm_without_its_configuration_is_not_called_unloadable(
    program: Program, softhsm: SoftHSM
) -> None:
    lost = {"SOFTHSM2_CONF": str(program.home / "gone.conf")}

    told = program.run("list", "--json", environment=lost).error

    assert told["code"] == "module-not-ready"


def test_a_file_that_is_no_module_is_still_called_unloadable(program: Program) -> None:
    text = program.home / "notes.so"
    text.write_text("no library")

    assert program.run("list", "--module", text, "--json").error["code"] == "module-not-loadable"
