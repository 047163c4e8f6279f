"""What is advised is what helps: each line of advice is followed to its end, or is not there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from lockwright.errors import TooManyAnswers
from lockwright.explain import explain
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

SOFTHSM: dict[str, Setting] = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
FULL = Path("/dev/full")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    made.secret("so.pin", SO_PIN)
    made.secret("new.pin", "Kettle-Moss-42")
    return made


def configured(program: Program, text: str) -> None:
    (program.home / "lw.toml").write_text(text)


def run(program: Program, token: Simulator, *words: str) -> Ended:
    return program.run(*words, "--module", token.module)


# --- the state of a PIN ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ({"user.tries": 0}, "it is locked: unblock it with: lockwright unblock"),
        ({"user.tries": 1}, "--login --use-last-try"),
        ({"user.change": True}, "lockwright pin change"),
        ({}, "see them with --login."),
    ],
    ids=["locked", "last try", "to be changed", "in order"],
)
def test_a_listing_without_login_says_how_to_see_the_rest(
    program: Program, sim: SimulatorFactory, state: dict[str, Setting], advice: str
) -> None:
    token = sim(settings={**SOFTHSM, **state})

    assert advice.removeprefix("it is ") in run(program, token, "list").err


def test_a_listing_of_a_token_without_a_pin_says_how_to_set_one(
    program: Program, sim: SimulatorFactory
) -> None:
    token = sim(settings=SOFTHSM, user_pin="")

    assert "set one with: lockwright unblock" in run(program, token, "list").err


def test_the_last_try_of_the_so_pin_is_not_advised_lightly(
    program: Program, sim: SimulatorFactory
) -> None:
    token = sim(settings={**SOFTHSM, "so.tries": 1})
    files = ("--so-pin-file", "so.pin", "--new-pin-file", "new.pin")

    told = run(program, token, "unblock", *files)

    assert told.code == 5
    assert "nobody unblocks this token any more" in told.err
    assert run(program, token, "unblock", *files, "--use-last-try").code == 0


# --- plugins -----------------------------------------------------------------------------------


def test_a_required_plugin_that_is_not_allowed_is_not_to_be_installed(
    program: Program, softhsm: SoftHSM
) -> None:
    configured(program, '[plugins]\nallow = ["softhsm"]\nrequire = ["jacarta"]\n')

    told = program.run("tokens", "--config", "lw.toml")

    assert told.code == 12
    assert "name it in plugins.allow" in told.err
    assert "Install it" not in told.err
    configured(program, '[plugins]\nallow = ["softhsm", "jacarta"]\nrequire = ["jacarta"]\n')
    assert program.run("tokens", "--config", "lw.toml").code == 0


def plugged(program: Program, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    """Install a plugin of one module, of the distribution acme 2.5."""
    site = program.home / "site"
    info = site / "acme-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text(f"[lockwright]\n{name} = plugged_{name}:adapter\n")
    (site / f"plugged_{name}.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(site))


ALIKE = """
from lockwright.adapter import StandardAdapter

class Alike(StandardAdapter):
    tokens = {"SoftHSM project": ("SoftHSM v2",)}
    own_settings = {"folder": str}

    def reserved(self, choice):
        return choice.own["folder"].encode()

adapter = Alike()
"""


def test_a_token_that_two_adapters_claim_is_not_said_to_have_none(
    program: Program, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = softhsm.add_token("Anna")
    plugged(program, monkeypatch, "alike", ALIKE)
    configured(program, '[plugins]\nallow = ["softhsm"]\n')

    told = program.run("list", "--json").error

    assert told["code"] == "token-contested"
    assert told["facts"] == {"serial": token.serial, "adapters": ["alike", "softhsm"]}
    assert "Allow only one of them" in told["advice"]
    assert program.run("list", "--config", "lw.toml").code == 0


def test_a_setting_that_an_adapter_needs_is_asked_for_by_name(
    program: Program, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch
) -> None:
    softhsm.add_token("Anna")
    plugged(program, monkeypatch, "alike", ALIKE)
    configured(program, '[plugins]\nallow = ["alike"]\n')

    told = program.run("list", "--module", softhsm.module, "--config", "lw.toml", "--json").error

    assert told["code"] == "configuration-broken"
    assert "the adapter needs the setting folder" in told["message"]


def test_a_plugin_that_does_not_load_is_told_where_its_tokens_would_be(
    program: Program, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged(program, monkeypatch, "torn", "import no_such_module\n")

    told = program.run("tokens")

    assert told.code == 0
    assert "Plugin torn cannot be used" in told.err


def test_doctor_says_where_a_broken_adapter_comes_from(
    program: Program, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ALIKE.replace("tokens = {", "tokens = {}; bogus = {").replace(
        "    def reserved",
        "    def lockwright_modules(self, settings):\n        raise OSError\n\n    def reserved",
    )
    plugged(program, monkeypatch, "alike", code)

    checks = program.run("doctor", "--json").document["checks"]
    (broken,) = [each for each in checks if each["status"] == "fail"]

    assert "alike" in broken["message"]
    assert "acme 2.5" in broken["advice"]
    assert "lockwright doctor" not in broken["advice"]


def test_where_no_adapter_is_loaded_nobody_is_told_to_insert_a_token(
    program: Program, softhsm: SoftHSM
) -> None:
    softhsm.add_token("Anna")
    configured(program, "[plugins]\nallow = []\n")

    told = program.run("tokens", "--config", "lw.toml").err

    assert "The configuration does not allow plugins that are installed" in told
    assert "name that in plugins.allow" in told
    assert "Insert" not in told


def test_a_table_of_no_adapter_is_told(program: Program, softhsm: SoftHSM) -> None:
    configured(program, '[adapters.softhms]\nbinding = "pykcs11"\n')

    checks = program.run("doctor", "--config", "lw.toml", "--json").document["checks"]

    assert [each["status"] for each in checks if "softhms" in each["message"]] == ["warn"]


REFUSING = """
from lockwright.adapter import StandardAdapter

