"""openCryptoki's soft token, accepted by a person at a terminal, with its real lock-out.

From the adapter that ``lockwright-kit new`` writes to its evidence, in the namespace of ``make
real`` (``make certify-real``, package ``opencryptoki``).
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright_testkit.acceptance.record import Record
from lockwright_testkit.pki import TestCa, key_pem, pem
from lockwright_testkit.pseudo_terminal import Screen
from lockwright_testkit.raw import started
from lockwright_testkit.waiting import runs, until
from soft_token import PIN, PLACES, SO_PIN, make, renew, serial

SERVICE, SOCKET = Path("/run/pkcsslotd.pid"), Path("/run/pkcsslotd.socket")
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Desk:
    """Where a person sits: a folder, and the adapter installed that they wrote."""

    folder: Path
    project: Path

    @property
    def environment(self) -> Mapping[str, str]:
        home = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return {**home, "PYTHONPATH": str(self.project / "src")}

    def runs(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAMS / program, *words],
            env=self.environment,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def sits_down_to(self, *words: str) -> Screen:
        return Screen.running(
            PROGRAMS / "lockwright-kit", *words, environment=self.environment, folder=self.folder
        )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ock") / "swtok"
    make(folder)
    return folder


@pytest.fixture
def desk(tmp_path: Path, kept: Path) -> Desk:
    """The token as it was made, and the adapter that the kit writes from its strings."""
    renew(kept)
    made = Desk(tmp_path, tmp_path / "lockwright-opencryptoki")
    done = made.runs(
        "lockwright-kit",
        *("new", "openCryptoki", "--module", PLACES[0], "--from-token", "--author", "Anna"),
    )
    assert done.returncode == 0, done.stderr
    folder = made.project / "src" / "lockwright_opencryptoki-0.1.0.dist-info"
    folder.mkdir()  # as pip writes it
    (folder / "METADATA").write_text("Name: lockwright-opencryptoki\nVersion: 0.1.0\n")
    (folder / "entry_points.txt").write_text(
        "[lockwright]\nopencryptoki = lockwright_opencryptoki:adapter\n"
    )
    return made


def stop_service() -> None:
    """As if the token was pulled out: without its service the module shows none."""
    process = int(SERVICE.read_text())
    os.kill(process, signal.SIGKILL)  # while a program is attached it takes no other
    until(lambda: not runs(process))
    SOCKET.unlink(missing_ok=True)


def start_service() -> None:
    subprocess.run(["pkcsslotd"], check=True)
    until(SOCKET.exists)


def opened(pin: str, user: CKU) -> tuple[int, int]:
    """What ``C_Login`` returns, and the token's flags after it."""
    with started(PLACES[0]) as module:
        (slot,) = module.slots()
        rv = module.login(module.open(slot), pin, user)
        return rv, int(module.token_info(slot).flags)


def pins(desk: Desk) -> tuple[str, ...]:
    """The PINs in files, as options."""
    for name, pin in (("user", PIN), ("so", SO_PIN)):
        (desk.folder / name).touch(mode=0o600)
        (desk.folder / name).write_text(pin)
    return "--pin-file", "user", "--so-pin-file", "so"


def test_a_person_accepts_it_over_two_days_and_its_adapter_gets_the_signed_report(
    desk: Desk,
) -> None:
    number = serial()
    with desk.sits_down_to("certify", "--token", number) as screen:
        screen.answers("Type its serial number to go on:", number)
        screen.answers("user PIN:", PIN)
        screen.answers("SO PIN:", SO_PIN)
        screen.answers("Pull the token out now. Enter goes on, stop ends it for now:", "stop")
        left = screen.ends()
    assert left.code == 1, left.said
    assert "certify --resume" in left.said

    with desk.sits_down_to("certify", "--token", number, "--resume") as screen:
        screen.answers("Type its serial number to go on:", number)
        screen.answers("user PIN:", PIN)
        screen.answers("SO PIN:", SO_PIN)
        screen.answers("Pull the token out now.", "")
        screen.reads("Waiting until it is out")
        stop_service()
        screen.answers("Put it back.", "")
        start_service()
        left = screen.ends()
        shown = screen.everything
    assert left.code == 0, left.said
    folder = desk.folder / f"certify-{number}"
    report = json.loads((folder / "report.json").read_text())
    assert_what_the_token_did(report)
    assert_that_people_can_read_it(folder, report, shown)
    assert opened(PIN, CKU.USER)[0] == opened(SO_PIN, CKU.SO)[0] == 0, "it is as it was"

    assert_that_the_simulator_can_be_made_like_it(desk, folder)
    assert_that_the_adapter_takes_the_report(desk, folder)


def assert_what_the_token_did(report: Mapping[str, Any]) -> None:
    outcomes = {each["name"]: each["outcome"] for each in report["steps"]}
    assert outcomes.pop("response") == "skipped"
    assert set(outcomes.values()) == {"ok"}, report["steps"]
    seen = {
        name: report["seen"][name]
        for name in ("user.tries.max", "user.wrong.rv", "tries.low", "user.policy.max")
    }
    assert seen == {
        "user.tries.max": "3",
        "user.wrong.rv": f"{CKR.PIN_INCORRECT:#x}",
        "tries.low": "0",
        "user.policy.max": "8",
    }
    measured = {each["step"]: each for each in report["measured"]}
    assert measured["tries"]["functions"]["C_Login"]["calls"] == 3
    operations = measured["operations"]["operations"] | measured["pins"]["operations"]
    assert operations.keys() >= {"find", "list", "key and request", "delete", "unblock"}
    assert min(operations.values()) > 0
    assert report["versions"]["module"] == "IBM, Meta PKCS11 LIBRARY, 3.8"
    assert report["versions"]["adapter"] == "lockwright-opencryptoki 0.1.0"
    assert report["hooks"]["unblock"] == "standard"
    assert report["simulated"] is False


