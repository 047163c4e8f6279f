"""What only a vendor's own function does to a token, at the command line: a label, a PUK."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path

import pytest
import sample_adapter
from jsonschema import Draft202012Validator
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN, Personality, Simulator, register
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

PUK, NEW = "12121212", "Cellar-Note-58"
SAMPLE = Path(__file__).with_name("sample.c")
CHANGE = ("puk", "change", "--puk-file", "puk.pin", "--new-puk-file", "new.pin")
register(Personality("sample", "sample", source=SAMPLE))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    info = tmp_path / "site" / "lockwright_sample-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lockwright-sample\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lockwright]\nsample = sample_adapter:adapter\n")
    samples = Path(sample_adapter.__file__).parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (tmp_path / "site", samples))))
    made = Program(tmp_path)
    for name, value in (("user", USER_PIN), ("puk", PUK), ("new", NEW), ("weak", "12345678")):
        made.secret(f"{name}.pin", value)
    return made


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    made: Simulator = sim("sample", settings={"puk.pin": PUK})
    return made


def run(program: Program, token: Simulator, *words: str) -> Ended:
    return program.run(*words, "--module", token.module, "--json")


def check(name: str, ended: Ended) -> None:
    schema = json.loads((files("lockwright.cli") / "schemas" / f"{name}.json").read_text())
    Draft202012Validator(schema).validate(ended.document)


def test_a_label_is_given_with_the_user_pin_and_shown(program: Program, token: Simulator) -> None:
    done = run(program, token, "label", "Анна П.", "--pin-file", "user.pin")
    check("label", done)
    assert (done.document["was"], done.document["label"]) == ("simulated", "Анна П.")
    (shown,) = run(program, token, "tokens").document["tokens"]
    assert shown["label"] == "Анна П."
    again = run(program, token, "label", "A" * 33, "--pin-file", "user.pin")
    assert (again.code, again.error["code"]) == (4, "label-refused")


def test_a_puk_is_changed_by_whoever_knows_it(program: Program, token: Simulator) -> None:
    done = run(program, token, *CHANGE)
    check("puk-change", done)
    assert run(program, token, *CHANGE).error["code"] == "pin-incorrect"
    program.secret("puk.pin", NEW)
    program.secret("new.pin", "12345678")
    refused = run(program, token, *CHANGE)
    assert (refused.code, refused.error["code"]) == (6, "pin-refused")
    trail = program.audit.read_text()
    assert "lockwright_change_puk" in trail
    assert NEW not in trail


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (CHANGE, "not offered by the vendor"),
        (("label", "x", "--pin-file", "user.pin"), "not offered by the vendor"),
    ],
    ids=["puk", "label"],
)
def test_plain_pkcs11_has_neither_and_says_so_before_a_pin_is_read(
    program: Program, softhsm: SoftHSM, words: tuple[str, ...], told: str
) -> None:
    softhsm.add_token("Anna")
    (program.home / "puk.pin").unlink()
    ended = program.run(*words, "--token", "pkcs11:token=Anna")
    assert (ended.code, told in " ".join(ended.err.split())) == (12, True), ended.err
