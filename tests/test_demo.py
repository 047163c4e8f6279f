"""The demo's stories are true: what they tell is looked up on the tokens by other programs."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from expired import serving
from lockwright_testkit.sim.simulator import VARIABLE
from lockwright_testkit.waiting import until
from story import NEW_PIN, OLD_PIN, Story
from words import russian

DEMO = Path(__file__).parent.parent / "examples" / "demo"
WIDTH = 96
OK, INCORRECT, NO_MEMORY = "0x0", "0xa0", "0x31"

pytestmark = pytest.mark.timeout(600)


def demo(home: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start the demo for somebody whose home and temporary files are in ``home``."""
    environment = os.environ | {"TMPDIR": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, DEMO, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@dataclass(frozen=True)
class Told:
    """An act that was told, and the folder that it left."""

    text: str
    folder: Path
    name: str
    module: str

    @classmethod
    def act(cls, home: Path, act: str, name: str, module: str, language: str = "en") -> Told:
        folder = home / "kept"
        with demo(home, act, "--keep", folder, "--lang", language) as telling:
            text, _err = telling.communicate()
        assert telling.returncode == 0, text
        long = [line for line in text.splitlines() if len(line) > WIDTH]
        assert [line for line in long if len(line.split()) > 1] == []  # a path is not broken
        return cls(text, folder, name, module)

    @property
    def computer(self) -> Path:
        return self.folder / self.name

    def calls(self) -> Iterator[tuple[str, str]]:
        """Every call of the token's module by any program: the function, what it returned."""
        trace = self.folder / f"{self.name}-token" / "trace"
        for line in trace.read_text().splitlines():
            yield tuple(line.split()[4:6])  # type: ignore[misc]  # two words of the line

    def tool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """OpenSC's tool, on the token as the act left it."""
        return subprocess.run(
            ["pkcs11-tool", "--module", self.computer / self.module, *arguments],
            env=os.environ | {VARIABLE: str(self.folder / f"{self.name}-token")},
            capture_output=True,
            text=True,
            check=False,
        )

    def opens(self, pin: str) -> bool:
        """Whether a PIN opens the token."""
        return self.tool("--login", "--pin", pin, "--list-objects").returncode == 0

    def objects(self, pin: str) -> set[tuple[str, str]]:
        """The token's objects: class, label."""
        listed = self.tool("--login", "--pin", pin, "--list-objects").stdout
        return set(re.findall(r"^(\w+(?: Key)?) Object;.+\n  label: +(.+)$", listed, re.MULTILINE))

    def openssl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.computer, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def signature_is_good(self) -> bool:
        """Whether the signature that the act left fits the certificate that is on the token."""
        self.openssl("x509", "-in", "certificate.der", "-noout", "-pubkey", "-out", "its.pem")
        check = ("-verify", "its.pem", "-signature", "payment.sig", "payment.txt")
        return self.openssl("dgst", "-sha256", *check) == "Verified OK"

    def records_hold_none_of(self, *secrets: str) -> None:
        """No audit trail of any computer holds one of these."""
        trails = [file.read_text() for file in self.folder.rglob("audit.jsonl")]
        assert len(trails) > 1
        assert [secret for secret in secrets for trail in trails if secret in trail] == []


def test_a_narrow_terminal_gets_one_column_below_the_other() -> None:
    """What the two sides say stays apart; no line is longer than the terminal."""
    telling = (
        f"import sys; sys.path.insert(0, {str(DEMO)!r}); import screen\n"
        "screen.title('1. A locked JaCarta, unblocked over the telephone')\n"
        "screen.paragraph('Anna\\'s screen is on the left. She chooses a new PIN. ' * 2)\n"
        "screen.heads('Anna', 'The help desk')\n"
        "screen.LEFT.command('anna$ ', 'lockwright unblock --remote --module ./some-module.so')\n"
        "screen.spoken('Anna reads out the Request', to_the_right=True)\n"
        "screen.RIGHT.write('Check: enroll shock, or in digits: 0346 0845')\n"
        "screen.spoken('The help desk reads out the Response', to_the_right=False)\n"
    )
    wide, narrow = (
        subprocess.run(
            [sys.executable, "-c", telling],
            env=os.environ | {"COLUMNS": str(columns), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for columns in (96, 45)
    )
    assert max(map(len, wide)) > 80
    assert max(map(len, narrow)) <= 45
    assert next(line.strip() for line in narrow if "help desk" in line) == "│ The help desk"
    assert "   anna$ lockwright unblock --remote \\" in narrow
    assert " │ Check: enroll shock, or in digits:" in " ".join(narrow)


def test_a_locked_jacarta_is_unblocked_and_its_old_key_signs(tmp_path: Path) -> None:
    told = Told.act(tmp_path, "blocked", "anna", "libjcPKCS11-2.so")
    calls = list(told.calls())

    assert "user.tries.max = 3" in (told.folder / "anna-token" / "device.conf").read_text()
    assert [answer for name, answer in calls if name == "C_Login"][-4:] == [*[INCORRECT] * 3, OK]
    request = calls.index(("JC_PKI_GetChallenge", OK))
    assert calls[request + 1] == ("JC_PKI_UnlockUserPinWithResponse", OK)
    assert not [name for name, _answer in calls[request:] if name == "C_CreateObject"]
    assert told.opens(NEW_PIN)
    assert not told.opens(OLD_PIN)
    assert told.signature_is_good()
    (response,) = re.findall(r"Response: ((?:[0-9A-F]{4} ){4}\w+)", told.text)
    told.records_hold_none_of(OLD_PIN, NEW_PIN, response, response.replace(" ", ""))


def test_a_call_goes_from_the_page_to_a_new_pin(tmp_path: Path) -> None:
    """The desk's own demo is behind it, so its token and its files are gone with it."""
    told = Told.act(tmp_path, "called", "petrova", "", "ru")

    assert "0B53001435596971" in told.text
    assert "получилось" in told.text
    (response,) = re.findall(r"Ответ: ((?:[0-9A-F]{4} ){4}\w+)", told.text)
    trail = (told.computer / "audit.jsonl").read_text()
    assert [each for each in (NEW_PIN, response, response.replace(" ", "")) if each in trail] == []
    assert [each for each in tmp_path.iterdir() if each.name != "kept"] == []


def test_a_full_token_is_cleaned_container_by_container(tmp_path: Path) -> None:
    told = Told.act(tmp_path, "full", "boris", "libjcPKCS11-2.so", "ru")
    calls = list(told.calls())

    full, *later = [at for at, (name, _) in enumerate(calls) if name == "C_GenerateKeyPair"][-2:]
    assert calls[full][1] == NO_MEMORY
    assert [calls[at][1] for at in later] == [OK]
    gone = [at for at, call in enumerate(calls) if call == ("C_DestroyObject", OK)]
    assert len(gone) == 3 + 2 + 3
    assert full < min(gone) < max(gone) < later[0]
    assert told.objects(OLD_PIN) == {
        *((kind, "work 2026") for kind in ("Private Key", "Public Key", "Certificate")),
        *((kind, "Boris Orlov") for kind in ("Private Key", "Public Key")),
    }
    assert told.signature_is_good()


def test_an_expired_certificate_is_replaced_at_the_desk(tmp_path: Path) -> None:
    told = Told.act(tmp_path, "expired", "maria", "libeToken.so")
    names = [name for name, _answer in told.calls()]

    for step in ("Making the key pair", "Ordering the certificate", "Removing the old container"):
        assert re.search(rf"^ +{step}: \d+\.\d s$", told.text, re.MULTILINE), step
    assert told.objects(OLD_PIN) == {
        (kind, "maria") for kind in ("Private Key", "Public Key", "Certificate")
    }
    proved, removed = (
        names.index("C_CreateObject", names.index("C_Sign")),
        names.index("C_DestroyObject"),
    )
    assert "C_Sign" in names[proved:removed]
    assert told.signature_is_good()
    desk = told.folder / "desk"
    assert told.openssl("verify", "-CAfile", str(desk / "ca.pem"), "certificate.der")
    serial = told.openssl("x509", "-in", "certificate.der", "-noout", "-serial").lower()
    with closing(sqlite3.connect(desk / "desk.db")) as database:
        issued = database.execute("SELECT * FROM certificates").fetchall()
    assert serial.removeprefix("serial=").lstrip("0") in str(issued)
    (password,) = re.findall(r"((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})", told.text)
    told.records_hold_none_of(OLD_PIN, password, password.replace("-", ""))


def test_nothing_goes_without_a_ticket_and_a_second_person(tmp_path: Path) -> None:
    told = Told.act(tmp_path, "wrappers", "anna", "libjcPKCS11-2.so")

    assert told.objects(OLD_PIN) == {
        (kind, "work") for kind in ("Private Key", "Public Key", "Certificate")
    }
    refused = re.findall(r"^ +\((exit code \d+), as it should be\)", told.text, re.MULTILINE)
    assert refused == ["exit code 41", "exit code 40", "exit code 40"]
    copy = [json.loads(line) for line in (told.computer / "copy.jsonl").read_text().splitlines()]
    gone = [each["outcome"] for each in copy if each["hook"] == "lockwright_delete"]
    assert gone == ["error", "error", "ok"]
    consents = told.folder / "shared" / "consents"
    assert len(list(consents.glob("*.used"))) == len(list(consents.glob("*.consent"))) == 1
    assert list((told.folder / "shared" / "spool").glob("*.record")) == []
    told.records_hold_none_of(OLD_PIN)


def test_all_that_is_told_is_told_in_russian() -> None:
    calls = r"""\b(?:act|tell|frame|spoken|columns|said)\(\s*(["'])(.+?)\1"""
    told = [re.findall(calls, act.read_text("utf-8")) for act in DEMO.glob("*.py")]

    assert {title for titles in told for _quote, title in titles} == set(russian())


def test_ctrl_c_ends_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path, "expired") as telling:
        assert telling.stdout is not None
        for line in telling.stdout:
            if "Serving EST" in line:
                break
        (folder,) = tmp_path.iterdir()
        os.killpg(telling.pid, signal.SIGINT)  # as a terminal does
        said = telling.stdout.read()

    assert telling.returncode == 130, said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    # A vendor's host sees that its parent is gone, and ends.
    until(lambda: not [each for each in processes() if str(folder) in each])


def test_a_desk_that_does_not_start_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Story(tmp_path).computer("desk")
    desk.quietly("lockwright-desk init")
    file = desk.home / "desk.toml"
    file.write_text(file.read_text().replace("127.0.0.1", "192.0.2.1", 1))

    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"), serving(desk):
        pass


def processes() -> Iterator[str]:
    """The command line and the environment of every process."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (process / "cmdline").read_text() + (process / "environ").read_text()