def assert_that_people_can_read_it(folder: Path, report: Mapping[str, Any], shown: str) -> None:
    markdown, page = ((folder / f"report.{kind}").read_text() for kind in ("md", "html"))
    for text in (markdown, page):
        assert "user.tries.max" in text
        assert report["end"]["hash"] in text
    assert "| user.tries.max | 3 |" in markdown
    assert re.search("<td>user.tries.max</td><td>3</td>", page)
    for text in (markdown, page, shown, (folder / "record.jsonl").read_text()):
        assert PIN not in text
        assert SO_PIN not in text


def assert_that_the_simulator_can_be_made_like_it(desk: Desk, folder: Path) -> None:
    done = desk.runs("lockwright", "audit", "verify", "--file", folder / "record.jsonl")
    assert done.returncode == 0, done.stdout
    done = desk.runs("lockwright-kit", "compare", folder, "plain", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["left"] == {}
    pasted = {name: told["settings"].get(name) for name in ("model", "user.tries.max")}
    assert pasted == {"model": "IBM SoftTok", "user.tries.max": "3"}
    settings = [f"--set={name}={value}" for name, value in told["settings"].items()]
    done = desk.runs("lockwright-sim", "new", desk.folder / "like-it", *settings)
    assert done.returncode == 0, done.stderr


def assert_that_the_adapter_takes_the_report(desk: Desk, folder: Path) -> None:
    bank = TestCa.root("CN=Demo Bank")
    signer = bank.speaker("CN=Anna Petrova")
    (desk.folder / "bank.pem").write_bytes(pem(bank.certificate))
    (desk.folder / "anna.pem").write_bytes(pem(signer.certificate) + key_pem(signer.key))
    sign: list[str | Path] = ["openssl", "cms", "-sign", "-binary", "-in", folder / "report.json"]
    sign += ["-signer", desk.folder / "anna.pem", "-outform", "DER"]
    subprocess.run([*sign, "-out", folder / "report.json.p7s"], check=True, capture_output=True)
    project = ("--folder", desk.project, "--ca", "bank.pem")
    # It is software: nothing in a report tells that, so whoever adds it does.
    done = desk.runs("lockwright-kit", "evidence", "add", folder, "--kind", "software", *project)
    assert done.returncode == 0, done.stderr
    done = desk.runs("lockwright-kit", "tier", *project)
    assert done.returncode == 0, done.stdout
    plugins = json.loads(desk.runs("lockwright", "plugins", "--json").stdout)["plugins"]
    evidence = next(each["evidence"] for each in plugins if each["name"] == "opencryptoki")
    (token,) = evidence["tested"]
    assert (token["token"], token["kind"]) == (f"IBM SoftTok {serial()}", "software")
    assert token["signer"] == "CN=Anna Petrova"
    assert {token["hooks"][hook] for hook in ("sign", "store", "unblock", "change_pin")} == {
        "works"
    }


def test_cut_short_with_its_pin_locked_it_is_unlocked_first_and_counted_again(desk: Desk) -> None:
    number = serial()
    given = (*pins(desk), "--token", number, "--confirm", number)
    assert desk.runs("lockwright-kit", "certify", *given).returncode == 0
    cut = Record(desk.folder / "cut")
    cut.path.parent.mkdir(mode=0o700)
    steps: dict[str, str] = {}
    for text in (desk.folder / f"certify-{number}" / "record.jsonl").read_text().splitlines():
        line = json.loads(text)
        if line["event"] == "certify":
            cut.begin(line["facts"])
        elif line["event"] == "intent":
            steps[line["step"]] = cut.step(line["step"], number)
            if line["step"] == "tries":
                break
        else:
            cut.ended(line["step"], steps[line["step"]], line["outcome"], line["facts"])
    while not opened("wrong-p1", CKU.USER)[1] & CKF.USER_PIN_LOCKED:
        pass

    done = desk.runs("lockwright-kit", "certify", *given, "--folder", "cut", "--resume")

    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads((desk.folder / "cut" / "report.json").read_text())
    assert report["seen"]["user.tries.max"] == "3"
    assert opened(PIN, CKU.USER)[0] == 0


def test_its_so_pin_is_locked_for_good_only_where_that_was_asked_for(desk: Desk) -> None:
    number = serial()
    given = (*pins(desk), "--token", number, "--confirm", number)
    done = desk.runs("lockwright-kit", "certify", *given)
    assert done.returncode == 0, done.stderr + done.stdout
    assert opened(SO_PIN, CKU.SO)[0] == 0

    done = desk.runs("lockwright-kit", "certify", *given, "--resume", "--lock-so")

    assert done.returncode == 0, done.stderr + done.stdout
    assert "cannot be used by a bank any more" in done.stderr
    report = json.loads((desk.folder / f"certify-{number}" / "report.json").read_text())
    rv, flags = opened(SO_PIN, CKU.SO)
    assert rv == CKR.PIN_LOCKED
    assert flags & (CKF.USER_PIN_LOCKED << 4)
    assert report["seen"]["so.tries.max"] == "3"