class Refusing(StandardAdapter):
    tokens = {"Acme": ("Refusing",)}
    not_offered = {"unblock": "the bank's own programme does it"}

adapter = Refusing()
"""


def test_why_a_token_is_not_unblocked_is_told(
    program: Program, sim: SimulatorFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sim(settings={"manufacturer": "Acme", "model": "Refusing"})
    plugged(program, monkeypatch, "refusing", REFUSING)

    told = run(program, token, "unblock", "--so-pin-file", "so.pin", "--json").error

    assert told["code"] == "not-offered"
    assert "the bank's own programme does it" in told["message"]


# --- the command line --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "named"),
    [(("pin",), "change"), (("policy",), "show, check, set"), (("--json", "policy"), "check")],
)
def test_a_group_without_a_command_names_its_commands(
    program: Program, words: tuple[str, ...], named: str
) -> None:
    told = program.run(*words)

    assert told.code == 2
    assert named in told.err + told.out
    assert len((told.err + told.out).splitlines()) < 20
    assert "Usage" not in told.err


@pytest.mark.parametrize("option", ["--label", "--subject", "--token"])
def test_bytes_that_are_no_text_are_the_callers_fault(
    program: Program, softhsm: SoftHSM, option: str
) -> None:
    softhsm.add_token("Anna")
    words = ["enroll", "--csr-out", "-", "--subject", "CN=a", "--pin-file", "user.pin"]

    told = program.run(*words, option, os.fsdecode(b"\xff\xfe"))

    assert told.code == 2
    assert f"'{option}'" in told.err
    assert "no text" in told.err


def test_a_certificate_file_that_is_not_there_is_no_broken_certificate(program: Program) -> None:
    told = program.run("enroll", "--certificate", "gone.pem", "--json")

    assert told.code == 14
    assert told.error["code"] == "file-not-read"
    assert "gone.pem" in told.error["message"]


def test_a_missing_trust_anchor_is_told_as_a_missing_file(
    program: Program, softhsm: SoftHSM
) -> None:
    (program.home / "one.pem").write_bytes(pem(TestCa.root().certificate))

    told = program.run("enroll", "--certificate", "one.pem", "--trust", "gone.pem", "--json")

    assert told.code == 14
    assert told.error["facts"]["file"] == "gone.pem"


# --- output ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "koi8-r"])
@pytest.mark.parametrize("command", ["tokens", "doctor"])
def test_letters_that_the_terminal_has_not_never_end_a_command(
    softhsm: SoftHSM, program: Program, encoding: str, command: str
) -> None:
    softhsm.add_token("Анна ₽")
    environment = {**program.environment, "PYTHONIOENCODING": encoding, "LANG": "ru_RU.UTF-8"}

    done = subprocess.run(
        [program.path, command],
        env=environment,
        cwd=program.home,
        capture_output=True,
        check=False,
    )

    said = (done.stdout + done.stderr).decode(encoding)
    assert done.returncode == 0, said
    assert "\\u20bd" in said
    spoken = "токен" if encoding == "koi8-r" else "token"
    assert spoken in said.lower()


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", [("--help",), ("--version",), ("pin", "--help"), ("plugins",)])
@pytest.mark.parametrize("buffered", ["", "1"])
def test_a_full_disk_is_told_as_such(
    program: Program, words: tuple[str, ...], buffered: str
) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [program.path, *words],
            env={**program.environment, "PYTHONUNBUFFERED": buffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 14
    assert "the disk is full" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
def test_a_note_that_nobody_hears_does_not_undo_the_answer(
    program: Program, softhsm: SoftHSM
) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [program.path, "tokens"],
            env=program.environment,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            check=False,
        )

    assert done.returncode == 0
    assert "Blank" in done.stdout


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 5, 21])
def test_a_number_of_requests_needs_no_plural(number: int) -> None:
    told = explain(TooManyAnswers(number=number, whom="anna")).message

    assert f"{number};" in told
    assert "Requests were" not in told
