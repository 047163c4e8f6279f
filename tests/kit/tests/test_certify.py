"""``lockwright-kit certify`` and ``compare``: from a token to settings of the simulator."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lockwright.audit import AuditTrail, verify
from lockwright.secret import Secret
from lockwright_testkit.acceptance import difference, questions
from lockwright_testkit.acceptance.probes.ask import ask
from lockwright_testkit.acceptance.record import Record
from lockwright_testkit.cli.app import main
from lockwright_testkit.pseudo_terminal import CTRL_C, Screen
from lockwright_testkit.raw import started
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

PIN, SO_PIN = "Kp7User-pin-1x", "Kp7so-pin-1234"
CHANGED: dict[str, Setting] = {
    "library.description": "changed",
    "slots.empty": 1,
    "sharing.violation": "0xb2",
    "firmware": "3.7",
    "rsa.max": 2048,
    "memory": 64000,
    "user.tries.max": 5,
    "tries.low": 0,
    "tries.linger": True,
    "user.policy.min": 6,
    "user.policy.max": 15,
    "user.policy.upper": 1,
    "user.policy.repeat": 2,
    "user.policy.sequence": 3,
    "user.policy.history": 3,
    "so.policy.min": 8,
    "so.policy.kinds": 3,
    "so.tries.max": 4,
    "attributes.unavailable": True,
    "attributes.most": 20,
    "id.unique": True,
}
"""Each other than the default of jacarta-pki."""
GROUPS: dict[str, Setting] = {
    "user.policy.lower": 2,
    "user.policy.alpha": 3,
    "user.policy.nonalpha": 1,
    "so.policy.kinds": 2,
    "so.policy.nonalpha": 2,
    "so.policy.history": 5,
}
"""Rules of kinds and of groups together, which overlap."""
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "simulator.md"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test in a folder of its own, and nobody to ask."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    for name, pin in (("pin", PIN), ("so", SO_PIN)):
        Path(name).touch(mode=0o600)
        Path(name).write_text(pin)


def arguments(serial: str, module: Path, *more: str) -> list[str]:
    pins = ["--pin-file", "pin", "--so-pin-file", "so"]
    return ["certify", "--token", serial, "--module", str(module), "--folder", "r", *pins, *more]


def certify(serial: str, module: Path, *more: str) -> int:
    return main(arguments(serial, module, "--confirm", serial, *more))


def compared(capsys: pytest.CaptureFixture[str], personality: str) -> dict[str, Any]:
    capsys.readouterr()
    main(["compare", "--json", "r", personality])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def code(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    capsys.readouterr()
    assert main([*given, "--json"]) != 0
    return str(json.loads(capsys.readouterr().out)["error"]["code"])


def outcomes() -> dict[str, str]:
    steps = json.loads(Path("r/report.json").read_text())["steps"]
    return {each["name"]: each["outcome"] for each in steps}


def serial_of(device: Simulator) -> str:
    return device.show()["slot0.serial"]


def as_pasted(settings: Mapping[str, object]) -> dict[str, str]:
    return {
        name: ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for name, value in settings.items()
    }


def test_every_changed_setting_is_found_on_a_token_that_is_told_apart_by_nothing_else(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN, settings=CHANGED)
    assert certify(serial_of(device), device.module, "--lock-so") == 0
    found = compared(capsys, "jacarta-pki")

    wanted = as_pasted(CHANGED)
    same = {name: found["settings"].get(name) for name in wanted}
    assert same == wanted
    delays = {name for name in found["settings"] if name.startswith("delay")}
    consequences = {"memory.unavailable", "id.unique.rv", "attributes.most.rv"}
    assert found["settings"].keys() - wanted.keys() <= consequences | delays
    assert found["left"] == {}


def test_rules_of_kinds_and_of_groups_are_told_apart(sim: SimulatorFactory) -> None:
    device = sim("jacarta-pro", user_pin=PIN, so_pin=SO_PIN, settings=GROUPS)
    seen: dict[str, str] = {}
    with Secret(PIN) as pin, Secret(SO_PIN) as so_pin:
        for step in ("user-rules", "so-rules"):
            seen |= ask(step, device.module, serial_of(device), pin, so_pin).seen

    rules = {name: value for name, value in seen.items() if ".policy." in name}
    none = {name: "0" for name in rules if name.rpartition(".")[2] not in {"min", "max"}}
    lengths = {name: value for name, value in rules.items() if name not in none}
    assert rules == none | lengths | as_pasted(GROUPS)
    assert {lengths["user.policy.min"], lengths["so.policy.min"]} == {"4"}


def test_a_changed_report_is_refused_and_the_record_is_an_audit_trail(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    settings: dict[str, Setting] = {
        "admin.key": "31323334",
        "response.wrong.rv": "0x5",
        "so.login.rv": "0x54",
    }
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN, settings=settings)
    assert certify(serial_of(device), device.module) == 0
    assert verify(Path("r/record.jsonl")).unfinished == ()
    report = json.loads(Path("r/report.json").read_text())
    answered = {each["question"]: each["answer"] for each in report["answers"]}
    assert answered["what a wrong Response returns"] == {"response.wrong.rv": "0x5"}
    assert "what `JC_PKI_WipeCard` returns where it is not allowed" in report["data_sheet"]
    assert report["versions"]["adapter"].startswith("lockwright-jacarta ")
    assert report["hooks"]["unblock"] == "not offered: the administrator is a key"
    found = compared(capsys, "jacarta-pki")["settings"]
    assert {name: found[name] for name in ("response.wrong.rv", "so.login.rv")} == {
        "response.wrong.rv": "0x5",
        "so.login.rv": "0x54",
    }
    for name in ("record.jsonl", "report.json", "report.md", "report.html"):
        text = Path("r", name).read_text()
        assert PIN not in text
        assert SO_PIN not in text
        assert serial_of(device) in text

    whole = json.dumps(report)
    Path("r/report.json").write_text(whole.replace('"id.unique": "no"', '"id.unique": "yes"', 1))
    assert code(capsys, "compare", "r", "plain") == "kit-report-changed"
    report["records"][3] = report["records"][3].replace("certify", "certifY")
    Path("r/report.json").write_text(json.dumps(report))
    assert main(["compare", "r", "plain"]) != 0
    assert "relied on: its record is not intact at line 4: it was changed." in (
        " ".join(capsys.readouterr().err.split())
    )
    Path("r/report.json").write_text("[]")
    assert code(capsys, "compare", "r", "plain") == "kit-report-changed"


def test_a_person_pulls_it_out_stops_and_goes_on_another_day(
    sim: SimulatorFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN, settings={"slot.moves": True})
    serial, command = serial_of(device), Path(sys.executable).with_name("lockwright-kit")
    given = ["certify", "--token", serial, "--module", str(device.module), "--folder", "r"]
    environment = {**device.environment, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    with Screen.running(command, *given, environment=environment, folder=tmp_path) as screen:
        screen.answers("Type its serial number to go on:", serial.lower())
        screen.answers("user PIN:", PIN)
        screen.answers("SO PIN:", SO_PIN)
        screen.answers("Pull the token out now. Enter goes on, stop ends it for now:", "stop")
        assert screen.ends().code == 1
        assert PIN not in screen.everything
    before = Path("r/record.jsonl").read_text()

    pins = ("--confirm", serial, "--pin-file", "pin", "--so-pin-file", "so", "--resume")
    with Screen.running(command, *given, *pins, environment=environment, folder=tmp_path) as screen:
        screen.reads("Pull the token out now.")
        screen.presses(CTRL_C)
        left = screen.ends()
    assert left.code == 1, "Ctrl-C stops it, too"
    assert "pull: cut short The report" in left.said
    assert "user-rules" not in outcomes(), "and nothing is done after it"

    with Screen.running(
        command, *given, "--resume", environment=environment, folder=tmp_path
    ) as screen:
        screen.answers("Type its serial number to go on:", serial)
        screen.answers("user PIN:", PIN)
        screen.answers("SO PIN:", SO_PIN)
        screen.answers("Pull the token out now.", "")
        screen.reads("Waiting until it is out")
        device.unplug()
        screen.answers("Put it back.", "")
        device.plug()
        left = screen.ends()
    assert left.code == 0, left.said
    assert Path("r/record.jsonl").read_text().startswith(before)
    report = json.loads(Path("r/report.json").read_text())
    assert report["seen"]["slot.moves"] == "yes"
    assert {each["name"]: each["outcome"] for each in report["steps"]}["contents"] == "ok"
    assert report["seen"]["user.tries.max"] == "10"
    assert compared(capsys, "jacarta-pki")["settings"]["slot.moves"] == "yes"


def test_killed_while_wrong_pins_are_counted_it_goes_on_with_the_pin_as_it_was(
    sim: SimulatorFactory, tmp_path: Path
) -> None:
    settings: dict[str, Setting] = {"user.tries.max": 8, "delay.C_Login": 100}
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN, settings=settings)
    serial, command = serial_of(device), Path(sys.executable).with_name("lockwright-kit")
    given = arguments(serial, device.module, "--confirm", serial)
    with subprocess.Popen([command, *given], cwd=tmp_path, stdin=subprocess.DEVNULL) as killed:
        while device.tries() > 6:
            assert killed.poll() is None
            time.sleep(0.02)
        killed.kill()
    device.set("delay.C_Login", "0")

    assert certify(serial, device.module, "--resume", "--without-hands") == 0

    report = json.loads(Path("r/report.json").read_text())
    assert report["seen"]["user.tries.max"] == "8"
    assert set(outcomes().values()) == {"ok", "skipped"}
    assert verify(Path("r/record.jsonl")).unfinished != (), "it is noted that it was cut short"
    assert device.tries() == 8
    with started(device.module) as module:
        assert module.login(module.open(module.slots()[0]), PIN) == 0


def test_what_a_crash_left_of_a_line_is_no_line_and_it_goes_on_in_a_record_that_is_intact(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN)
    serial, record = serial_of(device), Path("r/record.jsonl")
    assert certify(serial, device.module, "--without-so") == 0
    for left in (b'{"event":"intent","id":"', '{"Ключ'.encode()[:-1]):
        record.write_bytes(record.read_bytes() + left)
        assert certify(serial, device.module, "--resume", "--without-so") == 0
    assert len(verify(record).torn) == 2
    assert "personality" in compared(capsys, "jacarta-pki"), "the report is as its record"


def test_a_disk_that_is_full_tells_what_it_costs_and_what_is_begun_is_gone_on_with(
    sim: SimulatorFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A limit on the size of files stands for the full disk."""
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN)
    serial = serial_of(device)
    given = arguments(serial, device.module, "--confirm", serial, "--without-so")

    def full(room: int) -> dict[str, Any]:
        told = subprocess.run(
            [Path(sys.executable).with_name("lockwright-kit"), *given, "--json"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        )
        error: dict[str, Any] = json.loads(told.stdout)["error"]
        return error

    assert full(100)["code"] == "kit-folder"
    error = full(5000)
    assert error["code"] == "kit-acceptance-unnoted"
    assert error["cost"].startswith("What was noted stays.")
    assert code(capsys, *given) == "kit-acceptance-begun"
    with Record(Path("r")).alone():
        assert code(capsys, *given, "--resume") == "kit-acceptance-busy"
    assert main([*given, "--resume"]) == 0

    AuditTrail(Path("another/record.jsonl")).append({"event": "intent"})
    assert code(capsys, *given, "--folder", "another") == "kit-folder-taken"
    assert code(capsys, *given, "--folder", "another", "--resume") == "kit-nothing-to-resume"


def test_a_token_that_never_locks_says_so(
    softhsm: SoftHSM, capsys: pytest.CaptureFixture[str]
) -> None:
    added = softhsm.add_token("accepted", user_pin=PIN, so_pin=SO_PIN)
    assert certify(added.serial, softhsm.module) == 0
    found = compared(capsys, "plain")
    assert found["unlike"]["user.tries.max"][0] == "never locks"
    assert found["settings"]["model"] == "SoftHSM v2"
    # Every setting that a report says nothing of is named, of plain each with a reason of its own.
    assert found["unseen"].keys() >= {"pad.answer", "undestroyable", "so.tries.max", "slot.moves"}
    assert not [name for name, why in found["unseen"].items() if "vendor" in why]


def test_of_two_tokens_with_one_serial_number_the_other_is_not_touched(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    other = sim("jacarta-pki", label="other", serial="0B53001435596976")
    device = sim(
        "jacarta-pki", label=" Ключ", serial="0B53001435596976", user_pin=PIN, so_pin=SO_PIN
    )
    serial = serial_of(device)
    assert code(capsys, *arguments(serial, device.module, "--confirm", serial)) == "several-tokens"
    given = arguments(
        f"pkcs11:serial={serial};token={quote(' Ключ')}", device.module, "--confirm", serial
    )
    other.zero_counts()

    assert main([*given, "--without-so"]) == 0

    assert json.loads(Path("r/report.json").read_text())["seen"]["label"] == "Ключ"
    assert set(outcomes().values()) == {"ok", "skipped"}
    assert "C_Login" not in {name for name, count in other.counts().items() if count}
    device.set("label", "other")
    again = arguments(f"pkcs11:serial={serial}", device.module, "--confirm", serial, "--resume")
    assert code(capsys, *again) == "several-tokens"


def test_nothing_is_touched_before_the_serial_number_is_typed(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN)
    serial = serial_of(device)
    assert code(capsys, *arguments(serial, device.module)) == "kit-answers-missing"
    wrong = arguments(serial, device.module, "--confirm", "1234")
    assert code(capsys, *wrong) == "kit-not-confirmed"
    assert code(capsys, *wrong, "--resume") == "kit-nothing-to-resume"
    assert not Path("r").exists()
    assert "C_Login" not in {name for name, count in device.counts().items() if count}


@pytest.mark.parametrize("setting", ["pad", "write.protected"])
def test_a_token_that_no_program_can_ask_is_refused_at_once(
    setting: str, sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", settings={setting: True})
    assert code(capsys, *arguments(serial_of(device), device.module)) == "kit-token-unsuitable"


def test_a_wrong_so_pin_costs_one_try_of_three_and_is_mended_by_going_on(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN)
    serial = serial_of(device)
    Path("so").write_text("Another-so-9")
    assert certify(serial, device.module, "--lock-so", "--without-hands") == 1
    assert (device.tries("user"), device.tries("so")) == (10, 2)
    assert outcomes() == {
        **dict.fromkeys(("look", "operations", "contents", "attributes", "user-rules"), "ok"),
        "so-rules": "failed",
        **dict.fromkeys(("pull", "response", "tries", "unlock", "pins", "so-tries"), "skipped"),
    }
    assert "--resume" in capsys.readouterr().out

    Path("so").write_text(SO_PIN)
    assert certify(serial, device.module, "--resume", "--without-hands") == 0
    assert {name for name, word in outcomes().items() if word != "ok"} == {
        *("pull", "response", "so-tries")
    }
    assert device.tries("user") == 10


def test_a_wrong_pin_costs_one_try_and_ends_it_on_the_first_day_and_on_another(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    device = sim("jacarta-pki", user_pin=PIN, so_pin=SO_PIN)
    serial = serial_of(device)
    Path("pin").write_text("Another-pin-5")
    assert code(capsys, *arguments(serial, device.module, "--confirm", serial)) == "pin-incorrect"
    assert device.tries() == 9
    assert outcomes() == {"look": "ok", "operations": "failed"}

    Path("pin").write_text(PIN)
    assert certify(serial, device.module, "--resume", "--without-so") == 0
    Path("pin").write_text("Another-pin-5")
    again = arguments(serial, device.module, "--confirm", serial, "--resume")
    assert code(capsys, *again) == "pin-incorrect"
    assert device.tries() == 9
    assert outcomes()["tries"] == "skipped"


def test_the_questions_are_those_of_the_reference() -> None:
    part = REFERENCE.read_text().partition("## What a real token has yet to confirm")[2]
    part = part.partition("\n## ")[0]
    rows = [line.split("|")[2].strip() for line in part.splitlines() if line.startswith("| ")]
    assert rows.pop(0) == "open"
    assert [each.asks for each in questions.QUESTIONS] == rows


@pytest.mark.parametrize("personality", ["plain", "etoken", "jacarta-pro"])
def test_a_pin_that_is_made_for_a_token_keeps_its_rules(personality: str) -> None:
    rules = {"min": 6, "max": 9, "upper": 2, "special": -1, "digits": 1}
    seen = {f"user.policy.{name}": str(value) for name, value in rules.items()}
    pin = difference.fitting({**seen, "personality": personality}, "user")
    assert 6 <= len(pin) <= 9
    assert sum(map(str.isupper, pin)) >= 2
    assert any(map(str.isdigit, pin))
    assert pin.isalnum()
